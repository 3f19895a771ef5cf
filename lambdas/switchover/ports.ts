import type { DatabaseUser } from "../bootstrap/contract";
import type { Clock, Known, Notifier } from "../common/ports";
import type { Color } from "../cutover/contract";
import type { Answers } from "./preflight";
import type { StoredSwitchover, SwitchoverRecord } from "./state";
import type { Marker, Position } from "./statements";

export { attempt, type Clock, type Known, known, type Notifier, unknown } from "../common/ports";

/**
 * How an act on a database ended. "unknown" when no answer came in time or the connection broke: it
 * may have been done, may be done later, and only a reading tells. A refusal rejects.
 */
export type Outcome = "done" | "unknown";

export interface Fence {
  readOnly: boolean;
  /** The instance that takes writes; a fence that stood on another one is gone. */
  serverId: string;
}

/** Accounts such as `app@%`. */
export interface Accounts {
  locked: string[];
  open: string[];
}

/** What the binary log has since a position. */
export interface Written {
  position: Position;
  /** What has been written apart from markers and RDS's own records; empty is the proof of none. */
  strays: string[];
}

/** Counts of what AWS DMS could not apply in the cluster that it writes into, since it first ran. */
export interface Troubles {
  exceptions: number;
  suspendedTables: number;
}

/**
 * One cluster. Each act can be done twice, and is done when it has been done once. A question that
 * gets no answer is answered with unknown; none rejects.
 */
export interface Database {
  setReadOnly(readOnly: boolean): Promise<Outcome>;
  /** Locks or unlocks the users' accounts and their twins', all or none. */
  setLocked(users: DatabaseUser[], locked: boolean): Promise<Outcome>;
  /** Ends the sessions that there are now; only `countSessions` tells when they are gone. */
  endSessions(users: DatabaseUser[]): Promise<Outcome>;
  writeMarker(marker: Marker): Promise<Outcome>;

  readFence(): Promise<Known<Fence>>;
  /** The users' accounts and their twins'; unknown when there are none at all. */
  readAccounts(users: DatabaseUser[]): Promise<Known<Accounts>>;
  countSessions(users: DatabaseUser[]): Promise<Known<number>>;
  /** Open transactions of these users, and those that have no session. */
  countTransactions(users: DatabaseUser[]): Promise<Known<number>>;
  countPreparedXa(): Promise<Known<number>>;
  hasMarker(id: string): Promise<Known<boolean>>;
  /** Milliseconds since the youngest heartbeat was written that has come from the other cluster. */
  heartbeatAge(from: Color): Promise<Known<number>>;
  readPosition(): Promise<Known<Position>>;
  readWritten(since: Position): Promise<Known<Written>>;
  readTroubles(): Promise<Known<Troubles>>;
  /** Everything that a pre-flight asks. */
  readAnswers(): Promise<Answers>;
}

/** AWS DMS between the clusters. Tasks are named by the cluster that they read. */
export interface Replication {
  /** In AWS DMS's words, such as `running`, `stopped`, `modifying`. */
  readStatus(from: Color): Promise<Known<string>>;
  /** Of a task that does not run: done already. */
  stop(from: Color): Promise<Outcome>;
  /**
   * Makes the task carry what is written from a position on, and nothing before. It may take several
   * calls, each after the task has come to rest again. A task that runs is left alone, and one that has
   * been started since then goes on where it stopped: from the beginning it would bring everything again.
   * @param since epoch milliseconds
   */
  start(from: Color, position: Position, since: number): Promise<Outcome>;
}

/** What applications are told about which cluster takes writes. */
export interface WriterPointer {
  read(): Promise<Known<Color>>;
  write(color: Color): Promise<Outcome>;
}

export interface SwitchoverStore {
  load(): Promise<StoredSwitchover | undefined>;
  /**
   * Stores `next`, and appends `record` if there is one, in one transaction, if the stored version is
   * still `expectedVersion` (0: nothing stored yet). "unknown" after a timeout.
   */
  save(
    next: StoredSwitchover,
    expectedVersion: number,
    record: SwitchoverRecord | undefined,
  ): Promise<"saved" | "conflict" | "unknown">;
}

/** Everything that the switchover touches outside itself. */
export interface SwitchoverPorts {
  databases: { [color in Color]: Database };
  replication: Replication;
  writer: WriterPointer;
  store: SwitchoverStore;
  /** Wakes a second invocation; rejects when that is not certain. */
  wakeWatch(): Promise<void>;
  notifier: Notifier;
  clock: Clock;
  /** A UUID that nothing else has. */
  newId(): string;
}
