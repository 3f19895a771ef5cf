import {
  CUTOVER_SCHEMA,
  type DatabaseUser,
  DMS_CONTROL_SCHEMA,
  MARKER_TABLE,
} from "../bootstrap/contract";
import { namesOf } from "../bootstrap/credentials";
import { literal, type Statement } from "../bootstrap/statements";
import { type Color, otherColor } from "../cutover/contract";

/** The table of markers, with its schema. */
export const MARKERS = `${CUTOVER_SCHEMA}.${MARKER_TABLE}`;

/** A row that a switchover writes into one cluster, to see it arrive in the other. */
export interface Marker {
  /** UUID, new for each attempt: an old marker must not be taken for this one. */
  id: string;
  /** Counts the attempts. */
  epoch: number;
  /** The cluster that it is written into. */
  from: Color;
  /** `heartbeat` measures replication, `barrier` ends what the old writer has to say. */
  kind: "heartbeat" | "barrier";
}

/** A place in a cluster's binary log. */
export interface Position {
  file: string;
  /** Bytes from the file's beginning. */
  offset: number;
}

/** Events that are read of the binary log at once; more than these after a fence are no bookkeeping. */
export const EVENT_LIMIT = 500;

/**
 * Refuses writes of everybody without CONNECTION_ADMIN, open transactions included, or allows them
 * again. Aurora MySQL has the procedure from 3.06 on; a restart forgets it.
 */
export function readOnlyStatement(readOnly: boolean): Statement {
  const what = readOnly ? "fence the cluster" : "lift the fence of the cluster";
  return { what, sql: `CALL mysql.rds_set_read_only(${readOnly ? 1 : 0})` };
}

/**
 * Closes or opens accounts in one statement: all of them or none, each with its twin, which a rotation
 * makes open. What does not exist is passed over. A lock survives a restart; sessions survive a lock.
 */
export function lockStatement(users: DatabaseUser[], locked: boolean): Statement {
  const names = users.flatMap(namesOf);
  const accounts = names.map((name) => `${literal(name)}@'%'`).join(", ");
  return {
    what: `${locked ? "lock" : "unlock"} ${names.join(", ")}`,
    sql: `ALTER USER IF EXISTS ${accounts} ACCOUNT ${locked ? "LOCK" : "UNLOCK"}`,
  };
}

/** Ends one session, and rolls its transaction back. */
export function killStatement(session: number): Statement {
  if (!Number.isSafeInteger(session) || session < 1)
    throw new Error(`a session's number must be a whole number from 1, got ${session}`);
  return { what: `end session ${session}`, sql: `CALL mysql.rds_kill(${session})` };
}

/** Writes a marker. Written twice it is there once, and the second time leaves no trace in the log. */
export function markerStatement({ id, epoch, from, kind }: Marker): Statement {
  const values = [literal(id), String(epoch), literal(directionFrom(from)), literal(kind)];
  return {
    what: `write marker ${id}`,
    sql: `INSERT INTO ${MARKERS} (id, epoch, direction, kind) VALUES (${values.join(", ")}) ON DUPLICATE KEY UPDATE id = id`,
  };
}

function directionFrom(from: Color): string {
  return `${from}-to-${otherColor(from)}`;
}

/** One row when the marker has arrived, none before. */
export function markerQuestion(id: string): Statement {
  return {
    what: `look for marker ${id}`,
    sql: `SELECT id FROM ${MARKERS} WHERE id = ${literal(id)}`,
  };
}

/**
 * Microseconds since the youngest heartbeat was written that has come from a cluster, by this
 * cluster's clock; NULL when none has come.
 */
export function heartbeatQuestion(from: Color): Statement {
  const age = "TIMESTAMPDIFF(MICROSECOND, MAX(written_at), CURRENT_TIMESTAMP(6))";
  return {
    what: "read the heartbeat's age",
    sql: `SELECT ${age} FROM ${MARKERS} WHERE kind = 'heartbeat' AND direction = ${literal(directionFrom(from))}`,
  };
}

/** Whether the fence stands, and on which instance: another one has not heard of it. */
export const FENCE_QUESTION: Statement = {
  what: "read the fence",
  sql: "SELECT @@read_only, @@innodb_read_only, @@aurora_server_id",
};

/** Each account of these users, wherever it may come from: name, host, and Y when it is locked. */
export function accountsQuestion(users: DatabaseUser[]): Statement {
  return {
    what: "read the accounts' locks",
    sql: `SELECT user, host, account_locked FROM mysql.user WHERE user IN (${list(users)}) ORDER BY user, host`,
  };
}

/** Numbers of the users' sessions, those included that are just being ended. */
export function sessionsQuestion(users: DatabaseUser[]): Statement {
  return {
    what: "list sessions",
    sql: `SELECT id FROM information_schema.processlist WHERE user IN (${list(users)}) ORDER BY id`,
  };
}

/**
 * How many transactions are open that these users began, or that have no session any more: those
 * that are being rolled back, and those that XA has prepared. InnoDB answers with what it last showed
 * while it is asked more often than every 100 ms, whoever asks.
 */
export function transactionsQuestion(users: DatabaseUser[]): Statement {
  return {
    what: "count open transactions",
    sql: `SELECT COUNT(*) FROM information_schema.innodb_trx t
LEFT JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
WHERE t.trx_mysql_thread_id <> CONNECTION_ID() AND (p.id IS NULL OR p.user IN (${list(users)}))`,
  };
}

/** A row for each transaction that XA has prepared: any session may commit it later, fence or not. */
export const XA_QUESTION: Statement = { what: "list prepared XA transactions", sql: "XA RECOVER" };

/** File and offset, and more; no row when the cluster writes no binary log. */
export const POSITION_QUESTION: Statement = {
  what: "read the binary log's position",
  // MySQL 8.0's words, which Aurora MySQL 3 is; 8.4 calls it SHOW BINARY LOG STATUS.
  sql: "SHOW MASTER STATUS",
};

/** What the binary log has from a position on, in the same file. */
export function eventsQuestion({ file, offset }: Position): Statement {
  return {
    what: "read the binary log",
    sql: `SHOW BINLOG EVENTS IN ${literal(file)} FROM ${offset} LIMIT ${EVENT_LIMIT}`,
  };
}

/** How many changes AWS DMS could not apply in this cluster, and how many tables it has suspended. */
export const TROUBLES_QUESTION: Statement = {
  what: "count replication's troubles",
  sql: `SELECT (SELECT COUNT(*) FROM ${DMS_CONTROL_SCHEMA}.awsdms_apply_exceptions), (SELECT COUNT(*) FROM ${DMS_CONTROL_SCHEMA}.awsdms_suspended_tables)`,
};

function list(users: DatabaseUser[]): string {
  return users.flatMap(namesOf).map(literal).join(", ");
}
