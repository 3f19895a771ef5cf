import { readFileSync } from "node:fs";
import type { Connection } from "mysql2/promise";
import { migrate, readMigrations } from "../../app/migrations";
import { DATABASE_USERS, type DatabaseUser, USER_NAMES } from "../../lambdas/bootstrap/contract";
import {
  grantStatements,
  lockStatement,
  markerStatement,
  schemaStatements,
  userStatements,
} from "../../lambdas/bootstrap/statements";
import type { Color } from "../../lambdas/cutover/contract";
import type { Position } from "../../lambdas/switchover/statements";
import { MIGRATIONS } from "../app/cluster";
import { inMariaDbsWords, launchMariaDb, MASTER, type MariaDb, rows } from "../support/mariadb";

/** A color's database, as the bootstrap and the first migration leave it. */
export class DrillCluster {
  private constructor(
    readonly color: Color,
    readonly db: MariaDb,
  ) {}

  /** Undefined where no server is installed. */
  static async start(color: Color): Promise<DrillCluster | undefined> {
    const hostName = hostNameOf(color);
    const db = await launchMariaDb({ hostName, listens: true, durable: true });
    if (db === undefined) return undefined;
    const cluster = new DrillCluster(color, db);
    try {
      await cluster.prepare();
      return cluster;
    } catch (error) {
      await db.stop();
      throw error;
    }
  }

  get endpoint(): string {
    return hostNameOf(this.color);
  }

  get arn(): string {
    return `arn:aws:rds:us-east-1:123456789012:cluster:${this.color}`;
  }

  get caPem(): string {
    return readFileSync(this.db.certificateFile, "utf8");
  }

  secretText(user: DatabaseUser): string {
    const { port } = this.db;
    const username = USER_NAMES[user];
    return JSON.stringify({ engine: "mysql", username, password: this.passwordOf(user), port });
  }

  /** A session of one of the cluster's users. Rejects as the server refuses. */
  as(user: DatabaseUser): Promise<Connection> {
    return this.db.connect(USER_NAMES[user], this.passwordOf(user));
  }

  /** Locks the users' accounts, as the bootstrap does when replication is first started. */
  async lock(user: DatabaseUser): Promise<void> {
    await this.asRoot((root) => root.query(lockStatement(USER_NAMES[user]).sql));
  }

  async position(): Promise<Position> {
    const [[file = "", offset] = []] = await this.ask("SHOW MASTER STATUS");
    return { file, offset: Number(offset) };
  }

  ask(sql: string): Promise<string[][]> {
    return this.asRoot((root) => rows(root, sql));
  }

  /** A session of its own each time: the server may have been started anew. */
  async asRoot<T>(work: (root: Connection) => Promise<T>): Promise<T> {
    const root = await this.db.asRoot();
    try {
      return await work(root);
    } finally {
      root.destroy();
    }
  }

  private passwordOf(user: DatabaseUser): string {
    return `${this.color}-${user}-password`;
  }

  private async prepare(): Promise<void> {
    const master = await this.db.connect(MASTER.username, MASTER.password);
    const users = DATABASE_USERS.flatMap((user) => {
      const credentials = { username: USER_NAMES[user], password: this.passwordOf(user) };
      return [
        ...userStatements(credentials, false),
        ...grantStatements(user, [credentials.username]),
      ];
    });
    for (const { sql } of [...schemaStatements(), ...users, markerStatement()])
      await master.query(inMariaDbsWords(sql));
    await master.end();
    const owner = await this.as("migration");
    await owner.query("USE payments");
    await migrate(owner, readMigrations(MIGRATIONS));
    await owner.end();
  }
}

/** Ends in a domain that is kept for private use; `names.ts` leads it to this machine. */
export function hostNameOf(color: Color): string {
  return `${color}.drill.internal`;
}
