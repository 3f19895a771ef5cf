import { type Color, type Limits, otherColor } from "../contract";
import { addCounts, type Counts, noCounts, type Period, SOURCES, type SourceName } from "../ports";
import {
  afterPeriod,
  gainsOverLimit,
  gainsOverLive,
  logPurse,
  noBets,
  stakedBy,
  type Tally,
  withoutGains,
} from "./wagers";

const MINUTE = 60_000;

/** What is bet on: that the standby color fails, is slow, or rejects payments more often than it should. */
export const KINDS = ["failures", "slow", "rejected"] as const;
export type Kind = (typeof KINDS)[number];

/** What it is held against: the live color at the same time, or the plan's limit. */
export const MEASURES = ["live", "limit"] as const;
export type Measure = (typeof MEASURES)[number];

/** Logarithms of what the bets hold, for each kind and measure. */
export type Bets = { [kind in Kind]: { [measure in Measure]: number[] } };

/** What one source of counts has shown of the standby color. */
export interface SourceEvidence {
  /** Epoch milliseconds; periods that begin earlier are in these figures, and are never read again. */
  upTo: number;
  /** Share of each purse that is at stake. */
  staked: number;
  bets: Bets;
  /** Counts of the step so far, for each color by its role. */
  step: { standby: Counts; live: Counts };
  /** End of the last period in which the standby color served a payment; epoch milliseconds. */
  servedUntil?: number;
}

/** What a cutover has learnt of the standby color; it is carried from step to step. */
export type Evidence = {
  /** Epoch milliseconds of the first bet. */
  since: number;
} & { [source in SourceName]: SourceEvidence };

/** Where the periods belong. */
export interface Course {
  target: Color;
  limits: Limits;
  /** As in `Evidence`. */
  since: number;
  /** Epoch milliseconds; periods that end earlier belong to the step before. */
  stepEnteredAt: number;
  /** Epoch milliseconds; absent while the step's weights have not been seen in place. */
  bakingSince?: number | undefined;
}

/** Share of the payments that may be slow: the plan's limit speaks of the slowest hundredth. */
export const SLOW_LIMIT = 0.01;

/**
 * Tasks are slow at their first payments, and so is a step at its beginning: being slow is no
 * evidence until the weights have been in place for this long.
 */
const WARM_UP_MILLISECONDS = MINUTE;

/** A step in which nothing has been counted yet. */
export function emptyStep(): SourceEvidence["step"] {
  return { standby: noCounts(), live: noCounts() };
}

/** The evidence that holds this of each source. */
export function evidenceFrom(since: number, of: (source: SourceName) => SourceEvidence): Evidence {
  return { since, application: of("application"), loadBalancer: of("loadBalancer") };
}

/** @param now epoch milliseconds */
export function noEvidence(now: number): Evidence {
  const none = () => ({ live: noBets(), limit: noBets() });
  return evidenceFrom(now, (source) => ({
    upTo: startOfPeriod(now, SOURCES[source].periodSeconds),
    staked: 0,
    bets: { failures: none(), slow: none(), rejected: none() },
    step: emptyStep(),
  }));
}

export function startOfPeriod(at: number, periodSeconds: number): number {
  return Math.floor(at / (periodSeconds * 1000)) * periodSeconds * 1000;
}

/**
 * The evidence with these periods added, in the order of their times.
 * @param until epoch milliseconds; what begins later is left out, and what begins earlier is settled
 * @default none is left out, and none is settled but those given
 */
export function weigh(
  evidence: SourceEvidence,
  periods: Period[],
  periodSeconds: number,
  course: Course,
  until?: number,
): SourceEvidence {
  const wanted = periods
    .filter(({ at }) => at >= evidence.upTo && (until === undefined || at < until))
    .sort((one, other) => one.at - other.at);
  const added = wanted.reduce(
    (sum, period) => withPeriod(sum, period, periodSeconds * 1000, course),
    evidence,
  );
  return { ...added, upTo: Math.max(added.upTo, until ?? 0) };
}

function withPeriod(
  evidence: SourceEvidence,
  period: Period,
  length: number,
  course: Course,
): SourceEvidence {
  const standby = period[course.target];
  const live = period[otherColor(course.target)];
  // A purse is staked before its period is known, never after.
  const staked = Math.max(evidence.staked, stakedBy(period.at - course.since));
  const added = staked - evidence.staked;
  const warmingUp = isWarmingUp(period.at, length, course);
  const bets = {
    failures: bet(
      evidence.bets.failures,
      failed(standby),
      failed(live),
      failureLimit(course.limits),
      added,
    ),
    slow: warmingUp
      ? bet(evidence.bets.slow, NONE, NONE, SLOW_LIMIT, added)
      : bet(evidence.bets.slow, slow(standby), slow(live), SLOW_LIMIT, added),
    // Clients make mistakes as well: how many may be rejected only the live color tells.
    rejected: {
      ...evidence.bets.rejected,
      live: afterPeriod(
        evidence.bets.rejected.live,
        gainsOverLive(rejected(standby), rejected(live)),
        added,
      ),
    },
  };
  const isOfStep = period.at + length > course.stepEnteredAt;
  const step = isOfStep
    ? {
        standby: addCounts(evidence.step.standby, standby),
        live: addCounts(evidence.step.live, live),
      }
    : evidence.step;
  // Without a control nothing tells of both.
  const kept = isOfStep || live.payments === 0 ? bets : withoutLimitGains(bets, staked);
  const next = { ...evidence, upTo: period.at + length, staked, bets: kept, step };
  return standby.payments > 0 ? { ...next, servedUntil: period.at + length } : next;
}

/**
 * The bets, with what those on the limit have won given up, as one may at any time: whether both colors
 * were in that trouble is told by the counts of the step in which it was.
 */
export function withoutLimitGains(bets: Bets, staked: number): Bets {
  const { failures, slow: slowness } = bets;
  return {
    ...bets,
    failures: { ...failures, limit: withoutGains(failures.limit, staked) },
    slow: { ...slowness, limit: withoutGains(slowness.limit, staked) },
  };
}

const NONE: Tally = { events: 0, payments: 0 };

function bet(
  { live: overLive, limit: overLimit }: Bets[Kind],
  standby: Tally,
  live: Tally,
  limit: number,
  added: number,
): Bets[Kind] {
  return {
    live: afterPeriod(overLive, gainsOverLive(standby, live), added),
    limit: afterPeriod(overLimit, gainsOverLimit(standby, limit), added),
  };
}

function isWarmingUp(at: number, length: number, { stepEnteredAt, bakingSince }: Course): boolean {
  const begins = at + length > stepEnteredAt;
  return begins && (bakingSince === undefined || at < bakingSince + WARM_UP_MILLISECONDS);
}

export function failureLimit({ maxErrorsPerThousand }: Limits): number {
  return maxErrorsPerThousand / 1000;
}

export function failed({ payments, failures }: Counts): Tally {
  return { events: failures, payments };
}

export function slow({ timed, slow: events }: Counts): Tally {
  return { events, payments: timed };
}

export function rejected({ payments, rejected: events }: Counts): Tally {
  return { events, payments };
}

/** Logarithm of one purse. */
export function logPurseOf(evidence: SourceEvidence, kind: Kind, measure: Measure): number {
  return logPurse(evidence.bets[kind][measure], evidence.staked);
}
