import { setTimeout as pause } from "node:timers/promises";
import { awsPorts } from "./aws";
import { selfSignedCertificate } from "./certificate";
import { Database } from "./database";
import { LIMITS, type Limits } from "./limits";
import { createLog, writeLine } from "./log";
import { Metrics } from "./metrics";
import { listen } from "./server";
import type { Settings } from "./settings";

/** The payment service of one task. */
export interface Service {
  port: number;
  /**
   * Stops in order: readiness fails at once, so that nobody sends anything new; what comes all the same is
   * served for `limits.linger`; then requests in flight get `limits.drain` to end.
   */
  drain(): Promise<void>;
}

/** Begins to serve. Rejects when the port is taken; a database that is not there yet is waited for. */
export async function startService(
  settings: Settings,
  limits: Limits = LIMITS,
  write: (line: string) => void = writeLine,
): Promise<Service> {
  const { environment, color, writerParameter, databaseCaPem } = settings;
  const log = createLog(color, write);
  const metrics = new Metrics({ environment, color }, write);
  const aws = awsPorts(settings.region);
  const database = new Database(writerParameter, databaseCaPem, aws, limits, log);
  let draining = false;
  const tls = settings.tls ?? selfSignedCertificate(new Date());
  const around = { database, limits, log, isDraining: () => draining };
  const server = await listen(settings.port, tls, around, metrics);
  database.start();
  log("info", "serving", { port: server.port });
  return {
    port: server.port,
    async drain() {
      draining = true;
      log("info", "draining");
      await pause(limits.linger);
      await server.close(limits.drain);
      database.close();
      metrics.close();
      log("info", "drained");
    },
  };
}
