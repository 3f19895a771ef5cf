import { peersOf } from "../simulation/peers/peers";
import { failingRelease, GOOD_RELEASE, type Scenario } from "../simulation/scenarios";
import { PRODUCTION_PLAN, PRODUCTION_TICK_SECONDS } from "./plan";

/** Percent of the payments that fail because of the release; none is a healthy one. */
export const FAULT_PERCENTS = [0, 0.3, 0.5, 1, 2, 5, 20, 100] as const;
export const TRAFFICS = [1_000, 10_000, 50_000, 500_000, 5_000_000] as const;

export interface Rule {
  name: string;
  title: string;
  source: string;
  settings: string;
  /** Between two passes; of ours alone. */
  tickSeconds?: number;
}

/** At production's tick, and at half of it. */
const OURS: Rule[] = [PRODUCTION_TICK_SECONDS, PRODUCTION_TICK_SECONDS / 2].map((tickSeconds) => ({
  name: `ours-${tickSeconds}`,
  title: `ours, a pass every ${tickSeconds} s`,
  source: "lambdas/cutover",
  settings: "production's plan and limits",
  tickSeconds,
}));

export const RULES: Rule[] = [
  ...OURS,
  ...peersOf(PRODUCTION_PLAN).map(({ name, title, source, settings }) => ({
    ...{ name, title, source, settings },
  })),
];

/** What a target speaks of by itself: a fault that is small, at the traffic that the plan is made for. */
export const SMALL_FAULT = { faultPercent: 2, paymentsPerHour: 50_000 } as const;

/** A fault under a rule at a traffic. */
export interface Cell {
  rule: string;
  faultPercent: number;
  paymentsPerHour: number;
}

/** A part of a cell: trials of consecutive seeds. */
export interface Job extends Cell {
  firstSeed: number;
  seeds: number;
}

/** How much is run. */
export interface Extent {
  traffics: readonly number[];
  faultPercents: readonly number[];
  /** Seeds of each fault. */
  seeds: number;
  /** How many times as many of a healthy release, which is seldom taken back, and of ours at `SMALL_FAULT`. */
  healthyTimes: number;
  /** The same for the first of ours, which is to be shown to take back fewer than one in a thousand. */
  ourHealthyTimes: number;
}

export const FULL: Extent = {
  traffics: TRAFFICS,
  faultPercents: FAULT_PERCENTS,
  ...{ seeds: 40, healthyTimes: 5, ourHealthyTimes: 15 },
};

/** What a minute of two cores is enough for. */
export const QUICK: Extent = {
  traffics: [50_000],
  faultPercents: [0, 0.5, 2, 20, 100],
  ...{ seeds: 10, healthyTimes: 4, ourHealthyTimes: 4 },
};

/** So small that the cores end together. */
const LARGEST_JOB = 25;

export function seedsOf({ rule, faultPercent, paymentsPerHour }: Cell, extent: Extent): number {
  const { seeds, healthyTimes, ourHealthyTimes } = extent;
  const isOurs = OURS.some(({ name }) => name === rule);
  if (faultPercent === 0) return seeds * (rule === OURS[0]?.name ? ourHealthyTimes : healthyTimes);
  const isTarget =
    faultPercent === SMALL_FAULT.faultPercent && paymentsPerHour === SMALL_FAULT.paymentsPerHour;
  return seeds * (isOurs && isTarget ? healthyTimes : 1);
}

/** Every cell sees the same seeds, from 1 on. */
export function cellsOf({ traffics, faultPercents }: Extent): Cell[] {
  return traffics.flatMap((paymentsPerHour) =>
    RULES.flatMap(({ name }) =>
      faultPercents.map((faultPercent) => ({ rule: name, faultPercent, paymentsPerHour })),
    ),
  );
}

export function jobsOf(cell: Cell, extent: Extent): Job[] {
  const all = seedsOf(cell, extent);
  return Array.from({ length: Math.ceil(all / LARGEST_JOB) }, (_, index) => {
    const firstSeed = 1 + index * LARGEST_JOB;
    return { ...cell, firstSeed, seeds: Math.min(LARGEST_JOB, all - firstSeed + 1) };
  });
}

export function scenarioOf(faultPercent: number): Scenario {
  return faultPercent === 0 ? GOOD_RELEASE : failingRelease(`bad-${faultPercent}`, faultPercent);
}
