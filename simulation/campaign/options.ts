import { type Color, DEFAULT_LIMITS, type Plan, type Step } from "../../lambdas/cutover/contract";
import type { Random } from "../random";
import { BROKEN_RELEASE, failingRelease, GOOD_RELEASE, type Scenario } from "../scenarios";

/** What can go wrong with one call of a port. */
export const CALL_FAULTS = [
  /** The process dies before the call. */
  "killed-before",
  /** The process dies after the call, which was carried out. */
  "killed-after",
  /** The process stands still for a while after the call. */
  "stall",
  /** The call takes seconds. */
  "slow",
  /** An error, and nothing was done. */
  "refused",
  /** No answer, and nothing was done. */
  "lost",
  /** No answer, though it was done. */
  "unanswered",
  /** No answer, and it is done seconds later. */
  "late",
  /** A reading shows what was true some seconds ago. */
  "stale",
  /** A conditional write loses against nobody. */
  "conflict",
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];

/** What can go wrong besides. */
export const OTHER_FAULTS = [
  /** A port fails at every call, for minutes. */
  "outage",
  /** The same event is delivered again. */
  "duplicate",
  /** An event of the schedule is never delivered. */
  "missed",
  /** Somebody else changes the weights. */
  "by-hand",
] as const;

export type Fault = CallFault | (typeof OTHER_FAULTS)[number];

/** All that chance chooses before a run begins: how much of what, as well as what. */
export interface RunOptions {
  plan: Plan;
  /** Percent of the clients that come to AWS at first. @default there is no on-premises endpoint */
  awsPercent?: number;
  live: Color;
  scenario: Scenario;
  paymentsPerHour: number;
  tickSeconds: number;
  /** How likely each call of a port goes wrong in that way, 0 to 1. */
  callFaults: { [fault in CallFault]: number };
  /** How likely an event is delivered again, 0 to 1. */
  duplicateRatio: number;
  /** How likely an event of the schedule is missed, 0 to 1. */
  missedRatio: number;
  /** Mean minutes between two requests of people. */
  requestMinutes: number;
  /** How likely somebody takes a step back at once, 0 to 1. */
  regretRatio: number;
  /** Mean minutes between two changes of the weights by somebody else. */
  byHandMinutes: number;
  /** Mean minutes between two outages of a port. */
  outageMinutes: number;
  /** Mean minutes between two deployments, or their cancellations. */
  releaseMinutes: number;
  /** Length of the safety phase, in minutes. */
  safetyMinutes: number;
}

const NO_BACKGROUND = {
  backgroundFailureRatio: 0,
  latency: { medianMilliseconds: 80, p99Milliseconds: 80 },
};

/** No payment fails, or is slow, whose color is well: a good release has no excuse to be taken back. */
function withoutBackground(scenario: Scenario): Scenario {
  const { live, standby } = scenario;
  return {
    ...scenario,
    live: { ...live, ...NO_BACKGROUND },
    standby: { ...standby, ...NO_BACKGROUND },
  };
}

const SCENARIOS: readonly Scenario[] = [
  GOOD_RELEASE,
  GOOD_RELEASE,
  failingRelease("failing-release", 30),
  BROKEN_RELEASE,
].map(withoutBackground);

const STEP_WEIGHTS: readonly number[][] = [[100], [10, 100], [10, 50, 100], [10, 50, 90, 100]];

/**
 * Draws a run. Each kind of fault is left out of some runs and frequent in others: what hides under
 * frequent deaths, say, shows in a run without any.
 */
export function drawOptions(random: Random): RunOptions {
  const callFaults = Object.fromEntries(
    CALL_FAULTS.map((fault) => [fault, pick(random, [0, 0.002, 0.01, 0.04])]),
  ) as RunOptions["callFaults"];
  return {
    plan: drawPlan(random),
    live: pick(random, ["blue", "green"]),
    scenario: pick(random, SCENARIOS),
    // Without any payment there is never evidence enough.
    paymentsPerHour: random() < 0.15 ? 0 : 60_000,
    tickSeconds: 10,
    callFaults,
    duplicateRatio: pick(random, [0, 0.1, 0.5]),
    missedRatio: pick(random, [0, 0.1]),
    requestMinutes: pick(random, [0.5, 2, 8]),
    regretRatio: pick(random, [0, 0, 0.5]),
    byHandMinutes: pick(random, [10, 60, 1_000]),
    outageMinutes: pick(random, [15, 60, 1_000]),
    safetyMinutes: pick(random, [15, 30]),
    releaseMinutes: pick(random, [6, 20, 100_000, 100_000]),
  };
}

const MIGRATION_PERCENTS: readonly number[][] = [[100], [60, 100], [40, 70, 100]];

const FIRST_PERCENT = 30;

/** How many runs have an on-premises endpoint, 0 to 1. */
const MIGRATION_RATIO = 0.3;

/** In how many of these AWS cannot bear all clients, 0 to 1. */
const OVERLOAD_RATIO = 0.3;

/**
 * Adds an on-premises endpoint to some runs. As many payments come to AWS at first as in the others, so
 * that cutovers can be judged by them.
 * @param random of its own, so that the other runs do not depend on it
 */
export function withMigration(options: RunOptions, random: Random): RunOptions {
  if (random() >= MIGRATION_RATIO) return options;
  const steps = pick(random, MIGRATION_PERCENTS).map((awsPercent) => ({
    awsPercent,
    bakeMinutes: pick(random, [0, 1, 3]),
    ...(random() < 0.2 && { approval: `${awsPercent} % is enough?` }),
  }));
  const plan = { ...options.plan, migration: { steps } };
  const overload = { abovePercent: 50, failureRatio: 0.3 };
  const scenario = random() < OVERLOAD_RATIO ? { ...options.scenario, overload } : options.scenario;
  const paymentsPerHour = (100 * options.paymentsPerHour) / FIRST_PERCENT;
  return { ...options, awsPercent: FIRST_PERCENT, paymentsPerHour, plan, scenario };
}

/** How many runs of several steps move the database writer in one of them, 0 to 1. */
const SWITCHOVER_RATIO = 0.3;

/** @param random of its own, so that the other runs do not depend on it */
export function withSwitchover(options: RunOptions, random: Random): RunOptions {
  const { plan } = options;
  if (plan.steps.length < 2 || random() >= SWITCHOVER_RATIO) return options;
  const chosen = Math.floor(random() * (plan.steps.length - 1));
  const steps = plan.steps.map((step, index) =>
    index === chosen ? { ...step, switchover: true as const } : step,
  );
  return { ...options, plan: { ...plan, steps } };
}

function drawPlan(random: Random): Plan {
  const weights = pick(random, STEP_WEIGHTS);
  const steps: Step[] = weights.map((weightPercent) => ({
    weightPercent,
    bakeMinutes: pick(random, [0, 1, 3]),
    ...(random() < 0.2 && { approval: `${weightPercent} % is enough?` }),
  }));
  const longestHoldMinutes = pick(random, [8, 15]);
  // So high a limit that few payments show that it is kept: steps are to end within minutes.
  const counts = { maxErrorsPerThousand: 40, minimumPayments: 50, longestHoldMinutes };
  const limits = { ...DEFAULT_LIMITS, ...counts };
  return random() < 0.3 ? { steps, limits, freeze: drawFreeze(random) } : { steps, limits };
}

/** Some minutes of the safety phase, which begins at 09:00, and perhaps some after it. */
function drawFreeze(random: Random): NonNullable<Plan["freeze"]> {
  const begins = Math.floor(random() * 25);
  const time = (minutes: number) => `09:${String(minutes).padStart(2, "0")}`;
  const ends = begins + 3 + Math.floor(random() * 15);
  const window = { days: ["mon" as const], from: time(begins), to: time(ends) };
  return { timeZone: "UTC", windows: [window] };
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error("there is nothing to choose from");
  return choice;
}

/** Milliseconds until the next of events that come at random, that many minutes apart on the mean. */
export function nextAfter(random: Random, meanMinutes: number): number {
  return Math.ceil(-Math.log(1 - random()) * meanMinutes * 60_000);
}
