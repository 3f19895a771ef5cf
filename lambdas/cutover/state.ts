import {
  type Color,
  DEFAULT_LIMITS,
  otherColor,
  type Plan,
  type Weights,
  weightsFor,
} from "./contract";
import type { Strength } from "./evidence/traffic";
import type { Evidence } from "./evidence/weigh";
import type { Gate } from "./gate/memory";

/** Shape of the stored state. Raised when a reader of the old shape would misread the new one. */
export const SCHEMA_VERSION = 3;

/**
 * Older shapes that can be read. 1 knows neither pause, approval nor freeze, 2 no evidence; what they
 * lack is optional, but for some limits of a running plan.
 */
const READABLE = [1, 2, SCHEMA_VERSION];

/** What the moves of payments and of clients have in common. */
export interface Move {
  /** Made from the time of the start; names the move in records and notifications. */
  id: string;
  plan: Plan;
  requestedBy: string;
  stepIndex: number;
  /** Epoch milliseconds at which the step's weights were put on record. */
  stepEnteredAt: number;
  /** Epoch milliseconds from which bake time counts. Absent while the weights were not seen in place. */
  bakingSince?: number;
  /** Set when a person ended the step's bake time. */
  bakeSkipped?: true;
  /** Set when people have been told that the step waits for them. */
  approvalAsked?: true;
  /** Who agreed to what the step asks. */
  approvedBy?: string;
  /** Set when a freeze keeps the step from ending, or from being taken back for what it lacks. */
  frozen?: true;
  /** What the counts of payments have shown so far, but for those that may still change. */
  evidence?: Evidence;
  /** Who paused the move; it holds, whatever the weights, until somebody resumes it. */
  pausedBy?: string;
}

/** One move of the payments from the live color to the standby. */
export interface Cutover extends Move {
  /** The color that the payments move to. */
  target: Color;
  /** Names of the standby color's alarms that have been red since before the start. */
  redBefore?: string[];
  /** Set when the step has asked for its switchover. */
  switchover?: AskedSwitchover;
  /** Epoch milliseconds at which the step began in which both colors came into trouble, which lasts. */
  troubledSince?: number;
}

/** A switchover that a step asked for. */
export interface AskedSwitchover {
  /** Epoch milliseconds of the last time. */
  askedAt: number;
  /** Attempts that there had been before. */
  epochBefore: number;
  /** Set when the target's cluster has taken the writes, and the step bakes once more. */
  isDone?: true;
}

/**
 * One move of clients from the on-premises endpoint to AWS, where the live color serves them. Bake time
 * counts from when the weights had been seen in place for `DNS_REACH_SECONDS`.
 */
export interface Migration extends Move {
  /** Percent of the clients that came to AWS before, and do again when the migration fails. */
  fromPercent: number;
}

/** Where the controller stands. */
export type Phase =
  /** Means that one color carries everything and nothing moves. */
  | { name: "idle" }
  /** Means that a cutover runs: its current step is being put in place, or is baking. */
  | { name: "shifting"; cutover: Cutover }
  /** Means that everything is being given back to the live color, and not yet seen there. */
  | { name: "rolling-back"; cutover: Cutover; cause: string }
  /** Means that a rollback has ended; latched until a person clears it. */
  | { name: "rolled-back"; cutover: Cutover; cause: string }
  /** Means that clients come from on-premises: a step is being put in place, or is baking. */
  | { name: "migrating"; migration: Migration }
  /** Means that clients are being led back to where they were, and DNS does not say so yet. */
  | { name: "migrating-back"; migration: Migration; cause: string }
  /** The same latch, after a migration. */
  | { name: "rolled-back"; migration: Migration; cause: string };

/** The controller's whole memory: one item, changed only by conditional writes on `version`. */
export interface CutoverState {
  schemaVersion: number;
  /** Counts the writes; 0 means never stored. */
  version: number;
  /** The color that carries the payments when nothing moves, and gets them back when a move fails. */
  live: Color;
  /** The weights that should be in place. Written before they are set: the record is the intent. */
  weights: Weights;
  /**
   * Percent of the clients that DNS should lead to AWS; the intent, as with `weights`. Absent until it
   * has been read where there is an on-premises endpoint, and everywhere else.
   */
  awsPercent?: number;
  phase: Phase;
  /**
   * Epoch milliseconds from which on no pass that gave the standby color, or AWS, a share is still
   * setting weights; never lowered. Until then weights that were read may change once more, so nothing that
   * they are evidence for is decided: a promotion, a completion, the end of a rollback. A rollback
   * itself never waits. @default nobody is
   */
  actsUntil?: number;
  /** Code of the last stored decision; a decision with another code is put on record. */
  lastCode: string;
  /** @default CloudFormation has never asked for anything */
  gate?: Gate;
}

/** One line of the audit trail, stored in the same transaction as the state it led to. */
export interface DecisionRecord {
  /** Epoch milliseconds. */
  at: number;
  /** Stable name of the decision, such as "promote" or "hold-baking". */
  code: string;
  /** The decision as a sentence. */
  reason: string;
  who: string;
  weights: Weights;
  /** As on record; absent where there is no on-premises endpoint. */
  awsPercent?: number;
  /** How strong the evidence was, while a step was under way. */
  strength?: Strength;
}

export function initialState(live: Color): CutoverState {
  return {
    schemaVersion: SCHEMA_VERSION,
    version: 0,
    live,
    weights: weightsFor(live, 100),
    phase: { name: "idle" },
    lastCode: "",
  };
}

/** The stored text as a state. Throws on a shape that this version does not know. */
export function parseState(text: string): CutoverState {
  const state = JSON.parse(text) as CutoverState;
  if (!READABLE.includes(state.schemaVersion))
    throw new Error(
      `stored state has schema version ${state.schemaVersion}, this controller reads ${SCHEMA_VERSION}: deploy the controller that wrote it, or newer`,
    );
  return { ...state, schemaVersion: SCHEMA_VERSION, phase: withLimits(state.phase) };
}

/** A limit that is missing compares as false with everything, and would never be exceeded. */
function withLimits(phase: Phase): Phase {
  if (phase.name === "idle") return phase;
  return "cutover" in phase
    ? { ...phase, cutover: completed(phase.cutover) }
    : { ...phase, migration: completed(phase.migration) };
}

function completed<M extends Move>(move: M): M {
  const limits = { ...DEFAULT_LIMITS, ...move.plan.limits };
  return { ...move, plan: { ...move.plan, limits } };
}

export function standby(state: CutoverState): Color {
  return otherColor(state.live);
}
