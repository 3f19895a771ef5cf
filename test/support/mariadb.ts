import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { leaveOut } from "./leaveOut";

const MISSING = "mariadbd is not installed (apt-get install mariadb-server-core)";

/** A throw-away MariaDB server that stands in for an Aurora cluster: one folder, one socket, TLS. */
export interface MariaDb {
  /** Logs in. Rejects as the server refuses. @param tls whether to ask for it. @default true */
  connect(user: string, password: string, tls?: boolean): Promise<Connection>;
  /** As a user whom Aurora keeps for itself. */
  asRoot(): Promise<Connection>;
  /** Ends it in good order and starts it again: sessions and what was only set are gone. */
  restart(): Promise<void>;
  /** The same without any order, as when a machine fails: what was committed is there again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** PEM file of the certificate that vouches for the server. */
  certificateFile: string;
  /** Where it listens on this machine; 0 when it does not. */
  port: number;
}

export interface MariaDbOptions {
  /** Host name in its certificate. @default localhost */
  hostName?: string;
  /** Whether it listens on a port of this machine too. @default false */
  listens?: boolean;
  /** Whether what is committed survives a crash, as in Aurora. @default false, which is faster */
  durable?: boolean;
}

/** The user that Aurora gives its customers. */
export const MASTER = { username: "paymentsmaster", password: "master-password" };

/**
 * Starts a server. Where none is installed the tests that need it are left out, with a line that says
 * so; they fail where all tests are required.
 */
export async function startMariaDb(context: Mocha.Context, leftOut: string): Promise<MariaDb> {
  return (await launchMariaDb()) ?? leaveOut(context, leftOut, MISSING);
}

/** Starts a server; undefined where none is installed. */
export async function launchMariaDb(options: MariaDbOptions = {}): Promise<MariaDb | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "mariadb-"));
  try {
    await install(folder, options.hostName ?? "localhost");
  } catch (error) {
    rmSync(folder, { recursive: true });
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
  const port = options.listens ? await freePort() : 0;
  const start = () => startServer(folder, port, options.durable ?? false);
  const again = async (signal: NodeJS.Signals) => {
    await end(server, signal);
    server = await start();
  };
  let server = await start();
  const root = await connectAsRoot(folder);
  for (const statement of likeAurora()) await root.query(statement);
  await root.end();
  const certificateFile = join(folder, "certificate.pem");
  return {
    connect: (user, password, tls = true) =>
      createConnection({
        socketPath: join(folder, "socket"),
        user,
        password,
        ...(tls && { ssl: { ca: readFileSync(certificateFile) } }),
      }),
    asRoot: () => connectAsRoot(folder),
    restart: () => again("SIGTERM"),
    crash: () => again("SIGKILL"),
    stop: async () => {
      // Without ceremony: an orderly end takes seconds.
      await end(server, "SIGKILL");
      rmSync(folder, { recursive: true });
    },
    certificateFile,
    port,
  };
}

/** One that nobody else has now: the server takes it again after a restart. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/**
 * Servers live outside a person's usual path; and two of them installed at the same time would take
 * each other's temporary tables for their own.
 */
function environment(folder: string): NodeJS.ProcessEnv {
  const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  return { ...process.env, PATH, TMPDIR: folder };
}

/** Neither settings of this machine, nor another server's files. */
function settings(folder: string): string[] {
  return ["--no-defaults", `--datadir=${join(folder, "data")}`, `--user=${userInfo().username}`];
}

async function install(folder: string, hostName: string): Promise<void> {
  const run = promisify(execFile);
  const installing = run(
    "mariadb-install-db",
    [...settings(folder), "--auth-root-authentication-method=normal", "--skip-test-db"],
    { env: environment(folder) },
  );
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-days", "2", "-subj", `/CN=${hostName}`, "-keyout", key, "-out", certificate];
  const certifying = run("openssl", ["req", "-x509", ...curve, ...(files as string[])]);
  // Both have ended before the folder goes.
  const [installed, certified] = await Promise.allSettled([installing, certifying]);
  for (const outcome of [installed, certified])
    if (outcome.status === "rejected") throw outcome.reason;
}

async function startServer(folder: string, port: number, durable: boolean): Promise<ChildProcess> {
  const server = spawn(
    "mariadbd",
    [
      ...settings(folder),
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
      ...(port > 0 ? ["--bind-address=127.0.0.1", `--port=${port}`] : ["--skip-networking"]),
      `--ssl-cert=${join(folder, "certificate.pem")}`,
      `--ssl-key=${join(folder, "key.pem")}`,
      // Like Aurora's when AWS DMS reads it.
      "--log-bin=binlog",
      "--binlog-format=ROW",
      "--server-id=1",
      // Elsewhere nothing has to survive.
      `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
      `--sync-binlog=${durable ? 1 : 0}`,
      "--innodb-buffer-pool-size=16M",
    ],
    { env: environment(folder), stdio: ["ignore", "ignore", "pipe"] },
  );
  // Where the tests end before they stop it.
  process.once("exit", () => {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve, reject) => {
    let output = "";
    server.stderr.on("data", (chunk) => {
      output += chunk;
      if (/ready for connections/.test(output)) resolve();
    });
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`mariadbd ended: ${output}`)));
  });
  return server;
}

function connectAsRoot(folder: string): Promise<Connection> {
  return createConnection({ socketPath: join(folder, "socket"), user: "root" });
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill(signal);
  await ended;
}

/** What Aurora MySQL 3 grants its master user, in MariaDB's words (Aurora's guide, master users). */
const MASTER_PRIVILEGES = [
  "ALTER",
  "ALTER ROUTINE",
  "CONNECTION ADMIN",
  "CREATE",
  "CREATE ROUTINE",
  "CREATE TEMPORARY TABLES",
  "CREATE USER",
  "CREATE VIEW",
  "DELETE",
  "DROP",
  "EVENT",
  "EXECUTE",
  "INDEX",
  "INSERT",
  "LOCK TABLES",
  "PROCESS",
  "REFERENCES",
  "RELOAD",
  "REPLICATION CLIENT",
  "REPLICATION SLAVE",
  "SELECT",
  "SHOW DATABASES",
  "SHOW VIEW",
  "TRIGGER",
  "UPDATE",
  // MySQL's CONNECTION_ADMIN includes it.
  "READ ONLY ADMIN",
];

/** A master user with Aurora's privileges, and the procedures of Aurora that we call. */
function likeAurora(): string[] {
  return [
    `CREATE USER ${MASTER.username}@'%' IDENTIFIED BY '${MASTER.password}' REQUIRE SSL`,
    `GRANT ${MASTER_PRIVILEGES.join(", ")} ON *.* TO ${MASTER.username}@'%' WITH GRANT OPTION`,
    // MariaDB's ALL on a schema has one more than MySQL's.
    `GRANT ALL PRIVILEGES ON awsdms_control.* TO ${MASTER.username}@'%' WITH GRANT OPTION`,
    "CREATE TABLE mysql.rds_settings (name VARCHAR(30) PRIMARY KEY, value INT)",
    "CREATE PROCEDURE mysql.rds_set_configuration(name VARCHAR(30), value INT) REPLACE INTO mysql.rds_settings VALUES (name, value)",
    "CREATE PROCEDURE mysql.rds_show_configuration() SELECT name, value FROM mysql.rds_settings",
    "CREATE PROCEDURE mysql.rds_set_read_only(value INT) SET GLOBAL read_only = value",
    "CREATE PROCEDURE mysql.rds_kill(session BIGINT) KILL session",
  ];
}

/** What only MariaDB calls otherwise in statements that are written for MySQL 8. */
export function inMariaDbsWords(sql: string): string {
  // Who may connect to a full server and end sessions is there another than who may write to a
  // read-only one; in MySQL one privilege allows both.
  return (
    sql
      .replace("GRANT CONNECTION_ADMIN ON", "GRANT CONNECTION ADMIN, READ ONLY ADMIN ON")
      // It shows what XA has prepared to everybody.
      .replace("GRANT XA_RECOVER_ADMIN ON", "GRANT USAGE ON")
  );
}

/** Rows of a result, each value as text; none of a statement that has no result. */
export async function rows(session: Connection, sql: string): Promise<string[][]> {
  const [result] = await session.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
  if (!Array.isArray(result)) return [];
  // A procedure's answer is a list of results, and how it ended.
  const [first] = result;
  const list = sql.startsWith("CALL") && Array.isArray(first) ? (first as unknown[][]) : result;
  return list.map((row) => row.map(String));
}
