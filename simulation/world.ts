import {
  COLORS,
  type Color,
  type Limits,
  type Weights,
  weightsFor,
} from "../lambdas/cutover/contract";
import { type AlarmState, alarmsAreEvaluatedAt, evaluateAlarms } from "./alarms";
import { SLICE_MILLISECONDS } from "./arrivals";
import { targetsOf } from "./colors";
import { createDns, type Dns } from "./dns";
import { APPLICATION_CADENCE, createMetrics, LOAD_BALANCER_CADENCE, type Metrics } from "./metrics";
import {
  type ClientCounts,
  type CountsPerColor,
  noCounts,
  type Retry,
  servePayments,
  type Waiting,
} from "./payments";
import type { Random } from "./random";
import type { Scenario } from "./scenarios";
import { createWriter, type Writer } from "./writer";

/** A changed listener rule reaches all of the load balancer's nodes after one to that many slices. */
const LONGEST_RULE_DELAY_SLICES = 3;

export interface WorldOptions {
  live: Color;
  scenario: Scenario;
  paymentsPerHour: number;
  /** What the errors alarm holds a minute's payments against. */
  limits: Limits;
  /** Epoch milliseconds; a whole number of slices. */
  startsAt: number;
  random: Random;
  /** Percent of the clients that DNS leads to AWS at first. @default there is no on-premises endpoint */
  awsPercent?: number;
  /** Whether payments come as the hour has it: `paymentsPerHour` is the busiest's. @default as many at any time */
  daily?: boolean;
}

/** All that the world is; its functions stand below. Times are epoch milliseconds. */
export interface World {
  readonly options: WorldOptions;
  /** The load balancer's. */
  readonly metrics: Metrics;
  /** The application's own. */
  readonly applicationMetrics: Metrics;
  readonly random: Random;
  now: number;
  /** When what the scenario has in store begins to count; the world's beginning, until somebody knows better. */
  startedAt: number;
  /** What the listener rule says, as a reading of it shows. */
  weightsInRule: Weights;
  /** By which the load balancer splits the payments: follows the rule after a short delay. */
  weightsInPlace: Weights;
  /** Rule changes on their way to the load balancer's nodes, in the order of their making. */
  pending: { at: number; weights: Weights }[];
  /** Absent where there is no on-premises endpoint: all clients come to AWS. */
  dns?: Dns;
  counts: CountsPerColor;
  clients: ClientCounts;
  retries: Retry[];
  waiting: Waiting[];
  firstPaymentAt: { [color in Color]?: number };
  /** First moment at which a payment met the release's fault. */
  faultAt?: number;
  /** First moment at which a payment failed, or was rejected, because of the release. */
  firstHurtAt?: number;
  alarms: { [color in Color]: { [name: string]: AlarmState } };
  /** Where the databases take writes. */
  readonly writer: Writer;
}

export function createWorld(options: WorldOptions): World {
  const weights = weightsFor(options.live, 100);
  const world: World = {
    options,
    metrics: createMetrics(LOAD_BALANCER_CADENCE, (now) => takenUntil(world, now)),
    applicationMetrics: createMetrics(APPLICATION_CADENCE, (now) => takenUntil(world, now)),
    random: options.random,
    now: options.startsAt,
    startedAt: options.startsAt,
    weightsInRule: weights,
    weightsInPlace: weights,
    pending: [],
    ...(options.awsPercent !== undefined && { dns: createDns(options.awsPercent) }),
    counts: noCounts(),
    clients: { retries: 0, gaveUp: 0 },
    ...{ retries: [], waiting: [] },
    firstPaymentAt: {},
    alarms: { blue: {}, green: {} },
    writer: createWriter(options.live, options.scenario.switchover),
  };
  return world;
}

/** While metrics are out, nothing that was sent since is taken; all of it is when they are back. */
function takenUntil({ options, startedAt }: World, now: number): number {
  const { metricsOutage } = options.scenario;
  if (metricsOutage === undefined) return now;
  const seconds = (now - startedAt) / 1000;
  const { fromSeconds, toSeconds } = metricsOutage;
  const isOut = seconds >= fromSeconds && seconds < toSeconds;
  return isOut ? startedAt + fromSeconds * 1000 : now;
}

/** Changes the listener rule; the payments follow after the rule's delay. */
export function changeRule(world: World, weights: Weights): void {
  const delaySlices = 1 + Math.floor(world.random() * LONGEST_RULE_DELAY_SLICES);
  const previous = world.pending[world.pending.length - 1]?.at ?? 0;
  const at = Math.max(world.now + delaySlices * SLICE_MILLISECONDS, previous);
  world.weightsInRule = { ...weights };
  world.pending.push({ at, weights: { ...weights } });
}

/** Lets one slice of time pass. Whether an alarm turned red meanwhile is the answer. */
export function passSlice(world: World): { alarmTurnedRed: boolean } {
  servePayments(world);
  for (const color of COLORS) {
    const { unhealthy } = targetsOf(world, color);
    world.metrics.noteLevel(color, "UnHealthyHostCount", world.now, unhealthy);
  }
  world.now += SLICE_MILLISECONDS;
  const arrived = world.pending.filter(({ at }) => at <= world.now);
  world.pending = world.pending.slice(arrived.length);
  world.weightsInPlace = arrived[arrived.length - 1]?.weights ?? world.weightsInPlace;
  return { alarmTurnedRed: alarmsAreEvaluatedAt(world.now) && updateAlarms(world) };
}

/** Whether an alarm turned red. */
function updateAlarms(world: World): boolean {
  const { metrics, now, options } = world;
  let turnedRed = false;
  for (const color of COLORS) {
    const before = world.alarms[color];
    const after = evaluateAlarms(color, metrics, options.limits, now);
    const { redBefore } = options.scenario;
    if (redBefore !== undefined && color !== options.live) after[`${color}-${redBefore}`] = "ALARM";
    turnedRed ||= redOf(after).some((name) => before[name] !== "ALARM");
    world.alarms[color] = after;
  }
  return turnedRed;
}

function redOf(alarms: { [name: string]: AlarmState }): string[] {
  return Object.keys(alarms).filter((name) => alarms[name] === "ALARM");
}
