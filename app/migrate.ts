import { join } from "node:path";
import { awsPorts } from "./aws";
import { connect } from "./connect";
import { parseCredentials } from "./credentials";
import { LIMITS } from "./limits";
import { createLog, writeLine } from "./log";
import { migrate, readMigrations } from "./migrations";
import { readMigrationSettings, WrongEnvironment } from "./settings";

/** Run once for each cluster before a release needs its tables, that of the standby first. */
async function main(): Promise<void> {
  const { endpoint, secretArn, region, databaseCaPem } = readMigrationSettings(process.env);
  const migrations = readMigrations(join(__dirname, "migrations"));
  const credentials = parseCredentials(await awsPorts(region).readSecret(secretArn));
  const target = { endpoint, caPem: databaseCaPem, connectTimeout: LIMITS.connect };
  const connection = await connect(target, credentials);
  const ran = await migrate(connection, migrations);
  await connection.end();
  const log = createLog(process.env.PAYMENTS_COLOR ?? "", writeLine);
  const what = ran.length === 0 ? "nothing to do" : ran.join(", ");
  log("info", "migrated", { cluster: endpoint, migrations: what });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(error instanceof WrongEnvironment ? 2 : 1);
});
