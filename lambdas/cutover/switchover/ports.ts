import type { DatabaseUser } from "../../bootstrap/contract";
import type { Color } from "../contract";
import type { Known } from "../ports";
import type { Answers } from "./preflight";
import type { Marker, Position } from "./statements";

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
