import type { Weights } from "../../lambdas/cutover/contract";
import type { Ports } from "../../lambdas/cutover/ports";
import type { CutoverState } from "../../lambdas/cutover/state";
import { type Checker, createChecker } from "../checker";
import { type Recorded, simulatedPorts } from "../ports";
import { type Random, seededRandom } from "../random";
import { createWorld, type World } from "../world";
import { drawOptions, type Fault, type RunOptions, withMigration, withSwitchover } from "./options";
import { createScheduler, type Scheduler } from "./scheduler";
import { createStack, type Stack } from "./stack";

/** All that one run of a campaign is. Times are epoch milliseconds. */
export interface Run {
  options: RunOptions;
  random: Random;
  scheduler: Scheduler;
  world: World;
  /** On the world, without faults and without taking time. */
  ports: Ports;
  checker: Checker;
  /** Where releases come from. */
  stack: Stack;
  recorded: Recorded;
  /** How many of the stored decisions the stack's rules have seen. */
  checkedForStack: number;
  /** Mistakes that are not the checker's to see. */
  mistakes: string[];
  /** What the listener rule said, and since when, oldest first. */
  ruleHistory: { at: number; weights: Weights }[];
  /** What each port's readings last answered, and when. */
  lastAnswers: { [call: string]: { at: number; answer: unknown } };
  /** Whether faults are on: in the safety phase. */
  faulty: boolean;
  /** The port that fails at every call, and until when. */
  outage: { port: string; until: number } | undefined;
  /** How often each fault was injected. */
  injected: { [fault in Fault]?: number };
  /** Most invocations that run at once. */
  concurrency: number;
  running: number;
  invocations: number;
  passes: number;
  /** How often each decision was reported, by the phase that it led to. */
  seen: { [phase: string]: { [code: string]: number } };
  lastReason: string;
  /** Time of the last decision that somebody might have taken back at once. */
  regretted: number;
  trace: (line: () => string) => void;
}

/** One life of the function. */
export interface Invocation {
  id: number;
  /** When the platform ends it, whatever it does. */
  endsAt: number;
  alive: boolean;
}

/** A Monday, 09:00: a run must not depend on the day on which it runs. */
export const STARTS_AT = Date.UTC(2026, 0, 5, 9);

/** Far from the seeds that people give: what is drawn for clients is no part of another run. */
const MIGRATION_SEEDS = 1_000_000;
const SWITCHOVER_SEEDS = 2_000_000;

/** How often a switchover gives the writes back, while things go wrong. */
const ABORTED_RATIO = 0.3;

export function prepareRun(
  seed: number,
  concurrency: number,
  onTrace: ((line: string) => void) | undefined,
): Run {
  const random = seededRandom(seed);
  const drawn = withMigration(drawOptions(random), seededRandom(seed + MIGRATION_SEEDS));
  const writerRandom = seededRandom(seed + SWITCHOVER_SEEDS);
  const options = withSwitchover(drawn, writerRandom);
  const { live, scenario, paymentsPerHour, plan, awsPercent } = options;
  const scheduler = createScheduler(STARTS_AT);
  const worldRandom = seededRandom(Math.floor(random() * 2 ** 32));
  const clients = awsPercent === undefined ? {} : { awsPercent };
  const shared = { live, scenario, paymentsPerHour, limits: plan.limits, ...clients };
  const world = createWorld({ ...shared, startsAt: STARTS_AT, random: worldRandom });
  const checker = createChecker(live, scheduler.now, undefined, () => world.writer.color);
  const recorded: Recorded = { stored: [], messages: [] };
  const time = () => new Date(scheduler.now()).toISOString().slice(11, 23);
  const run: Run = {
    ...{ options, random, scheduler, world, checker, recorded, concurrency },
    stack: createStack(live),
    ports: simulatedPorts(world, checker, recorded),
    ...{ checkedForStack: 0, mistakes: [] },
    ruleHistory: [{ at: 0, weights: world.weightsInRule }],
    lastAnswers: {},
    faulty: true,
    outage: undefined,
    injected: {},
    ...{ running: 0, invocations: 0, passes: 0, seen: {}, lastReason: "", regretted: 0 },
    trace: (line) => onTrace?.(`${time()} ${line()}`),
  };
  world.writer.aborts = () => run.faulty && writerRandom() < ABORTED_RATIO;
  return run;
}

export function inject(run: Run, fault: Fault): void {
  run.injected[fault] = (run.injected[fault] ?? 0) + 1;
}

/** The state on record; undefined before the first. */
export function stateOf({ recorded }: Run): CutoverState | undefined {
  return recorded.stored[recorded.stored.length - 1]?.state;
}

export function brokenIn(run: Run): string[] {
  return [...run.checker.broken(), ...run.mistakes];
}

/** Ends a life: nothing of it goes on. */
export function kill(run: Run, invocation: Invocation): Promise<never> {
  if (invocation.alive) run.running--;
  if (invocation.alive) run.trace(() => `#${invocation.id} ends`);
  invocation.alive = false;
  return new Promise(() => {});
}
