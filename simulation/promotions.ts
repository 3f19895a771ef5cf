import type { Color, Freeze, Plan, Verb } from "../lambdas/cutover/contract";
import { WEEKDAYS } from "../lambdas/cutover/contract";
import type { CutoverState, Phase } from "../lambdas/cutover/state";

/** A step as its record showed it; times are epoch milliseconds. */
export interface StepSeen {
  /** The cutover's name. */
  id: string;
  /** The color that the payments move to. */
  target: Color;
  plan: Plan;
  stepIndex: number;
  stepEnteredAt: number;
  paused: boolean;
  /** When the step was put on record, or put on record anew. */
  since: number;
}

interface Before {
  phase: Phase["name"];
  step: StepSeen | undefined;
}

const MINUTE = 60_000;

/**
 * What was wrong with the way from one record to the next, if payments were moved on by it. Written
 * from the plan alone, without the controller's own rules.
 * @param decidedAt epoch milliseconds
 * @param askedAt when a person last asked for what
 */
export function promotionMistakes(
  before: Before,
  next: CutoverState,
  decidedAt: number,
  askedAt: { [verb in Verb]?: number },
): string[] {
  const { phase } = next;
  const { step } = before;
  if (before.phase === "idle" && phase.name === "shifting") {
    const { plan, stepIndex } = phase.cutover;
    return [...frozenMistakes(plan.freeze, decidedAt), ...shareMistakes(next, plan, stepIndex, 0)];
  }
  if (before.phase !== "shifting" || step === undefined) return [];
  const { plan, stepIndex } = step;
  const completes = phase.name === "idle";
  const goesOn = phase.name === "shifting" && phase.cutover.stepIndex !== stepIndex;
  if (phase.name === "shifting" && !goesOn) return shareMistakes(next, plan, stepIndex, stepIndex);
  if (!completes && !goesOn) return [];
  return [
    ...waitingMistakes(step, decidedAt, askedAt),
    ...(completes
      ? completionMistakes(plan, stepIndex)
      : [
          ...frozenMistakes(plan.freeze, decidedAt),
          ...shareMistakes(next, plan, phase.cutover.stepIndex, stepIndex + 1),
        ]),
  ];
}

/** That a step which moves the database writer did not end before it had. @param writer if it is known */
export function writerMistakes(
  { phase, step }: Before,
  { phase: next }: CutoverState,
  writer: Color | undefined,
): string[] {
  if (phase !== "shifting" || step === undefined || writer === undefined) return [];
  const { plan, stepIndex, target } = step;
  const goesOn = next.name === "shifting" && next.cutover.stepIndex !== stepIndex;
  const isOver = goesOn || next.name === "idle";
  return isOver && plan.steps[stepIndex]?.switchover && writer !== target
    ? [`step ${stepIndex + 1} ended while ${writer} takes all writes`]
    : [];
}

function waitingMistakes(
  { plan, stepIndex, paused, since }: StepSeen,
  decidedAt: number,
  askedAt: { [verb in Verb]?: number },
): string[] {
  const step = plan.steps[stepIndex];
  const asked = (verb: Verb) => (askedAt[verb] ?? Number.NEGATIVE_INFINITY) >= since - MINUTE;
  const mistakes: string[] = [];
  if (paused) mistakes.push("payments were moved on while the cutover was paused");
  if (step === undefined) return [...mistakes, `the plan has no step ${stepIndex + 1}`];
  const early = decidedAt - since < step.bakeMinutes * MINUTE;
  if (early && !asked("skip-bake"))
    mistakes.push(`step ${stepIndex + 1} ended before its bake time of ${step.bakeMinutes} min`);
  if (step.approval !== undefined && !asked("approve"))
    mistakes.push(`step ${stepIndex + 1} ended and nobody approved it`);
  return mistakes;
}

function completionMistakes(plan: Plan, stepIndex: number): string[] {
  return stepIndex === plan.steps.length - 1
    ? []
    : [`the cutover completed at step ${stepIndex + 1} of ${plan.steps.length}`];
}

function shareMistakes(next: CutoverState, plan: Plan, index: number, due: number): string[] {
  const share = next.weights[next.live === "blue" ? "green" : "blue"];
  const planned = plan.steps[index]?.weightPercent;
  const mistakes: string[] = [];
  if (index !== due) mistakes.push(`step ${index + 1} was entered, and step ${due + 1} was due`);
  if (share !== planned) mistakes.push(`step ${index + 1} gives ${share} %, planned is ${planned}`);
  return mistakes;
}

/** Knows UTC only: the simulations freeze in no other time zone. */
export function frozenMistakes(freeze: Freeze | undefined, decidedAt: number): string[] {
  const within = freeze?.windows.some(({ days, from, to }) => {
    const at = new Date(decidedAt);
    const time = at.toISOString().slice(11, 16);
    const day = WEEKDAYS[(at.getUTCDay() + 6) % 7];
    return day !== undefined && days.includes(day) && from <= time && time < to;
  });
  return within ? ["payments were moved on in a freeze"] : [];
}
