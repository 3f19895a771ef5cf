import { type Color, type Limits, otherColor, weightsFor } from "../../lambdas/cutover/contract";
import { poisson, seededRandom } from "../random";
import type { Scenario } from "../scenarios";
import { changeRule, createWorld, passSlice, type World } from "../world";
import type { Course, End, Peer } from "./rule";

/** One release under one rule, on one seed. */
export interface TrialOptions {
  scenario: Scenario;
  paymentsPerHour: number;
  limits: Limits;
  seed: number;
  /** @default blue */
  live?: Color;
}

/** - "found-worse": by payments or by an alarm; "held": not shown to be good in time. Peers know one kind. */
export type Cause = "found-worse" | "held";

export interface Trial {
  /** "stuck" is none within the longest time. */
  end: End | "refused" | "stuck";
  /** Why it was rolled back, where the rule tells. */
  cause?: Cause;
  /** From the first weight's being set to the end. */
  durationSeconds: number;
  /** Payments that failed because of the release, until `HORIZON_SECONDS`, wherever it ended. */
  failed: number;
  /** From the first payment on the standby color until none goes there any more; where it was rolled back. */
  secondsFromFirstPayment?: number;
  /** The same from the first payment that failed because of the release. */
  secondsFromFirstFailure?: number;
}

/**
 * Failures of every rule are counted for so long from its start: whoever completes a bad release early
 * goes on failing payments until then.
 */
export const HORIZON_SECONDS = 2 * 3_600;

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** The same lead-in as a rehearsal's: see rehearse.ts. */
const STARTS_AT = Date.UTC(2026, 0, 5, 9) - 3 * MINUTE;
const LEAD_IN_MILLISECONDS = 3 * MINUTE;

/** Runs one release under a peer's rule, in the world and from the second in which ours would begin it. */
export function tryPeer(peer: Peer, options: TrialOptions): Trial {
  const world = leadIn(options);
  const { startedAt } = world;
  const course = peer.begin(world);
  follow(course, world);
  while (course.standing.end === undefined && secondsSince(startedAt, world) < HORIZON_SECONDS) {
    passSlice(world);
    course.pass(world);
    follow(course, world);
  }
  const durationSeconds = secondsSince(startedAt, world);
  while (world.pending.length > 0) passSlice(world);
  const end = course.standing.end ?? "stuck";
  return {
    end,
    durationSeconds,
    failed: failedSoFar(world) + failedLater(world),
    ...(end === "rolled-back" && untilNow(world)),
  };
}

/** A world whose operator is about to start a release, as a rehearsal with that seed has it. */
export function leadIn({ scenario, paymentsPerHour, limits, seed, live = "blue" }: TrialOptions) {
  const random = seededRandom(seed);
  const world = createWorld({
    ...{ live, scenario, paymentsPerHour, limits, random },
    startsAt: STARTS_AT,
  });
  world.startedAt = STARTS_AT + LEAD_IN_MILLISECONDS + Math.floor(random() * 60) * 1000;
  while (world.now < world.startedAt) passSlice(world);
  return world;
}

function follow({ standing }: Course, world: World): void {
  const wanted = weightsFor(otherColor(world.options.live), standing.standbyPercent);
  if (wanted.blue !== world.weightsInRule.blue) changeRule(world, wanted);
}

function secondsSince(at: number, { now }: World): number {
  return (now - at) / 1000;
}

/** No payment goes to the standby color any more: how long did it take? */
function untilNow(world: World): Partial<Trial> {
  const { firstPaymentAt, firstHurtAt, options } = world;
  const first = firstPaymentAt[otherColor(options.live)];
  return {
    ...(first !== undefined && { secondsFromFirstPayment: secondsSince(first, world) }),
    ...(firstHurtAt !== undefined && { secondsFromFirstFailure: secondsSince(firstHurtAt, world) }),
  };
}

/** Payments that the release has failed since the start. */
export function failedSoFar({ counts, options }: World): number {
  return counts[otherColor(options.live)].failedByRelease;
}

/**
 * Payments that the release will fail until the horizon, where no weight changes any more. Each slice's
 * failures are a Poisson number then, and so is their sum: one draw stands for all.
 */
export function failedLater(world: World): number {
  const { options, startedAt, weightsInPlace, random } = world;
  const { live, scenario, paymentsPerHour } = options;
  const restSeconds = Math.max(HORIZON_SECONDS - secondsSince(startedAt, world), 0);
  const share = weightsInPlace[otherColor(live)] / 100;
  const perSecond = (paymentsPerHour * 1000) / HOUR;
  return poisson(random, perSecond * restSeconds * share * scenario.standby.releaseFailureRatio);
}
