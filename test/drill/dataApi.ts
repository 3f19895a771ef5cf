import type { IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import { asMariaDbHasIt } from "../lambdas/switchover/cluster";
import { inMariaDbsWords } from "../support/mariadb";
import type { DrillCluster } from "./cluster";
import { JsonService, ServiceError } from "./jsonService";

/** What may go wrong with a call, decided for each. */
export type CallTrouble =
  /** It is refused, and nothing was done. */
  | "throttled"
  /** It is done, and the answer is lost. */
  | "answer-lost";

/** A cluster that takes statements, and the secret that says as whom they run. */
interface Served {
  cluster: DrillCluster;
  secretArn: string;
}

/** Sessions that are kept open, as the service keeps them. */
const MOST_IDLE = 16;
/** How long the service lets a statement run, in milliseconds. */
const STATEMENT_MILLISECONDS = 45_000;

/**
 * The RDS Data API, in its wire protocol: each statement runs in a session of the administrator on a
 * real server, with no state between two of them.
 */
export class DataApi extends JsonService {
  /** @default nothing goes wrong */
  troubleOf: (sql: string) => CallTrouble | undefined = () => undefined;
  /** Statements that run now. */
  running = 0;
  /** Statements that came since the beginning, and how many of them were spoilt. */
  readonly counts = { statements: 0, spoilt: 0 };
  private readonly served = new Map<string, Served>();
  private readonly idle = new Map<string, Connection[]>();

  serveCluster(cluster: DrillCluster, secretArn: string): void {
    this.served.set(cluster.arn, { cluster, secretArn });
  }

  override close(): void {
    super.close();
    for (const session of [...this.idle.values()].flat()) session.destroy();
  }

  protected async answer(
    incoming: IncomingMessage,
    body: { resourceArn: string; secretArn: string; sql: string },
  ): Promise<object | undefined> {
    if (incoming.url !== "/Execute")
      throw new ServiceError("BadRequestException", `${incoming.url} is not served`);
    const found = this.served.get(body.resourceArn);
    if (found === undefined)
      throw new ServiceError("BadRequestException", `no cluster ${body.resourceArn}`);
    if (found.secretArn !== body.secretArn)
      throw new ServiceError(
        "AccessDeniedException",
        "that is not the administrator's secret",
        403,
      );
    const trouble = this.troubleOf(body.sql);
    this.counts.statements += 1;
    if (trouble !== undefined) this.counts.spoilt += 1;
    if (trouble === "throttled") throw new ServiceError("ThrottlingException", "Rate exceeded");
    this.running += 1;
    const records = await this.execute(found.cluster, body.sql).finally(() => {
      this.running -= 1;
    });
    return trouble === "answer-lost" ? undefined : { records, numberOfRecordsUpdated: 0 };
  }

  private async execute(cluster: DrillCluster, sql: string): Promise<object[][]> {
    const session = await this.session(cluster);
    const timeout = new AbortController();
    try {
      const rows = await Promise.race([
        ask(session, inMariaDbsWords(asMariaDbHasIt(sql))),
        tooLong(timeout.signal),
      ]);
      this.keep(cluster, session);
      return rows.map((row) => row.map(fieldOf));
    } catch (error) {
      session.destroy();
      throw refusal(error);
    } finally {
      timeout.abort();
    }
  }

  private async session(cluster: DrillCluster): Promise<Connection> {
    const kept = this.idle.get(cluster.arn)?.pop();
    if (kept !== undefined) return kept;
    try {
      const session = await cluster.as("administrator");
      // One that the server ended is not used again.
      session.on("error", () => {
        const idle = this.idle.get(cluster.arn) ?? [];
        this.idle.set(
          cluster.arn,
          idle.filter((other) => other !== session),
        );
      });
      return session;
    } catch (error) {
      throw refusal(error);
    }
  }

  private keep(cluster: DrillCluster, session: Connection): void {
    const idle = this.idle.get(cluster.arn) ?? [];
    if (idle.length >= MOST_IDLE) session.destroy();
    else this.idle.set(cluster.arn, [...idle, session]);
  }
}

async function ask(session: Connection, sql: string): Promise<unknown[][]> {
  const [result] = await session.query({ sql, rowsAsArray: true });
  if (!Array.isArray(result)) return [];
  // A procedure's answer is a list of results, and how it ended.
  const [first] = result;
  const isNested = sql.startsWith("CALL") && Array.isArray(first) && Array.isArray(first[0] ?? []);
  return (isNested ? first : result) as unknown[][];
}

async function tooLong(signal: AbortSignal): Promise<never> {
  await pause(STATEMENT_MILLISECONDS, undefined, { signal, ref: false }).catch(() => {});
  throw new ServiceError("StatementTimeoutException", "the statement took longer than 45 s");
}

/** Every number as a text, as is asked for with `longReturnType`. */
function fieldOf(value: unknown): object {
  return value === null || value === undefined ? { isNull: true } : { stringValue: String(value) };
}

function refusal(error: unknown): Error {
  if (error instanceof ServiceError) return error;
  const { message, fatal, errno } = error as { message: string; fatal?: boolean; errno?: number };
  // In the words in which the service's driver tells of it.
  const isBroken = fatal === true || errno === undefined;
  const text = isBroken ? `Communications link failure; ${message}` : message;
  return new ServiceError("DatabaseErrorException", text);
}
