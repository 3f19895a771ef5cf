import type { DatabaseUser } from "../../lambdas/bootstrap/contract";
import type { Color } from "../../lambdas/cutover/contract";
import type { Position } from "../../lambdas/switchover/statements";

/** Something in a cluster's log of changes. */
export interface Entry {
  /** Number of the log's file. */
  file: number;
  /** `applied` is what replication has written here. */
  kind: "payment" | "marker" | "applied" | "stray";
  /** Key of a payment, or id of a marker. */
  key: string;
  /** Id that the payment was given. */
  payment: string;
  /** Epoch milliseconds. */
  at: number;
}

/** A transaction that has not ended. */
export interface Transaction {
  instance: string;
  isKilled: boolean;
}

/** One cluster, with what of MySQL a switchover depends on. */
export interface Cluster {
  color: Color;
  /** Binds all but the administrator, at COMMIT; a restart forgets it. */
  readOnly: boolean;
  /** A lock outlasts a restart, and ends no session. */
  locked: { [user in DatabaseUser]?: boolean };
  /** Instances of the application that have a session. */
  sessions: string[];
  replicationSession: boolean;
  transactions: Transaction[];
  log: Entry[];
  file: number;
  serverId: number;
  /** Ids of payments by their keys. */
  rows: { [key: string]: string };
  markers: { [id: string]: true };
  /** When the youngest heartbeat of the other cluster was written. @default none has come */
  beatWrittenAt?: number;
  /** Changes that replication could not apply. */
  exceptions: number;
}

export function createCluster(color: Color, locked: DatabaseUser[]): Cluster {
  return {
    color,
    readOnly: false,
    locked: Object.fromEntries(locked.map((user) => [user, true])),
    ...{ sessions: [], replicationSession: false, transactions: [] },
    ...{ log: [], file: 1, serverId: 1, rows: {}, markers: {}, exceptions: 0 },
  };
}

/** Whether the application could commit anything. */
export function isOpen({ readOnly, locked, sessions }: Cluster): boolean {
  return !readOnly && (!locked.application || sessions.length > 0);
}

/** Locks or unlocks; whoever has a session keeps it. */
export function setLocked(cluster: Cluster, users: DatabaseUser[], locked: boolean): void {
  for (const user of users) cluster.locked[user] = locked;
}

/** What a session was doing is rolled back. */
export function endSessions(cluster: Cluster, users: DatabaseUser[]): void {
  if (users.includes("replicationTarget")) cluster.replicationSession = false;
  if (!users.includes("application")) return;
  cluster.sessions = [];
  for (const one of cluster.transactions) one.isKilled = true;
}

/** @param fails over to another instance */
export function restart(cluster: Cluster, failsOver: boolean): void {
  cluster.readOnly = false;
  endSessions(cluster, ["application", "replicationTarget"]);
  cluster.transactions = [];
  cluster.file += 1;
  if (failsOver) cluster.serverId += 1;
}

export function append(
  cluster: Cluster,
  entry: Pick<Entry, "kind" | "key" | "payment" | "at">,
): void {
  cluster.log.push({ ...entry, file: cluster.file });
}

/** Where the log stands; offsets count its entries. */
export function positionOf({ file, log }: Cluster): Position {
  return { file: `bin.${file}`, offset: log.length };
}

/** What the log has since a position, apart from markers: in words, as the adapter tells of it. */
export function straysSince(cluster: Cluster, since: Position): string[] {
  const now = positionOf(cluster);
  if (now.file !== since.file) return [`a log that goes on in ${now.file}`];
  const others = cluster.log.slice(since.offset).filter(({ kind }) => kind !== "marker");
  return others.length === 0 ? [] : ["rows of payments.payment"];
}
