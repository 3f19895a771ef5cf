import type { MigrationStep, Plan, Verb } from "../lambdas/cutover/contract";
import type { CutoverState, Phase } from "../lambdas/cutover/state";
import { frozenMistakes } from "./promotions";

/** What the record showed of the clients from on-premises; times are epoch milliseconds. */
export interface ClientsSeen {
  phase: Phase["name"];
  awsPercent: number | undefined;
  step:
    | {
        id: string;
        plan: Plan;
        stepIndex: number;
        stepEnteredAt: number;
        paused: boolean;
        /** When the step was put on record, or put on record anew. */
        since: number;
        /** What was on record before the migration. */
        from: number | undefined;
      }
    | undefined;
}

type AskedAt = { [verb in Verb]?: number };

const MINUTE = 60_000;
/** What Route 53 and resolvers are given: a minute each. */
const REACH_MILLISECONDS = 2 * MINUTE;

/**
 * What was wrong with the way from one record to the next, as far as clients are concerned. Written from
 * the plan alone, without the controller's own rules.
 */
export function clientMistakes(
  before: ClientsSeen,
  next: CutoverState,
  decidedAt: number,
  askedAt: AskedAt,
): string[] {
  const { phase, awsPercent } = next;
  const mistakes = shareMistakes(before, next);
  if (phase.name === "migrating") {
    const { plan, stepIndex } = phase.migration;
    const step = stepsOf(plan)[stepIndex];
    const due = dueIndex(before, stepIndex);
    if (step?.awsPercent !== awsPercent)
      mistakes.push(
        `step ${stepIndex + 1} of the migration leads ${awsPercent} % to AWS, planned is ${step?.awsPercent}`,
      );
    if (due !== undefined && stepIndex !== due)
      mistakes.push(`step ${stepIndex + 1} of the migration was entered, and ${due + 1} was due`);
    if (before.phase === "idle" || (before.step && stepIndex > before.step.stepIndex))
      mistakes.push(...frozenMistakes(plan.freeze, decidedAt));
  }
  const { step } = before;
  if (before.phase !== "migrating" || step === undefined) return mistakes;
  const goesOn = phase.name === "migrating" && phase.migration.stepIndex !== step.stepIndex;
  if (!goesOn && phase.name !== "idle") return mistakes;
  if (phase.name === "idle" && step.stepIndex !== stepsOf(step.plan).length - 1)
    mistakes.push(`the migration ended at step ${step.stepIndex + 1}`);
  return [...mistakes, ...waitingMistakes(step, decidedAt, askedAt)];
}

/** Where clients are led to: further only step by step, and back only to where they were. */
function shareMistakes(before: ClientsSeen, { phase, awsPercent }: CutoverState): string[] {
  const { awsPercent: was, step } = before;
  if (was === undefined || awsPercent === was) return [];
  if (awsPercent === undefined) return ["the share of AWS was forgotten"];
  if (phase.name === "migrating" && awsPercent > was) return [];
  const isBack = before.phase === "migrating" && phase.name === "migrating-back";
  if (isBack && awsPercent === step?.from) return [];
  return [
    `the share of AWS went from ${was} to ${awsPercent} % as the phase went from ${before.phase} to ${phase.name}`,
  ];
}

/** The only step that may follow; undefined where a migration begins, from any share. */
function dueIndex({ phase, step }: ClientsSeen, index: number): number | undefined {
  if (phase !== "migrating" || step === undefined) return undefined;
  return index === step.stepIndex ? index : step.stepIndex + 1;
}

function waitingMistakes(
  { plan, stepIndex, paused, since }: NonNullable<ClientsSeen["step"]>,
  decidedAt: number,
  askedAt: AskedAt,
): string[] {
  const step = stepsOf(plan)[stepIndex];
  const asked = (verb: Verb) => (askedAt[verb] ?? Number.NEGATIVE_INFINITY) >= since - MINUTE;
  const mistakes: string[] = [];
  const name = `step ${stepIndex + 1} of the migration`;
  if (paused) mistakes.push("clients were led on while the migration was paused");
  const lasted = decidedAt - since - REACH_MILLISECONDS;
  if (lasted < 0) mistakes.push(`${name} ended before DNS had reached everybody`);
  if (lasted < (step?.bakeMinutes ?? 0) * MINUTE && !asked("skip-bake"))
    mistakes.push(`${name} ended before its bake time of ${step?.bakeMinutes} min`);
  if (step?.approval !== undefined && !asked("approve"))
    mistakes.push(`${name} ended and nobody approved it`);
  return mistakes;
}

function stepsOf({ migration }: Plan): MigrationStep[] {
  return migration?.steps ?? [];
}

/** What this record shows, for the judgment of the next. */
export function clientsIn(next: CutoverState, before: ClientsSeen, now: number): ClientsSeen {
  const { phase, awsPercent } = next;
  if (phase.name !== "migrating") return { phase: phase.name, awsPercent, step: undefined };
  const { id, plan, stepIndex, stepEnteredAt, pausedBy } = phase.migration;
  const same = before.step?.id === id && before.step.stepEnteredAt === stepEnteredAt;
  const since = same ? (before.step?.since ?? now) : now;
  const from =
    before.step?.id === id ? before.step.from : (before.awsPercent ?? phase.migration.fromPercent);
  const step = { id, plan, stepIndex, stepEnteredAt, paused: pausedBy !== undefined, since, from };
  return { phase: phase.name, awsPercent, step };
}
