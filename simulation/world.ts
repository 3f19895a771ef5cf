import {
  COLORS,
  type Color,
  type Limits,
  type Weights,
  weightsFor,
} from "../lambdas/cutover/contract";
import { type AlarmState, alarmsAreEvaluatedAt, evaluateAlarms } from "./alarms";
import { createDns, type Dns, shareOnAws } from "./dns";
import { APPLICATION_CADENCE, createMetrics, LOAD_BALANCER_CADENCE, type Metrics } from "./metrics";
import { poisson, type Random } from "./random";
import type { Behavior, Scenario } from "./scenarios";
import { createWriter, type Writer } from "./writer";

/** Payments of one color, as counts. */
export interface Counts {
  payments: number;
  /** Failed, and would have failed under any release. */
  failedByBackground: number;
  /** Failed because of the release. */
  failedByRelease: number;
  /** Served, but slowly. */
  slow: number;
}

export type CountsPerColor = { [color in Color]: Counts };

/** Length of a slice of virtual time: within one, nothing changes but the counts. */
export const SLICE_MILLISECONDS = 1_000;

/** A changed listener rule reaches all of the load balancer's nodes after one to that many slices. */
const LONGEST_RULE_DELAY_SLICES = 3;

/** Targets behind each color: one in each of three zones. */
const TARGETS = 3;

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
  /** What the listener rule says, as a reading of it shows. */
  weightsInRule: Weights;
  /** By which the load balancer splits the payments: follows the rule after a short delay. */
  weightsInPlace: Weights;
  /** Rule changes on their way to the load balancer's nodes, in the order of their making. */
  pending: { at: number; weights: Weights }[];
  /** Absent where there is no on-premises endpoint: all clients come to AWS. */
  dns?: Dns;
  counts: CountsPerColor;
  firstPaymentAt: { [color in Color]?: number };
  /** First moment at which a payment met the release's fault. */
  faultAt?: number;
  alarms: { [color in Color]: { [name: string]: AlarmState } };
  /** Where the databases take writes. */
  readonly writer: Writer;
}

export function createWorld(options: WorldOptions): World {
  const weights = weightsFor(options.live, 100);
  return {
    options,
    metrics: createMetrics(LOAD_BALANCER_CADENCE),
    applicationMetrics: createMetrics(APPLICATION_CADENCE),
    random: options.random,
    now: options.startsAt,
    weightsInRule: weights,
    weightsInPlace: weights,
    pending: [],
    ...(options.awsPercent !== undefined && { dns: createDns(options.awsPercent) }),
    counts: noCounts(),
    firstPaymentAt: {},
    alarms: { blue: {}, green: {} },
    writer: createWriter(options.live),
  };
}

export function noCounts(): CountsPerColor {
  const none = { payments: 0, failedByBackground: 0, failedByRelease: 0, slow: 0 };
  return { blue: { ...none }, green: { ...none } };
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
  for (const color of COLORS) {
    servePayments(world, color);
    const { unhealthy } = targetsOf(world, color);
    world.metrics.noteLevel(color, "UnHealthyHostCount", world.now, unhealthy);
  }
  world.now += SLICE_MILLISECONDS;
  const arrived = world.pending.filter(({ at }) => at <= world.now);
  world.pending = world.pending.slice(arrived.length);
  world.weightsInPlace = arrived[arrived.length - 1]?.weights ?? world.weightsInPlace;
  return { alarmTurnedRed: alarmsAreEvaluatedAt(world.now) && updateAlarms(world) };
}

/**
 * Splitting a Poisson stream at random gives independent Poisson streams, so the slice's successes
 * and both kinds of failures are drawn each for itself, and no payment one by one.
 */
function servePayments(world: World, color: Color): void {
  const { dns, options, now } = world;
  // What the other clients pay on-premises is seen by nobody here.
  const paymentsPerHour =
    dns === undefined
      ? options.paymentsPerHour
      : (options.paymentsPerHour * shareOnAws(dns, now)) / 100;
  const perSlice = (paymentsPerHour * SLICE_MILLISECONDS) / 3_600_000;
  const mean = (perSlice * world.weightsInPlace[color]) / 100;
  if (mean === 0) return;
  const behavior = overloaded(world, behaviorOf(world, color));
  const { backgroundFailureRatio, releaseFailureRatio } = behavior;
  const slowRatio = Math.min(behavior.backgroundSlowRatio + behavior.releaseSlowRatio, 1);
  const unhurt = mean * (1 - releaseFailureRatio);
  const failedByRelease = poisson(world.random, mean * releaseFailureRatio);
  const failedByBackground = poisson(world.random, unhurt * backgroundFailureRatio);
  const meanServed = unhurt * (1 - backgroundFailureRatio);
  const quick = poisson(world.random, meanServed * (1 - slowRatio));
  const slow = poisson(world.random, meanServed * slowRatio);
  const payments = quick + slow + failedByBackground + failedByRelease;
  if (payments > 0) world.firstPaymentAt[color] ??= world.now;
  if (payments > 0 && hasFault(behavior)) world.faultAt ??= world.now;
  count(world, color, { payments, failedByBackground, failedByRelease, slow });
}

function count(world: World, color: Color, slice: Counts): void {
  const total = world.counts[color];
  total.payments += slice.payments;
  total.failedByBackground += slice.failedByBackground;
  total.failedByRelease += slice.failedByRelease;
  const failures = slice.failedByBackground + slice.failedByRelease;
  total.slow += slice.slow;
  const { applicationCounts = true } = world.options.scenario;
  for (const metrics of [world.metrics, ...(applicationCounts ? [world.applicationMetrics] : [])]) {
    metrics.addCount(color, "RequestCount", world.now, slice.payments);
    metrics.addCount(color, "HTTPCode_Target_5XX_Count", world.now, failures);
    metrics.addCount(color, "TargetResponseTime", world.now, slice.payments - failures);
    metrics.addCount(color, "SlowCount", world.now, slice.slow);
  }
}

/** Whether an alarm turned red. */
function updateAlarms(world: World): boolean {
  const { metrics, now, options } = world;
  let turnedRed = false;
  for (const color of COLORS) {
    const before = world.alarms[color];
    const after = evaluateAlarms(color, metrics, options.limits, now);
    turnedRed ||= redOf(after).some((name) => before[name] !== "ALARM");
    world.alarms[color] = after;
  }
  return turnedRed;
}

function redOf(alarms: { [name: string]: AlarmState }): string[] {
  return Object.keys(alarms).filter((name) => alarms[name] === "ALARM");
}

/** Health of a color's targets now, as the load balancer's health checks see them. */
export function targetsOf(world: World, color: Color) {
  const unhealthy = Math.round(TARGETS * behaviorOf(world, color).unhealthyTargetRatio);
  return { healthy: TARGETS - unhealthy, unhealthy, initial: 0 };
}

function behaviorOf(world: World, color: Color): Behavior {
  const { scenario, live } = world.options;
  if (color === live) return scenario.live;
  const first = world.firstPaymentAt[color];
  const due = scenario.standbyChanges.filter(
    ({ secondsAfterFirstPayment }) =>
      first !== undefined && world.now >= first + secondsAfterFirstPayment * 1000,
  );
  return Object.assign({}, scenario.standby, ...due.map(({ behavior }) => behavior));
}

function overloaded({ dns, now, options }: World, behavior: Behavior): Behavior {
  const { overload } = options.scenario;
  if (overload === undefined || dns === undefined) return behavior;
  if (shareOnAws(dns, now) <= overload.abovePercent) return behavior;
  return { ...behavior, releaseFailureRatio: overload.failureRatio };
}

function hasFault({ releaseFailureRatio, releaseSlowRatio, unhealthyTargetRatio }: Behavior) {
  return releaseFailureRatio > 0 || releaseSlowRatio > 0 || unhealthyTargetRatio > 0;
}
