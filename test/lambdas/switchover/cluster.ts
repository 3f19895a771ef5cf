import type { Connection } from "mysql2/promise";
import { type DatabaseUser, USER_NAMES } from "../../../lambdas/bootstrap/contract";
import { serve } from "../../../lambdas/bootstrap/handler";
import type { Statement } from "../../../lambdas/bootstrap/statements";
import { inMariaDbsWords, MASTER, type MariaDb, rows } from "../../support/mariadb";
import { FakeWorld, prepareRequest } from "../bootstrap/world";

/** What only MariaDB keeps elsewhere than MySQL 8 and Aurora. */
const ELSEWHERE: [sql: string, inMariaDb: string][] = [
  [
    "FROM mysql.user ",
    "FROM (SELECT user, host, IF(JSON_VALUE(priv, '$.account_locked') = 1, 'Y', 'N') account_locked FROM mysql.global_priv) accounts ",
  ],
  [
    "FROM mysql.role_edges",
    "FROM (SELECT user to_user, host to_host, role from_user FROM mysql.roles_mapping) edges",
  ],
  ["@@aurora_server_id", "@@server_id"],
];

/** Runs a statement of the switchover in a session on MariaDB. */
export function run(session: Connection, { sql }: Statement): Promise<string[][]> {
  return rows(session, asMariaDbHasIt(sql));
}

/** A statement of the switchover, which asks MariaDB where that keeps the answer. */
export function asMariaDbHasIt(sql: string): string {
  return ELSEWHERE.reduce((text, [mysql, here]) => text.replace(mysql, here), sql);
}

/** Makes the server a cluster as the bootstrap leaves it, with a table of payments. */
export async function makeCluster(db: MariaDb): Promise<void> {
  const root = await db.asRoot();
  const master = await db.connect(MASTER.username, MASTER.password);
  try {
    await root.query("SET GLOBAL read_only = 0");
    for (const schema of ["payments", "cutover", "awsdms_control"])
      await root.query(`DROP DATABASE IF EXISTS ${schema}`);
    for (const [name = ""] of await rows(root, "SELECT user FROM mysql.user WHERE host = '%'"))
      if (name !== MASTER.username) await root.query(`DROP USER '${name}'@'%'`);
    const { ports } = new FakeWorld();
    const sql = {
      execute: (_cluster: object, text: string) => rows(master, inMariaDbsWords(text)),
    };
    await serve({ ...ports, sql }, prepareRequest());
    await root.query("CREATE TABLE payments.payment (id INT PRIMARY KEY, cents INT)");
  } finally {
    root.destroy();
    master.destroy();
  }
}

/** Logs in as one of the cluster's users. */
export async function login(db: MariaDb, user: DatabaseUser): Promise<Connection> {
  const session = await db.connect(USER_NAMES[user], `blue-${user}-password`);
  // It may be ended by others.
  session.on("error", () => {});
  return session;
}
