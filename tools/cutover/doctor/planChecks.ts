import { type Plan, planMistakes } from "../../../lambdas/cutover/contract";
import { paymentsToClear, SLOW_MARGIN_RATIO } from "../../../lambdas/cutover/evidence/clearance";
import { frozenBy } from "../../../lambdas/cutover/freeze";
import { minutesOf } from "../../../lambdas/cutover/gate/contract";
import { count, duration } from "../../terminal/texts";
import { bad, type Check, good, unseen, warning } from "./check";
import type { DoctorFacts } from "./facts";
import { differences, isSame } from "./filePlan";

const MINUTE = 60_000;

/** Whether the plan that is deployed can be carried out. */
export function planItself(plan: Plan): Check {
  const mistakes = planMistakes(plan);
  const steps = plan.steps.map(({ weightPercent }) => weightPercent).join(", ");
  if (mistakes.length === 0)
    return good("plan", `${steps} %, ${duration(minutesOf(plan.steps) * 60)}`);
  return bad("plan", mistakes.join("; "), "Mend it in the stack's file, and deploy.");
}

/** Whether what is deployed is what was meant: by the last deployment, and by the file that is here. */
export function planTold({ toldPlan, filePlan, stack }: DoctorFacts, plan: Plan): Check[] {
  const name = "settings";
  const deploy = `Deploy, so that both are the same: npx pulumi up -s ${stack.name}`;
  const told = !toldPlan.known
    ? [unseen(name, toldPlan.reason)]
    : toldPlan.value !== undefined && !isSame(toldPlan.value, plan)
      ? [
          bad(
            name,
            "the function has another plan than the stack's parameter cutover/plan: the last deployment did not end",
            deploy,
          ),
        ]
      : [];
  const changed = filePlan === undefined ? [] : differences(filePlan, plan);
  const inFile =
    changed.length === 0
      ? []
      : [
          warning(
            name,
            `${filePlan?.file} has other values than the deployed plan: ${changed.join(", ")}`,
            deploy,
          ),
        ];
  const found = [...told, ...inFile];
  if (found.length > 0) return found;
  const beside = filePlan === undefined ? "" : ` and of ${filePlan.file}`;
  return [good(name, `the deployed plan is that of the last deployment${beside}`)];
}

/** Whether nothing may move now, or will not before the plan is through. @param now epoch milliseconds */
export function freeze(plan: Plan, now: number): Check {
  const name = "freeze";
  // A freeze that is a mistake itself cannot be read.
  if (planMistakes(plan).length > 0) return unseen(name, "the plan has mistakes");
  const frozen = frozenBy(plan.freeze, now);
  if (frozen !== undefined)
    return bad(name, frozen, "Wait for its end; rollback works at any time.");
  const minutes = Math.ceil(minutesOf(plan.steps));
  const ahead = nextFreeze(plan, now, minutes);
  if (ahead === undefined)
    return good(
      name,
      plan.freeze === undefined
        ? "there is none"
        : `none in the ${minutes} min that the plan takes`,
    );
  return warning(
    name,
    `one begins in ${duration(ahead.minutes * 60)} and the plan takes ${minutes} min: ${ahead.because}`,
    "Begin earlier, or later: a step that the freeze catches waits for its end.",
  );
}

/** The first minute ahead that is frozen; the plan's windows are looked at, minute by minute. */
export function nextFreeze(plan: Plan, now: number, minutes: number) {
  for (let ahead = 1; plan.freeze !== undefined && ahead <= minutes; ahead++) {
    const because = frozenBy(plan.freeze, now + ahead * MINUTE);
    if (because !== undefined) return { minutes: ahead, because };
  }
  return undefined;
}

/** Whether there are enough payments to judge the first step by. */
export function payments({ payments: counted }: DoctorFacts, plan: Plan): Check {
  const name = "payments";
  if (plan.withoutEvidence) return good(name, "the plan asks for no evidence of them");
  if (!counted.known) return unseen(name, counted.reason);
  const [first] = plan.steps;
  if (first === undefined) return unseen(name, "the plan has no step");
  const { limits } = plan;
  const { blue, green, minutes } = counted.value;
  const perMinute = (blue.payments + green.payments) / minutes;
  const needed = Math.max(limits.minimumPayments, fewestToProve(plan));
  const share = (perMinute * first.weightPercent) / 100;
  const takes = share > 0 ? needed / share : Number.POSITIVE_INFINITY;
  const said = `${count(Math.round(perMinute))} a minute; the first step, with ${first.weightPercent} % of them, needs ${count(needed)}`;
  if (takes > first.bakeMinutes + limits.longestHoldMinutes)
    return bad(
      name,
      `${said}, and is taken back without them after ${first.bakeMinutes + limits.longestHoldMinutes} min`,
      "Wait for a busier hour, or give the first step more weight or time.",
    );
  if (takes <= first.bakeMinutes) return good(name, said);
  return warning(
    name,
    `${said}, which takes about ${Math.ceil(takes)} min`,
    "It is held until then; give it more weight if that is too long.",
  );
}

/** Payments without a failure that show a color to be within its limits. */
function fewestToProve({ limits }: Plan): number {
  const limit = Math.min(limits.maxErrorsPerThousand / 1000, SLOW_MARGIN_RATIO);
  return paymentsToClear(limit, limits.stepsPerFalsePromotion);
}
