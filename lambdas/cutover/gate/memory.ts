import type { Color } from "../contract";
import type { ReleaseMode } from "./contract";

/** What the state remembers of the release gate. */
export interface Gate {
  /** The request that CloudFormation waits for. One at a time: a stack has one gate. */
  owed?: Owed;
  /** The last answer that was delivered, in case its request comes again. */
  answered?: { requestId: string } & Answer;
  /** Requests that are over, answered or given up for another, newest last: one of them may come late. */
  past?: string[];
  /** Cutover that the gate started last. */
  startedId?: string;
}

export interface Answer {
  status: "SUCCESS" | "FAILED";
  /** A sentence, or several. */
  reason: string;
}

/** Where an answer goes, and in whose name. */
export interface ReturnAddress {
  requestId: string;
  stackId: string;
  logicalResourceId: string;
  physicalResourceId: string;
  /**
   * Whoever has it may answer, once: it stands here, in an encrypted table, until it is used, and in
   * no log, record, message or answer.
   */
  responseUrl: string;
}

/** An answer that CloudFormation waits for. */
export interface Owed extends ReturnAddress {
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Undefined where nothing is wished for: the resource goes, or the request was malformed. */
  wish?: Wish;
  stage: Stage;
}

/** What a stack wishes for. */
export interface Wish {
  kind: "create" | "update";
  live: Color;
  /** What the stack had before. */
  previousLive?: Color;
  mode: ReleaseMode;
  /** What should run in that color. */
  service: { serviceArn: string; taskArn: string };
  /** Colors whose task definition the update changes. */
  changed: Color[];
}

export type Stage =
  /** Means that nothing has been done about it yet. */
  | { name: "waiting" }
  /** Means that the answer depends on how this cutover ends. */
  | { name: "following"; cutoverId: string }
  /** Means that the answer is on record, and not yet known to have arrived. */
  | ({ name: "answering" } & Answer);

/** As many as can still be on their way: Lambda gives up an event after six hours, and each took minutes. */
const MOST_PAST = 20;

export function withPast(gate: Gate, requestId: string): Gate {
  return { ...gate, past: [...(gate.past ?? []), requestId].slice(-MOST_PAST) };
}
