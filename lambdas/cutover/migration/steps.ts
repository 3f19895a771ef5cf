import { DNS_REACH_SECONDS, type MigrationStep, type Plan } from "../contract";
import { act, type Decision, notify, setAwsPercent } from "../decision";
import { dnsDriftOf, driftOf } from "../drift";
import { forNextStep } from "../evidence/gather";
import type { Verdict } from "../evidence/verdict";
import type { Observation } from "../observe";
import type { Subject } from "../requests";
import type { CutoverState, Migration } from "../state";

const MINUTE = 60_000;

export function stepsOf({ migration }: Plan): MigrationStep[] {
  return migration?.steps ?? [];
}

export function stepOf({ plan, stepIndex }: Migration): MigrationStep {
  const step = stepsOf(plan)[stepIndex];
  if (step === undefined) throw new Error(`the migration has no step ${stepIndex + 1}`);
  return step;
}

export function withMigration(state: CutoverState, migration: Migration): CutoverState {
  return { ...state, phase: { name: "migrating", migration } };
}

export function enterStep(
  state: CutoverState,
  migration: Migration,
  stepIndex: number,
  code: string,
  because: string,
  now: number,
): Decision {
  const { id, plan, requestedBy, fromPercent, evidence } = migration;
  // What people did to a step, and when it began to bake, is of that step alone.
  const fresh: Migration = { id, plan, requestedBy, fromPercent, stepIndex, stepEnteredAt: now };
  if (evidence !== undefined) fresh.evidence = forNextStep(evidence);
  const { awsPercent } = stepOf(fresh);
  const next = withMigration({ ...state, awsPercent }, fresh);
  const reason = `${because}: ${awsPercent} % of the clients to AWS.`;
  return act(next, code, reason, setAwsPercent(awsPercent), notify(reason));
}

export function subjectOf(state: CutoverState, migration: Migration, now: number): Subject {
  const { awsPercent, approval } = stepOf(migration);
  return {
    kind: "migration",
    name: "migration to AWS",
    move: migration,
    share: `${awsPercent} % of the clients to AWS`,
    approval,
    mark: (marks) => withMigration(state, { ...migration, ...marks }),
    beginAnew: (code, because) =>
      enterStep(state, migration, migration.stepIndex, code, because, now),
  };
}

export function heldTooLong(now: number, migration: Migration): boolean {
  const { bakeMinutes } = stepOf(migration);
  const allowedMinutes =
    bakeMinutes + migration.plan.limits.longestHoldMinutes + DNS_REACH_SECONDS / 60;
  return now - migration.stepEnteredAt > allowedMinutes * MINUTE;
}

/** What the step lacks, apart from time; undefined when time alone will end it. */
export function obstacleTo(
  state: CutoverState,
  { weights, awsPercent }: Observation,
  migration: Migration,
  verdict: Verdict,
): string | undefined {
  if (!weights.known) return `the weights are unknown (${weights.reason})`;
  if (!awsPercent?.known) return unknownDns(awsPercent);
  const drift = driftOf(weights, state.weights) ?? dnsDriftOf(awsPercent, state.awsPercent);
  if (drift !== undefined) return drift;
  if (migration.bakingSince === undefined) return "its weights of DNS were not seen in place";
  if (verdict.kind !== "not-worse") return verdict.reason;
  return migration.approvalAsked && migration.approvedBy === undefined
    ? "nobody approved it"
    : undefined;
}

export function unknownDns(awsPercent: Observation["awsPercent"]): string {
  const reason = awsPercent?.known === false ? awsPercent.reason : "nobody read them";
  return `the weights of DNS are unknown (${reason})`;
}
