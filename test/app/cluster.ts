import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { connect } from "../../app/connect";
import { migrate, readMigrations } from "../../app/migrations";
import { type DatabaseUser, USER_NAMES } from "../../lambdas/bootstrap/contract";
import {
  grantStatements,
  lockStatement,
  schemaStatements,
  userStatements,
} from "../../lambdas/bootstrap/statements";
import { inMariaDbsWords, MASTER, type MariaDb, rows, startMariaDb } from "../support/mariadb";
import { Bridge } from "./bridge";

export type Color = "blue" | "green";

export const MIGRATIONS = join(__dirname, "..", "..", "app", "migrations");

/** The name that the servers' certificates bear. */
export const ENDPOINT = "localhost";

/** A color's database, with the users and grants that production makes, and the way to it. */
export class Cluster {
  /** File of the certificate that vouches for the server. */
  caFile = "";
  private holdsCommits = false;

  private constructor(
    readonly color: Color,
    private readonly db: MariaDb,
    readonly root: Connection,
    readonly bridge: Bridge,
  ) {}

  /** Left out, or failed, where no server is installed. */
  static async start(context: Mocha.Context, leftOut: string, color: Color): Promise<Cluster> {
    const db = await startMariaDb(context, leftOut);
    const root = await db.asRoot();
    const [[socket = "", certificate = ""] = []] = await rows(root, "SELECT @@socket, @@ssl_cert");
    const bridge = new Bridge(socket);
    await bridge.open();
    const cluster = new Cluster(color, db, root, bridge);
    cluster.caFile = certificate;
    await cluster.prepare();
    return cluster;
  }

  async stop(): Promise<void> {
    this.root.destroy();
    await this.bridge.close();
    await this.db.stop();
  }

  get caPem(): string {
    return readFileSync(this.caFile, "utf8");
  }

  secretArn(user: DatabaseUser): string {
    return `arn:aws:secretsmanager:us-east-1:111122223333:secret:${this.color}-${user}-AbCdEf`;
  }

  /** As the rotation functions leave it. */
  secretText(user: DatabaseUser, password = passwordOf(user)): string {
    const username = USER_NAMES[user];
    return JSON.stringify({ engine: "mysql", username, password, port: this.bridge.port });
  }

  /** What the parameter says when writes go here. */
  get pointerText(): string {
    const { color } = this;
    return JSON.stringify({ color, endpoint: ENDPOINT, secretArn: this.secretArn("application") });
  }

  /** A session of the user who may change tables, opened as the application opens its own. */
  asSchemaOwner(): Promise<Connection> {
    const credentials = {
      username: USER_NAMES.migration,
      password: passwordOf("migration"),
      port: this.bridge.port,
    };
    return connect({ endpoint: ENDPOINT, caPem: this.caPem, connectTimeout: 3_000 }, credentials);
  }

  async lock(): Promise<void> {
    await this.root.query(lockStatement(USER_NAMES.application).sql);
  }

  async unlock(): Promise<void> {
    await this.root.query(lockStatement(USER_NAMES.application).sql.replace("LOCK", "UNLOCK"));
  }

  async forgetPayments(): Promise<void> {
    for (const table of ["payment", "idempotency"])
      await this.root.query(`DELETE FROM payments.${table}`);
  }

  async setReadOnly(on: boolean): Promise<void> {
    await this.root.query(`SET GLOBAL read_only = ${on ? 1 : 0}`);
  }

  /** Ends the application's sessions, or only those that run such a statement; says how many. */
  async kill(info = "%"): Promise<number> {
    const found = await rows(
      this.root,
      `SELECT id FROM information_schema.processlist WHERE user = 'app' AND COALESCE(info, '') LIKE '${info}'`,
    );
    // One may have ended by itself meanwhile.
    for (const [id] of found) await this.root.query(`KILL ${id}`).catch(isUnknownThread);
    return found.length;
  }

  /** From here on every COMMIT waits. */
  async holdCommits(): Promise<void> {
    for (const stage of ["START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT"])
      await this.root.query(`BACKUP STAGE ${stage}`);
    this.holdsCommits = true;
  }

  async releaseCommits(): Promise<void> {
    if (this.holdsCommits) await this.root.query("BACKUP STAGE END");
    this.holdsCommits = false;
  }

  /** Whether one of the application's sessions is in its COMMIT. */
  async isCommitting(): Promise<boolean> {
    const sessions =
      "SELECT 1 FROM information_schema.processlist WHERE user = 'app' AND info = 'COMMIT'";
    return (await rows(this.root, sessions)).length > 0;
  }

  /** Payments by their id, each with its merchant. */
  async payments(): Promise<string[][]> {
    return rows(this.root, "SELECT id, merchant_id, amount FROM payments.payment ORDER BY id");
  }

  async keys(): Promise<string[][]> {
    return rows(
      this.root,
      "SELECT idempotency_key, JSON_VALUE(answer, '$.id') FROM payments.idempotency ORDER BY 1",
    );
  }

  /** As production does it, but for replication, which is not here. */
  private async prepare(): Promise<void> {
    const master = await this.db.connect(MASTER.username, MASTER.password);
    const users = (["application", "migration"] as const).flatMap((user) => [
      ...userStatements({ username: USER_NAMES[user], password: passwordOf(user) }, false),
      ...grantStatements(user, [USER_NAMES[user]]),
    ]);
    for (const { sql } of [...schemaStatements(), ...users])
      await master.query(inMariaDbsWords(sql));
    await master.end();
    const owner = await this.asSchemaOwner();
    await migrate(owner, readMigrations(MIGRATIONS));
    await owner.end();
  }
}

function isUnknownThread(error: { code?: string }): void {
  if (error.code !== "ER_NO_SUCH_THREAD") throw error;
}

function passwordOf(user: DatabaseUser): string {
  return `${user}-password`;
}
