import { SOURCES, type SourceName, type TrafficFacts } from "../ports";
import type { Cutover, Move } from "../state";
import {
  type Evidence,
  emptyStep,
  evidenceFrom,
  noEvidence,
  startOfPeriod,
  weigh,
  withoutLimitGains,
} from "./weigh";

/** All that has been counted so far, added to what the cutover carries. */
export function evidenceOf(cutover: Cutover, traffic: TrafficFacts): Evidence {
  return added(cutover, traffic, () => undefined);
}

/**
 * The evidence that no late count can change any more. What it holds is never read again, so nothing
 * counts twice; what comes even later is lost.
 * @param now epoch milliseconds
 */
export function settledEvidence(cutover: Cutover, traffic: TrafficFacts, now: number): Evidence {
  return added(cutover, traffic, (name) => {
    const { periodSeconds, settleSeconds } = SOURCES[name];
    return startOfPeriod(now - settleSeconds * 1000, periodSeconds);
  });
}

function added(
  cutover: Cutover,
  traffic: TrafficFacts,
  until: (source: SourceName) => number | undefined,
): Evidence {
  const before = evidenceBefore(cutover);
  const { target, plan, stepEnteredAt, bakingSince } = cutover;
  const { since } = before;
  const course = { target, limits: plan.limits, since, stepEnteredAt, bakingSince };
  return evidenceFrom(since, (name) => {
    const facts = traffic[name];
    if (!facts.known) return before[name];
    return weigh(before[name], facts.value, SOURCES[name].periodSeconds, course, until(name));
  });
}

/** What the move carries; one that an older controller began has nothing yet. */
export function evidenceBefore({ evidence, stepEnteredAt }: Move): Evidence {
  return evidence ?? noEvidence(stepEnteredAt);
}

/** The same evidence at the beginning of a step, in which nothing has been counted yet. */
export function forNextStep(evidence: Evidence): Evidence {
  return evidenceFrom(evidence.since, (name) => {
    const { bets, staked, ...more } = evidence[name];
    return { ...more, staked, bets: withoutLimitGains(bets, staked), step: emptyStep() };
  });
}

/** From when on the counts of a source have to be read, in epoch milliseconds. */
export function readFrom(move: Move, source: SourceName, now: number): number {
  const { periodSeconds, readableMinutes } = SOURCES[source];
  const oldest = startOfPeriod(now - readableMinutes * 60_000, periodSeconds);
  return Math.max(evidenceBefore(move)[source].upTo, oldest);
}

/** Age of unsettled counts at which they are put on record: each pass reads and weighs all of them. */
const LONGEST_UNSETTLED_MILLISECONDS = 10 * 60_000;

/** Whether evidence ought to be put on record, although nothing moves. */
export function mustSettle(move: Move, now: number): boolean {
  const { application, loadBalancer } = evidenceBefore(move);
  return now - Math.min(application.upTo, loadBalancer.upTo) > LONGEST_UNSETTLED_MILLISECONDS;
}
