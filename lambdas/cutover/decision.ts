import { type Color, type Plan, type Step, type Weights, weightsFor } from "./contract";
import { forNextStep, mustSettle } from "./evidence/gather";
import type { Strength } from "./evidence/traffic";
import type { Cutover, CutoverState, Move } from "./state";

/** Something to be done outside. Each is idempotent: doing it twice is doing it once. */
export type Action =
  | { kind: "set-weights"; weights: Weights }
  | { kind: "set-aws-percent"; percent: number }
  /** Refused where it cannot be, or is so already: asking twice is asking once. */
  | { kind: "ask-switchover"; to: Color; why: string }
  | { kind: "notify"; subject: string; message: string };

export interface Decision {
  /** Stable name, such as "promote" or "hold-baking". */
  code: string;
  /** The decision as a sentence, for records, notifications and people. */
  reason: string;
  /** The state to store before any action. */
  next: CutoverState;
  /** In the order in which they are done. */
  actions: Action[];
  /** How strong the evidence was, while a step was under way. */
  strength?: Strength;
}

export function enterStep(
  state: CutoverState,
  cutover: Cutover,
  stepIndex: number,
  code: string,
  because: string,
  now: number,
): Decision {
  const { weightPercent } = stepAt(cutover.plan, stepIndex);
  const weights = weightsFor(cutover.target, weightPercent);
  const { id, target, plan, requestedBy, evidence, redBefore } = cutover;
  // What people did to a step, and when it began to bake, is of that step alone.
  const fresh: Cutover = { id, target, plan, requestedBy, stepIndex, stepEnteredAt: now };
  if (evidence !== undefined) fresh.evidence = forNextStep(evidence);
  if (redBefore !== undefined) fresh.redBefore = redBefore;
  // The writer does not move back when a step begins anew.
  if (stepIndex === cutover.stepIndex && cutover.switchover) fresh.switchover = cutover.switchover;
  const next = withCutover({ ...state, weights }, fresh);
  const reason = `${because}: ${weightPercent} % to ${cutover.target}.`;
  return act(next, code, reason, setWeights(weights), notify(reason));
}

export function stepAt(plan: Plan, index: number): Step {
  const step = plan.steps[index];
  if (step === undefined) throw new Error(`the plan has no step ${index + 1}`);
  return step;
}

export function withCutover(state: CutoverState, cutover: Cutover): CutoverState {
  return { ...state, phase: { name: "shifting", cutover } };
}

/** The state with these marks on the cutover that runs. */
export function withMarks(state: CutoverState, marks: Partial<Cutover>): CutoverState {
  return state.phase.name === "shifting"
    ? withCutover(state, { ...state.phase.cutover, ...marks })
    : state;
}

/**
 * The decision, which puts evidence on record from time to time, though nothing moves.
 * @param running the move as it is on record
 * @param settled with what is now settled of its evidence
 * @param kept the state with that
 */
export function keepingEvidence(
  decision: Decision,
  state: CutoverState,
  running: Move,
  settled: Move,
  kept: CutoverState,
  now: number,
): Decision {
  const holds = decision.next === state && decision.code !== "refuse";
  const settles = holds && mustSettle(running, now) && !mustSettle(settled, now);
  return settles ? { ...decision, next: kept } : decision;
}

export function hold(next: CutoverState, code: string, reason: string): Decision {
  return { code, reason, next, actions: [] };
}

export function act(
  next: CutoverState,
  code: string,
  reason: string,
  ...actions: Action[]
): Decision {
  return { code, reason, next, actions };
}

export function setWeights(weights: Weights): Action {
  return { kind: "set-weights", weights };
}

export function setAwsPercent(percent: number): Action {
  return { kind: "set-aws-percent", percent };
}

export function notify(message: string): Action {
  return { kind: "notify", subject: message.slice(0, 100), message };
}
