import { COLORS, type Color } from "../lambdas/cutover/contract";
import { arrivalsPerHour, SLICE_MILLISECONDS } from "./arrivals";
import { type Behavior, isFaulty, slowRatio } from "./behavior";
import { behaviorOf } from "./colors";
import { binomial, poisson } from "./random";
import type { World } from "./world";
import { waitsForWriter } from "./writer";

/** Payments of one color, as counts of attempts. */
export interface Counts {
  payments: number;
  /** Failed, and would have failed under any release. */
  failedByBackground: number;
  /** Failed because of the release. */
  failedByRelease: number;
  /** Given up by the application, because no database took writes for too long. */
  failedByPause: number;
  /** Answered as a client's mistake, because of the release. */
  rejectedByRelease: number;
  /** Served, but slowly. */
  slow: number;
}

export type CountsPerColor = { [color in Color]: Counts };

/** What becomes of payments whose clients ask again; zeros where they never do. */
export interface ClientCounts {
  /** Attempts after the first. */
  retries: number;
  /** Payments of which every attempt failed. */
  gaveUp: number;
}

export function noCounts(): CountsPerColor {
  const none: Counts = {
    ...{ payments: 0, failedByBackground: 0, failedByRelease: 0, failedByPause: 0 },
    ...{ rejectedByRelease: 0, slow: 0 },
  };
  return { blue: { ...none }, green: { ...none } };
}

/** All that failed, for whatever reason. */
export function failures({ failedByBackground, failedByRelease, failedByPause }: Counts): number {
  return failedByBackground + failedByRelease + failedByPause;
}

/** Failed payments that clients send again at a time, by how often they have asked. */
export interface Retry {
  at: number;
  attempt: number;
  count: number;
}

/** Payments that came in one slice and wait for a database. */
export interface Waiting {
  color: Color;
  cameAt: number;
  count: number;
}

/** How long the application holds a payment while no database takes writes (docs/application-contract.md). */
const PATIENCE_MILLISECONDS = 5_000;

/** Serves a slice's payments: those that come, those that come again, and those that waited. */
export function servePayments(world: World): void {
  const { random, weightsInPlace, now } = world;
  const perSlice = (arrivalsPerHour(world) * SLICE_MILLISECONDS) / 3_600_000;
  const due = world.retries.filter(({ at }) => at <= now);
  world.retries = world.retries.filter(({ at }) => at > now);
  for (const color of COLORS) {
    const mean = (perSlice * weightsInPlace[color]) / 100;
    if (mean > 0) serve(world, color, mean);
  }
  for (const { attempt, count } of due) {
    const onBlue = binomial(random, count, weightsInPlace.blue / 100);
    serveAgain(world, "blue", onBlue, attempt);
    serveAgain(world, "green", count - onBlue, attempt);
  }
  serveWaiting(world);
}

/**
 * Splitting a Poisson stream at random gives independent Poisson streams, so the slice's successes
 * and each kind of failures are drawn each for itself, and no payment one by one.
 */
function serve(world: World, color: Color, mean: number): void {
  const { random } = world;
  if (waitsForWriter(world.writer, world.now)) {
    const count = poisson(random, mean);
    if (count > 0) world.waiting.push({ color, cameAt: world.now, count });
    return;
  }
  const behavior = behaviorOf(world, color);
  const ratios = ratiosOf(world, behavior);
  const unhurt = mean * (1 - ratios.byRelease);
  const failedByRelease = poisson(random, mean * ratios.byRelease);
  const failedByBackground = poisson(random, unhurt * ratios.byBackground);
  const meanServed = unhurt * (1 - ratios.byBackground) * (1 - ratios.rejected);
  const quick = poisson(random, meanServed * (1 - ratios.slow));
  const slow = poisson(random, meanServed * ratios.slow);
  const rejectedByRelease = poisson(random, unhurt * (1 - ratios.byBackground) * ratios.rejected);
  const payments = quick + slow + failedByBackground + failedByRelease + rejectedByRelease;
  note(world, color, behavior, 0, {
    ...{ payments, failedByBackground, failedByRelease, failedByPause: 0 },
    ...{ rejectedByRelease, slow },
  });
}

/** A known number of payments, one after the other as it were. */
function serveAgain(world: World, color: Color, count: number, attempt: number): void {
  if (count === 0) return;
  const { random } = world;
  const behavior = behaviorOf(world, color);
  const ratios = ratiosOf(world, behavior);
  const failedByRelease = binomial(random, count, ratios.byRelease);
  const failedByBackground = binomial(random, count - failedByRelease, ratios.byBackground);
  const answered = count - failedByRelease - failedByBackground;
  const rejectedByRelease = binomial(random, answered, ratios.rejected);
  const slow = binomial(random, answered - rejectedByRelease, ratios.slow);
  note(world, color, behavior, attempt, {
    ...{ payments: count, failedByBackground, failedByRelease, failedByPause: 0 },
    ...{ rejectedByRelease, slow },
  });
}

/** Those who have waited are served once a database takes writes, slowly, and turned away after a while. */
function serveWaiting(world: World): void {
  if (world.waiting.length === 0) return;
  const isOver = !waitsForWriter(world.writer, world.now);
  const isDue = ({ cameAt }: Waiting) => isOver || world.now - cameAt >= PATIENCE_MILLISECONDS;
  const due = world.waiting.filter(isDue);
  world.waiting = world.waiting.filter((one) => !isDue(one));
  for (const { color, count, cameAt } of due) {
    const turnedAway = !isOver;
    const isSlow = world.now - cameAt > world.options.limits.maxP99Milliseconds;
    note(world, color, behaviorOf(world, color), 0, {
      ...{ payments: count, failedByBackground: 0, failedByRelease: 0, rejectedByRelease: 0 },
      failedByPause: turnedAway ? count : 0,
      slow: turnedAway || !isSlow ? 0 : count,
    });
  }
}

function ratiosOf({ options }: World, behavior: Behavior) {
  return {
    byRelease: behavior.releaseFailureRatio,
    byBackground: behavior.backgroundFailureRatio,
    rejected: behavior.releaseRejectedRatio,
    slow: slowRatio(behavior.latency, options.limits.maxP99Milliseconds),
  };
}

function note(
  world: World,
  color: Color,
  behavior: Behavior,
  attempt: number,
  slice: Counts,
): void {
  const { now, options, counts } = world;
  if (slice.payments > 0) world.firstPaymentAt[color] ??= now;
  if (slice.payments > 0 && isFaulty(behavior, options.scenario.live)) world.faultAt ??= now;
  const hurt = slice.failedByRelease + slice.rejectedByRelease;
  if (hurt > 0) world.firstHurtAt ??= now;
  for (const name of Object.keys(slice) as (keyof Counts)[]) counts[color][name] += slice[name];
  count(world, color, slice);
  askAgain(world, failures(slice), attempt);
}

function askAgain(world: World, failed: number, attempt: number): void {
  const { retries } = world.options.scenario;
  if (retries === undefined || failed === 0) return;
  if (attempt >= retries.most) {
    world.clients.gaveUp += failed;
    return;
  }
  world.clients.retries += failed;
  const at = world.now + retries.waitSeconds * 1000;
  world.retries.push({ at, attempt: attempt + 1, count: failed });
}

/** The application counts what it accepted and what failed; the load balancer counts all answers. */
function count(world: World, color: Color, slice: Counts): void {
  const { now, metrics, applicationMetrics } = world;
  const failed = failures(slice);
  const { payments, rejectedByRelease, slow } = slice;
  const { applicationCounts = true } = world.options.scenario;
  for (const of of [metrics, ...(applicationCounts ? [applicationMetrics] : [])]) {
    const rejected = of === metrics ? rejectedByRelease : 0;
    const seen = payments - rejectedByRelease + rejected;
    of.addCount(color, "RequestCount", now, seen);
    of.addCount(color, "HTTPCode_Target_5XX_Count", now, failed);
    of.addCount(color, "HTTPCode_Target_4XX_Count", now, rejected);
    of.addCount(color, "TargetResponseTime", now, seen - failed);
    of.addCount(color, "SlowCount", now, slow);
  }
}
