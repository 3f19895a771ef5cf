import type { DatabaseUser } from "../bootstrap/contract";
import type { Known } from "../common/ports";
import { type Color, otherColor } from "../cutover/contract";
import type { Accounts, Fence, Troubles, Written } from "./ports";
import type { Finding } from "./preflight";
import type { Marker, Position } from "./statements";

/** Where the attempt would end, or began. Both are at rest: one writer, replicated to the other. */
export type Rest =
  /** Means that no switchover has ever been completed. */
  | { name: "prepared"; writer: Color }
  /** Means that one has been, and that replication back to the old writer is proven. */
  | { name: "steady"; writer: Color };

/** One try to move the writer from one cluster to the other. */
export interface Attempt {
  /** Id of its marker, a UUID that nothing else has. */
  markerId: string;
  /** The old writer; the other cluster becomes the new one. */
  from: Color;
  /** Where it goes back to when it is aborted. */
  restsIn: Rest["name"];
  requestedBy: string;
  /** Epoch milliseconds at which the old writer began to be fenced: payments wait from here on. */
  startedAt: number;
  /** The instance that the fence stands on. */
  serverId?: string;
  /** Where the old writer's log stood before the marker: nothing else may be written after it. */
  drainsFrom?: Position;
  /** Epoch milliseconds at which the marker was first to be written. */
  markedAt?: number;
  /** Where the new writer's log stands while nobody can write: replication back begins here. */
  opensAt?: Position;
  /** Epoch milliseconds at which that was read. */
  opensAtReadAt?: number;
}

/** Steps in which payments wait and everything can still be taken back. */
export const WINDOW = ["fencing", "fenced", "draining", "drained", "sealed"] as const;
export type WindowName = (typeof WINDOW)[number];

export type SwitchoverPhase =
  | Rest
  | { name: WindowName; attempt: Attempt }
  /** Means that the old writer is being opened again, which has not been seen yet. */
  | { name: "aborting"; attempt: Attempt; cause: string }
  /** Means that the new writer is being opened: from here there is only forward. */
  | { name: "opening"; attempt: Attempt }
  /** Means that the new writer is open, and replication back to the old one is not proven yet. */
  | { name: "reversing"; attempt: Attempt };

/** What a switchover remembers: changed only by conditional writes, intent before any act. */
export interface SwitchoverState {
  /** Counts the attempts. */
  epoch: number;
  /**
   * Epoch milliseconds from which on no statement that opens anything is still on its way; never
   * lowered. A new attempt waits for it: it could not keep closed what an old statement opens.
   */
  opensUntil: number;
  phase: SwitchoverPhase;
}

/** The cluster that takes writes, or the last that did. */
export function writerIn(phase: SwitchoverPhase): Color {
  if (isAtRest(phase)) return phase.writer;
  const { name, attempt } = phase;
  const isOver = name === "opening" || name === "reversing";
  return isOver ? otherColor(attempt.from) : attempt.from;
}

export function isAtRest(phase: SwitchoverPhase): phase is Rest {
  return phase.name === "prepared" || phase.name === "steady";
}

/** Shape of the stored state. Raised when a reader of the old shape would misread the new one. */
export const SCHEMA_VERSION = 1;

/** The state as it is stored. */
export interface StoredSwitchover extends SwitchoverState {
  schemaVersion: number;
  /** Counts the writes; 0 means never stored. */
  version: number;
  /** Code of the last stored decision; a decision with another code is put on record. */
  lastCode: string;
  /** The same decision as a sentence, for whoever waits for it. */
  lastReason: string;
}

/** The stored text as a state. Throws on a shape that this version does not know. */
export function parseStored(text: string): StoredSwitchover {
  const stored = JSON.parse(text) as StoredSwitchover;
  if (stored.schemaVersion !== SCHEMA_VERSION)
    throw new Error(
      `stored switchover has schema version ${stored.schemaVersion}, this function reads ${SCHEMA_VERSION}: deploy the function that wrote it, or newer`,
    );
  return stored;
}

/** A decision as it is kept for people. */
export interface SwitchoverRecord {
  /** Epoch milliseconds. */
  at: number;
  code: string;
  reason: string;
  /** `controller`, or the person who asked for it. */
  who: string;
  epoch: number;
  phase: SwitchoverPhase["name"];
}

/** Something to be done to a database, its replication or the pointer. Doing it twice is doing it once. */
export type Act =
  | { kind: "set-read-only"; cluster: Color; readOnly: boolean }
  | { kind: "set-locked"; cluster: Color; users: DatabaseUser[]; locked: boolean }
  | { kind: "end-sessions"; cluster: Color; users: DatabaseUser[] }
  | { kind: "write-marker"; marker: Marker }
  /** Tells applications which cluster takes writes. Advice only: accounts decide. */
  | { kind: "set-writer"; cluster: Color }
  /** Tasks are named by the cluster that they read. */
  | { kind: "stop-replication"; from: Color }
  /** Goes on where it stopped if it has been started `since`, in epoch milliseconds. */
  | { kind: "start-replication"; from: Color; position: Position; since: number }
  | { kind: "notify"; subject: string; message: string };

/** Facts about one cluster, read after the state that they are held against was stored. */
export interface ClusterFacts {
  fence: Known<Fence>;
  accounts: { [user in "application" | "migration" | "replicationTarget"]: Known<Accounts> };
  /** Sessions of the application and of migrations. */
  sessions: Known<number>;
  /** Sessions of AWS DMS, as whom it writes. */
  replicationSessions: Known<number>;
  /** Open transactions of all three users, and those without a session. */
  transactions: Known<number>;
  preparedXa: Known<number>;
  position: Known<Position>;
  /** Whether the attempt's marker is there. */
  hasMarker: Known<boolean>;
  /** Milliseconds since the youngest heartbeat was written that has come from the other cluster. */
  heartbeatAge: Known<number>;
  troubles: Known<Troubles>;
}

export interface SwitchoverFacts {
  /** Epoch milliseconds, before anything else was read. */
  now: number;
  clusters: { [color in Color]: ClusterFacts };
  /** What the old writer's log has since `drainsFrom`. */
  written: Known<Written>;
  /** Status of the task that reads each cluster, in AWS DMS's words. */
  replication: { [from in Color]: Known<string> };
  /** Where applications are told to write. */
  writer: Known<Color>;
  findings: Known<Finding[]>;
  request?: {
    verb: "start" | "abort";
    who: string;
    why: string;
    /** For the attempt's marker: a UUID that nothing else has. */
    markerId: string;
    /** The cluster that is to take the writes. @default the other one */
    to?: Color;
  };
}

export interface SwitchoverDecision {
  /** Stable name, such as "seal" or "hold-draining". */
  code: string;
  /** The decision as a sentence. */
  reason: string;
  /** The state to store before any act. */
  next: SwitchoverState;
  /** In the order in which they are done. */
  acts: Act[];
}
