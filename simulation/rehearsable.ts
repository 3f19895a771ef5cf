import type { MigrationStep, Plan, Step } from "../lambdas/cutover/contract";
import type { Scenario } from "./scenarios";

/** A plan under which a scenario can be rehearsed. */
export interface Rehearsable {
  plan: Plan;
  /** What of the plan is not the environment's own, as a sentence; absent where all of it is. */
  changed?: string;
}

/** As `migrationSteps` in Pulumi.prod.yaml has them: for environments that have none. */
const USUAL_MIGRATION: MigrationStep[] = [2, 10, 50, 100].map((awsPercent) => ({
  awsPercent,
  bakeMinutes: 60,
}));

/**
 * The plan with what the scenario needs; a sentence where no plan like it can have that.
 * @param plan the environment's own
 */
export function rehearsablePlan(scenario: Scenario, plan: Plan): Rehearsable | string {
  if (scenario.migrates) return withMigration(plan);
  return scenario.switchover === undefined ? { plan } : withSwitchover(plan);
}

function withMigration(plan: Plan): Rehearsable {
  if (plan.migration !== undefined) return { plan };
  return {
    plan: { ...plan, migration: { steps: USUAL_MIGRATION } },
    changed:
      "The environment has no on-premises endpoint: this is how another's clients would come, an hour a step.",
  };
}

/** A switchover needs a step in which both colors have payments: the first with half of them, or the last. */
function withSwitchover(plan: Plan): Rehearsable | string {
  const { steps } = plan;
  if (steps.some(({ switchover }) => switchover)) return { plan };
  const shared = steps.filter(({ weightPercent }) => weightPercent < 100);
  const chosen = shared.find(({ weightPercent }) => weightPercent >= 50) ?? shared.at(-1);
  if (chosen === undefined)
    return "Its plan has no step below 100 %, and a switchover needs one in which both colors have payments.";
  const moved = (step: Step): Step => (step === chosen ? { ...step, switchover: true } : step);
  return {
    plan: { ...plan, steps: steps.map(moved) },
    changed: `The environment's plan moves no database writer: here its step with ${chosen.weightPercent} % does.`,
  };
}

/** How a scenario ought to end under a plan. */
export function expectedOf({ expected, trafficAt }: Scenario, plan: Plan): Scenario["expected"] {
  // Where nobody pays, a plan that asks for no evidence goes on.
  if (trafficAt !== undefined && plan.withoutEvidence) return "completed";
  return expected;
}
