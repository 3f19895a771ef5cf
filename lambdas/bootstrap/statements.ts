import {
  BINLOG_RETENTION_HOURS,
  CUTOVER_SCHEMA,
  type DatabaseUser,
  DMS_CONTROL_SCHEMA,
  MARKER_TABLE,
  MIGRATIONS_TABLE,
  PAYMENTS_SCHEMA,
} from "./contract";
import { type Credentials, namesOf } from "./credentials";

export interface Statement {
  /** What it does, for messages. */
  what: string;
  sql: string;
  /** The password that it holds. @default it holds none */
  password?: string;
}

/** Schemas that replication and switchover use. Schemas made twice stay as they are. */
export function schemaStatements(): Statement[] {
  const schemas = [PAYMENTS_SCHEMA, CUTOVER_SCHEMA, DMS_CONTROL_SCHEMA].map((schema) => ({
    what: `make schema ${schema}`,
    sql: `CREATE DATABASE IF NOT EXISTS ${schema}`,
  }));
  const retention = {
    what: "set the binary log's retention",
    sql: `CALL mysql.rds_set_configuration('binlog retention hours', ${BINLOG_RETENTION_HOURS})`,
  };
  return [...schemas, retention];
}

/**
 * The table of markers, made last: that it is there means that the cluster was prepared once from
 * beginning to end.
 */
export function markerStatement(): Statement {
  return {
    what: `make table ${CUTOVER_SCHEMA}.${MARKER_TABLE}`,
    sql: `CREATE TABLE IF NOT EXISTS ${CUTOVER_SCHEMA}.${MARKER_TABLE} (
  id CHAR(36) NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  direction ENUM('blue-to-green', 'green-to-blue') NOT NULL,
  kind ENUM('heartbeat', 'barrier') NOT NULL,
  written_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
)`,
  };
}

export const WAS_PREPARED = `SELECT table_name FROM information_schema.tables WHERE table_schema = '${CUTOVER_SCHEMA}' AND table_name = '${MARKER_TABLE}'`;

/** Which of these users exist. */
export function existingUsers(names: string[]): string {
  const list = names.map(literal).join(", ");
  return `SELECT user FROM mysql.user WHERE host = '%' AND user IN (${list})`;
}

/**
 * Makes the user if it is not there, and gives it the password of its secret: a cluster that was
 * restored, or whose secret was made anew, agrees with it again.
 * @param locked how a new user is made; one that is there keeps its lock, or goes without, as before
 */
export function userStatements({ username, password }: Credentials, locked: boolean): Statement[] {
  const identified = `${account(username)} IDENTIFIED BY ${literal(password)} REQUIRE SSL`;
  return [
    {
      what: `make user ${username}`,
      sql: `CREATE USER IF NOT EXISTS ${identified}${locked ? " ACCOUNT LOCK" : ""}`,
      password,
    },
    { what: `set the password of ${username}`, sql: `ALTER USER ${identified}`, password },
  ];
}

export function lockStatement(username: string): Statement {
  return { what: `lock user ${username}`, sql: `ALTER USER ${account(username)} ACCOUNT LOCK` };
}

/** What AWS DMS asks for in a schema that it writes into (its user guide, MySQL as a target). */
const DMS_TARGET = "ALTER, CREATE, DROP, INDEX, INSERT, UPDATE, DELETE, SELECT";

type Grant = [privileges: string, on: string, option?: "WITH GRANT OPTION"];

/** What each user may do, `ON` what. Nothing is granted through roles: rotation would not copy them. */
const GRANTS: { [user in DatabaseUser]: Grant[] } = {
  // Rows and no tables: those change with a release's migration, which is not the application's work.
  application: [["SELECT, INSERT, UPDATE, DELETE", `${PAYMENTS_SCHEMA}.*`]],
  // What AWS DMS asks for in a source (its user guide, MySQL as a source).
  // Forward only: nothing that is there can be dropped. To insert belongs to the right to alter.
  migration: [
    ["SELECT, INSERT, CREATE, ALTER, INDEX, REFERENCES", `${PAYMENTS_SCHEMA}.*`],
    ["SELECT, INSERT, CREATE", `${CUTOVER_SCHEMA}.${MIGRATIONS_TABLE}`],
  ],
  replicationSource: [
    ["SELECT", `${PAYMENTS_SCHEMA}.*`],
    ["SELECT", `${CUTOVER_SCHEMA}.*`],
    // Both exist for the whole server only.
    ["REPLICATION CLIENT, REPLICATION SLAVE", "*.*"],
  ],
  replicationTarget: [
    [DMS_TARGET, `${PAYMENTS_SCHEMA}.*`],
    [DMS_TARGET, `${CUTOVER_SCHEMA}.*`],
    ["ALL PRIVILEGES", `${DMS_CONTROL_SCHEMA}.*`],
  ],
  administrator: [
    // CREATE USER makes, locks and rotates the others, PROCESS sees their sessions, REPLICATION CLIENT
    // reads the binary log's position. The option, with what replication's user holds, lets rotation
    // copy everybody's grants on the whole server, which include that of nothing (USAGE).
    ["CREATE USER, PROCESS, REPLICATION CLIENT, REPLICATION SLAVE", "*.*", "WITH GRANT OPTION"],
    // Ends sessions, and writes the marker while the cluster is read-only for everybody else.
    ["CONNECTION_ADMIN", "*.*"],
    // Sees what XA has prepared: it could be committed behind the fence.
    ["XA_RECOVER_ADMIN", "*.*"],
    // Rotation looks up a user's grants and its TLS requirement, and SET PASSWORD for another user
    // asks for UPDATE. The tables themselves stay closed: Aurora lets nobody write to them.
    ["SELECT, UPDATE", "mysql.*"],
    // Only what one holds can one give on. The switchover writes and reads markers.
    [`${DMS_TARGET}, REFERENCES`, `${PAYMENTS_SCHEMA}.*`, "WITH GRANT OPTION"],
    [DMS_TARGET, `${CUTOVER_SCHEMA}.*`, "WITH GRANT OPTION"],
    ["ALL PRIVILEGES", `${DMS_CONTROL_SCHEMA}.*`, "WITH GRANT OPTION"],
    // MySQL shows triggers and events only to who could make them; a switchover wants to see that there are none.
    ["TRIGGER, EVENT", `${PAYMENTS_SCHEMA}.*`],
    ["TRIGGER, EVENT", `${CUTOVER_SCHEMA}.*`],
    // The fence of a switchover, and what it asks about the log.
    ["EXECUTE", "PROCEDURE mysql.rds_set_read_only"],
    ["EXECUTE", "PROCEDURE mysql.rds_kill"],
    ["EXECUTE", "PROCEDURE mysql.rds_show_configuration"],
  ],
};

/** Gives a user, and its twin, what it may do. Grants given twice stay as they are. */
export function grantStatements(user: DatabaseUser, present: string[]): Statement[] {
  const names = namesOf(user).filter((name) => present.includes(name));
  return names.flatMap((name) =>
    GRANTS[user].map(([privileges, on, option]) => ({
      what: `grant ${privileges} on ${on} to ${name}`,
      sql: `GRANT ${privileges} ON ${on} TO ${account(name)}${option === undefined ? "" : ` ${option}`}`,
    })),
  );
}

function account(username: string): string {
  return `${literal(username)}@'%'`;
}

/** A text as MySQL reads it, in its default mode, in which a backslash escapes. */
export function literal(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "''")}'`;
}
