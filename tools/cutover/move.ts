import { type Color, DNS_REACH_SECONDS, otherColor } from "../../lambdas/cutover/contract";
import type { Cutover, Migration, Move, Phase } from "../../lambdas/cutover/state";

const MINUTE = 60_000;

/** The step under way, as a person wants to see it. Times are epoch milliseconds. */
export interface MoveStatus {
  kind: "cutover" | "migration";
  /** What it moves to. @default AWS */
  target?: Color;
  /** The color that gets everything back. */
  from: Color;
  id: string;
  requestedBy: string;
  /** Counted from 1. */
  step: number;
  /** Percent that each step gives, in order. */
  percents: number[];
  /** What the step gives, such as `50 % on green`. */
  share: string;
  enteredAt: number;
  bakeMinutes: number;
  /** From when bake time counts; in a migration that may be to come. @default its weights were not seen yet */
  bakingSince?: number;
  /** Whether a person ended the bake time. */
  bakeSkipped: boolean;
  approval?: { question: string; asked: boolean; approvedBy?: string };
  /** How far the step's switchover of the databases is. @default it has none */
  switchover?: "to come" | "asked for" | "done";
  pausedBy?: string;
  /** Whether a freeze holds it. */
  frozen: boolean;
  /** How long the step may lack something, in minutes. */
  longestHoldMinutes: number;
}

/** Undefined while nothing moves and nothing was taken back. */
export function moveOf(phase: Phase, live: Color): MoveStatus | undefined {
  if (phase.name === "idle") return undefined;
  return "cutover" in phase ? ofCutover(phase.cutover) : ofMigration(phase.migration, live);
}

function ofCutover(cutover: Cutover): MoveStatus {
  const { target, plan, stepIndex, switchover: asked } = cutover;
  const step = plan.steps[stepIndex];
  const percents = plan.steps.map(({ weightPercent }) => weightPercent);
  const share = `${step?.weightPercent ?? "?"} % on ${target}`;
  const done = asked?.isDone ? "done" : "asked for";
  return {
    ...common(cutover, step),
    ...{ kind: "cutover", target, from: otherColor(target), percents, share },
    ...(step?.switchover && { switchover: asked ? done : "to come" }),
  };
}

function ofMigration(migration: Migration, live: Color): MoveStatus {
  const steps = migration.plan.migration?.steps ?? [];
  const step = steps[migration.stepIndex];
  const percents = steps.map(({ awsPercent }) => awsPercent);
  const share = `${step?.awsPercent ?? "?"} % of the clients to AWS`;
  return { ...common(migration, step), kind: "migration", from: live, percents, share };
}

function common(move: Move, step: { bakeMinutes: number; approval?: string } | undefined) {
  const { id, requestedBy, stepIndex, stepEnteredAt, bakingSince, pausedBy, plan } = move;
  const { approval: question } = step ?? {};
  return {
    ...{ id, requestedBy, step: stepIndex + 1, enteredAt: stepEnteredAt },
    bakeMinutes: step?.bakeMinutes ?? 0,
    ...(bakingSince !== undefined && { bakingSince }),
    bakeSkipped: move.bakeSkipped === true,
    ...(question !== undefined && {
      approval: {
        ...{ question, asked: move.approvalAsked === true },
        ...(move.approvedBy !== undefined && { approvedBy: move.approvedBy }),
      },
    }),
    ...(pausedBy !== undefined && { pausedBy }),
    frozen: move.frozen === true,
    longestHoldMinutes: plan.limits.longestHoldMinutes,
  };
}

/** How far the bake time is. */
export interface Baking {
  /** Share of it that is over, 0 to 1. */
  share: number;
  /** Seconds until it is over; below 0: over since then. */
  secondsLeft: number;
  /** Seconds until it begins to count. */
  secondsAhead: number;
}

/** Undefined while its weights were not seen in place. @param now epoch milliseconds */
export function bakingOf(
  { bakingSince, bakeMinutes }: MoveStatus,
  now: number,
): Baking | undefined {
  if (bakingSince === undefined) return undefined;
  const length = bakeMinutes * MINUTE;
  const over = now - bakingSince;
  return {
    share: length === 0 ? 1 : Math.min(1, Math.max(0, over / length)),
    secondsLeft: (bakingSince + length - now) / 1000,
    secondsAhead: Math.max(0, (bakingSince - now) / 1000),
  };
}

/** Epoch milliseconds at which a step that lacks something is taken back: see the controller's own rule. */
export function holdEndsAt({
  kind,
  enteredAt,
  bakeMinutes,
  longestHoldMinutes,
}: MoveStatus): number {
  const reach = kind === "migration" ? DNS_REACH_SECONDS * 1000 : 0;
  return enteredAt + (bakeMinutes + longestHoldMinutes) * MINUTE + reach;
}
