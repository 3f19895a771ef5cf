import { type Color, type Plan, weightsFor } from "../lambdas/cutover/contract";
import { forNextStep } from "../lambdas/cutover/evidence/gather";
import { judgeTraffic } from "../lambdas/cutover/evidence/traffic";
import { noEvidence, startOfPeriod, weigh } from "../lambdas/cutover/evidence/weigh";
import {
  addCounts,
  type Counts,
  known,
  noCounts,
  type Period,
  SOURCES,
} from "../lambdas/cutover/ports";
import type { Cutover } from "../lambdas/cutover/state";
import { poisson, type Random, seededRandom } from "../simulation/random";

/**
 * How often the payments of a release that is as good as the live color take it back, and how long a
 * regression lives. The controller's own weighing and judging, without the rest of the world: counts are
 * drawn for each period and known at its end, so times here lack the delay of metrics and of the rule.
 */

/** How a color treats its payments, as shares of them. */
export interface Ratios {
  failing: number;
  slow: number;
}

export interface Trial {
  plan: Plan;
  paymentsPerHour: number;
  live: Ratios;
  standby: Ratios;
  seed: number;
}

export interface Outcome {
  /** "worse" by what the payments showed; "held" means that a step never proved itself in its time. */
  end: "completed" | "worse" | "held";
  /** From the first step's beginning to the end, one way or the other. */
  seconds: number;
  /** Payments that failed on the standby color. */
  failed: number;
}

const { application, loadBalancer } = SOURCES;
const NOW = Date.UTC(2026, 0, 5, 9);
const NOTHING = { application: known([]), loadBalancer: known([]) };

/** One cutover. */
export function tryOut({ plan, paymentsPerHour, live, standby, seed }: Trial): Outcome {
  const random = seededRandom(seed);
  const perPeriod = (paymentsPerHour * application.periodSeconds) / 3600;
  let cutover = begin(plan);
  let minute: Period[] = [];
  let failed = 0;
  for (let now = NOW; ; ) {
    const { weightPercent, bakeMinutes } = stepOf(cutover);
    const share = weightsFor("green", weightPercent);
    const period = {
      at: now,
      green: draw(random, (perPeriod * share.green) / 100, standby),
      blue: draw(random, (perPeriod * share.blue) / 100, live),
    };
    failed += period.green.failures;
    now += application.periodSeconds * 1000;
    minute.push(period);
    cutover = withPeriods(cutover, "application", [period]);
    if (now % 60_000 === 0) {
      cutover = withPeriods(cutover, "loadBalancer", [addUp(minute)]);
      minute = [];
    }
    const { verdict } = judgeTraffic(cutover, NOTHING, now);
    const ended = (end: Outcome["end"]) => ({ end, seconds: (now - NOW) / 1000, failed });
    if (verdict.kind === "worse") return ended("worse");
    const minutes = (now - cutover.stepEnteredAt) / 60_000;
    if (minutes > bakeMinutes + plan.limits.longestHoldMinutes) return ended("held");
    if (verdict.kind !== "not-worse" || minutes < bakeMinutes) continue;
    if (cutover.stepIndex + 1 === plan.steps.length) return ended("completed");
    cutover = nextStep(cutover, now);
  }
}

function begin(plan: Plan): Cutover {
  return {
    id: "bench",
    target: "green",
    plan,
    requestedBy: "bench",
    stepIndex: 0,
    stepEnteredAt: NOW,
    bakingSince: NOW,
    evidence: noEvidence(NOW),
  };
}

function nextStep(cutover: Cutover, now: number): Cutover {
  const { evidence = noEvidence(now), stepIndex } = cutover;
  const carried = forNextStep(evidence);
  return {
    ...cutover,
    stepIndex: stepIndex + 1,
    stepEnteredAt: now,
    bakingSince: now,
    evidence: carried,
  };
}

function withPeriods(cutover: Cutover, source: keyof typeof SOURCES, periods: Period[]): Cutover {
  const { target, plan, stepEnteredAt, bakingSince, evidence = noEvidence(NOW) } = cutover;
  const course = { target, limits: plan.limits, since: evidence.since, stepEnteredAt, bakingSince };
  const weighed = weigh(evidence[source], periods, SOURCES[source].periodSeconds, course);
  return { ...cutover, evidence: { ...evidence, [source]: weighed } };
}

function stepOf({ plan, stepIndex }: Cutover) {
  const step = plan.steps[stepIndex];
  if (step === undefined) throw new Error(`the plan has no step ${stepIndex + 1}`);
  return step;
}

function draw(random: Random, mean: number, { failing, slow }: Ratios): Counts {
  const failures = poisson(random, mean * failing);
  const late = poisson(random, mean * (1 - failing) * slow);
  const quick = poisson(random, mean * (1 - failing) * (1 - slow));
  return {
    payments: failures + late + quick,
    failures,
    timed: late + quick,
    slow: late,
    rejected: 0,
  };
}

function addUp(periods: Period[]): Period {
  const at = startOfPeriod(periods[0]?.at ?? 0, loadBalancer.periodSeconds);
  const of = (color: Color) => periods.map((period) => period[color]).reduce(addCounts, noCounts());
  return { at, blue: of("blue"), green: of("green") };
}
