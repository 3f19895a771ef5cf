import { statusOf } from "../status";
import type { Check } from "./check";
import * as colors from "./colorChecks";
import * as controller from "./controllerChecks";
import type { DoctorFacts } from "./facts";
import * as plans from "./planChecks";

/** What would stop a cutover, and what would not, by what was read. Pure. @param now epoch milliseconds */
export function examine(facts: DoctorFacts, now: number): Check[] {
  const status = facts.facts.known ? statusOf(facts.facts.value) : undefined;
  const plan = facts.deployed.known ? facts.deployed.value.wiring.plan : undefined;
  return [
    controller.credentials(facts),
    controller.deployment(facts),
    controller.answering(facts),
    controller.activity(facts),
    controller.latch(facts, status),
    ...(plan === undefined
      ? []
      : [
          plans.planItself(plan),
          ...plans.planTold(facts, plan),
          plans.freeze(plan, now),
          plans.payments(facts, plan),
        ]),
    ...(status === undefined
      ? []
      : [colors.weights(status), ...colors.targets(status), ...colors.alarms(facts, status)]),
    ...colors.services(facts, status?.standby),
    colors.images(facts),
    controller.writer(facts, status),
    controller.listeners(facts),
  ];
}

/** How it comes out. */
export interface Diagnosis {
  checks: Check[];
  /** Whether a cutover could begin, and be judged, as far as is known. */
  canBegin: boolean;
}

export function diagnose(checks: Check[]): Diagnosis {
  const canBegin = checks.every(({ verdict }) => verdict === "good" || verdict === "warning");
  return { checks, canBegin };
}
