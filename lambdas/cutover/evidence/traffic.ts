import { type Limits, otherColor } from "../contract";
import { type Counts, SOURCE_NAMES, SOURCES, type SourceName, type TrafficFacts } from "../ports";
import type { Cutover } from "../state";
import { clearance, SLOW_MARGIN_RATIO } from "./clearance";
import { evidenceOf } from "./gather";
import { enough, lacking, type Verdict, worse } from "./verdict";
import { logSum, type Tally } from "./wagers";
import {
  type Evidence,
  failed,
  failureLimit,
  KINDS,
  type Kind,
  logPurseOf,
  MEASURES,
  type Measure,
  rejected,
  SLOW_LIMIT,
  type SourceEvidence,
  slow,
} from "./weigh";

/**
 * How the one purse of a cutover is spread over its bets: what reaches 1 / alpha is their sum, so many
 * bets cost no more false rollbacks than one. Most of it lies where a fault shows first: in failures,
 * beside the live color. A source's share is lost where it has no counts.
 */
const STAKES: { [part in SourceName | Kind | Measure]: number } = {
  application: 0.7,
  loadBalancer: 0.3,
  failures: 0.75,
  slow: 0.15,
  rejected: 0.1,
  live: 0.8,
  limit: 0.2,
};

/**
 * Being over the limit counts once the live color has shown, in this step, that it fails less than half
 * as often, or is within the limit itself: with a purse of 20 (see clearance.ts), so that trouble which
 * both colors share takes a release back by chance in one of some thousand troubles.
 */
const SHARE_OF_STANDBY = 1 / 2;
const CONTROL_CLEARS_AT = 20;

/** What a step has to prove; there is no limit to what clients may do wrong. */
const CLEARED = ["failures", "slow"] as const;
type Cleared = (typeof CLEARED)[number];

/** Requests that may be on their way when a period ends. */
const ON_THEIR_WAY = 10;

/** How strong the evidence is: what purses of 1 have become, see wagers.ts. */
export interface Strength {
  /** Staked on the standby color's being worse. */
  worse: number;
  /** At which its payments are taken back. */
  rollBackAt: number;
  /** Staked on its being within the limit, in this step; the weaker of failures and being slow. */
  notWorse: number;
  /** At which a step may end. */
  promoteAt: number;
}

interface Bet {
  source: SourceName;
  kind: Kind;
  measure: Measure;
  /** Logarithm of what it holds. */
  log: number;
  /** Whether the live color may do as badly, so that nothing would be won by going back. */
  isShared: boolean;
}

/**
 * Judges the standby color by the payments that it served.
 * @param now epoch milliseconds
 */
export function judgeTraffic(cutover: Cutover, traffic: TrafficFacts, now: number) {
  const { limits, withoutEvidence } = cutover.plan;
  const evidence = evidenceOf(cutover, traffic);
  const bets = betsOf(evidence, cutover);
  const own = bets.filter(({ isShared }) => !isShared);
  const strength: Strength = {
    worse: purseOf(own),
    rollBackAt: limits.releasesPerFalseRollback,
    notWorse: Math.min(FULL_PURSE, ...CLEARED.map((kind) => clearanceOf(evidence, kind, limits))),
    promoteAt: limits.stepsPerFalsePromotion,
  };
  const shared = purseOf(bets) >= strength.rollBackAt;
  const verdict =
    strength.worse >= strength.rollBackAt
      ? foundWorse(evidence, own, strength, cutover)
      : (unread(traffic) ??
        (shared ? sharedTrouble(evidence, bets, cutover) : undefined) ??
        (withoutEvidence ? enough("the plan asks for no evidence of payments") : undefined) ??
        clear(evidence, strength, cutover, now));
  return { verdict, strength };
}

function betsOf(evidence: Evidence, cutover: Cutover): Bet[] {
  return SOURCE_NAMES.flatMap((source) =>
    KINDS.flatMap((kind) =>
      MEASURES.flatMap((measure) => {
        if (kind === "rejected" && measure === "limit") return [];
        const stake = STAKES[source] * STAKES[kind] * STAKES[measure];
        const log = Math.log(stake) + logPurseOf(evidence[source], kind, measure);
        const isShared = measure === "limit" && mayBeShared(evidence[source], kind, cutover);
        return [{ source, kind, measure, log, isShared }];
      }),
    ),
  );
}

/** A purse that grows beyond this is told as this: JSON has no infinity, and nobody needs more. */
const FULL_PURSE = 1e9;

function purseOf(bets: Bet[]): number {
  return Math.min(Math.exp(logSum(bets.map(({ log }) => log))), FULL_PURSE);
}

/**
 * A live color that served nothing is no control, and one that is given nothing neither: the payments
 * that it still serves at the last step's beginning would be too few to clear it for ever.
 */
function mayBeShared({ step }: SourceEvidence, kind: Kind, { plan, stepIndex }: Cutover): boolean {
  const live = tally(step.live, kind);
  if (plan.steps[stepIndex]?.weightPercent === 100 || live.payments === 0) return false;
  const bound = Math.max(
    limitOf(kind, plan.limits),
    SHARE_OF_STANDBY * ratioOf(step.standby, kind),
  );
  return clearance(live, bound) < CONTROL_CLEARS_AT;
}

function ratioOf(counts: Counts, kind: Kind): number {
  const { events, payments } = tally(counts, kind);
  return events / Math.max(events, payments, 1);
}

function foundWorse(evidence: Evidence, bets: Bet[], strength: Strength, cutover: Cutover) {
  const { source, kind, measure } = strongest(bets);
  const than =
    measure === "live"
      ? `on ${otherColor(cutover.target)}`
      : `${1000 * limitOf(kind, cutover.plan.limits)} per thousand`;
  const does = { failures: "fail", slow: "are slow", rejected: "are rejected" }[kind];
  const counts = inWords(evidence[source], cutover);
  // The counts are the step's; a handful of them may be the last straw.
  const before = cutover.stepIndex > 0 ? ", with what the steps before showed" : "";
  const numbers = `evidence ${told(strength.worse)} of ${told(strength.rollBackAt)}${before}`;
  return worse(
    { failures: "errors", slow: "slow", rejected: "rejected" }[kind],
    `${counts}: more ${does} than ${than} (${numbers})`,
  );
}

function strongest(bets: Bet[]): Bet {
  return bets.reduce((one, other) => (other.log > one.log ? other : one));
}

function unread(traffic: TrafficFacts): Verdict | undefined {
  for (const name of SOURCE_NAMES) {
    const facts = traffic[name];
    if (!facts.known)
      return lacking("traffic-unknown", `payments are not counted (${facts.reason})`);
  }
  return undefined;
}

function sharedTrouble(evidence: Evidence, bets: Bet[], cutover: Cutover): Verdict {
  const { source, kind } = strongest(bets.filter(({ isShared }) => isShared));
  const { step } = evidence[source];
  const counts = inWords(evidence[source], cutover);
  const isAsBad = ratioOf(step.live, kind) >= SHARE_OF_STANDBY * ratioOf(step.standby, kind);
  return isAsBad
    ? lacking("shared-trouble", `both colors are in trouble: ${counts}`)
    : lacking("control-unknown", `${counts}: too few to tell whether both colors are in trouble`);
}

/** Whether this step has shown that the standby color is within its limits. */
function clear(evidence: Evidence, strength: Strength, cutover: Cutover, now: number): Verdict {
  const { limits } = cutover.plan;
  const source = sourceOf(evidence, "failures");
  const { step, servedUntil } = evidence[source];
  const counts = inWords(evidence[source], cutover);
  if (step.standby.payments < limits.minimumPayments)
    return lacking(
      "few-payments",
      `${counts}, fewer than the ${limits.minimumPayments} needed to judge`,
    );
  const age = Math.round((now - (servedUntil ?? 0)) / 1000);
  if (age > SOURCES[source].staleSeconds)
    return lacking("stale-payments", `${counts}, the last of them ${age} s ago`);
  const unanswered = unansweredIn(evidence.loadBalancer, limits);
  if (unanswered !== undefined) return lacking("unanswered", `${counts}: ${unanswered}`);
  const wanting = CLEARED.find((kind) => clearanceOf(evidence, kind, limits) < strength.promoteAt);
  if (wanting === undefined) return enough(counts);
  const numbers = `evidence ${told(strength.notWorse)} of ${told(strength.promoteAt)}`;
  const most = 1000 * marginOf(wanting, limits);
  return wanting === "failures"
    ? lacking("unproven", `${counts}: not yet shown to be under ${most} per thousand (${numbers})`)
    : lacking(
        "unproven-speed",
        `${counts}: not yet shown that under ${most} per thousand are slow (${numbers})`,
      );
}

/** What a color never answers is in no count of failures: the balancer's own 502 and 504 name no group. */
function unansweredIn({ step: { standby } }: SourceEvidence, limits: Limits): string | undefined {
  const { payments, timed } = standby;
  const missing = payments - timed;
  if (missing <= ON_THEIR_WAY + failureLimit(limits) * payments) return undefined;
  return `${missing} of ${payments} requests got no answer from it`;
}

function clearanceOf(evidence: Evidence, kind: Cleared, limits: Limits): number {
  const { step } = evidence[sourceOf(evidence, kind)];
  return clearance(tally(step.standby, kind), marginOf(kind, limits));
}

/** The application counts within seconds; where it counts nothing the load balancer does, in minutes. */
function sourceOf({ application }: Evidence, kind: Cleared): SourceName {
  return tally(application.step.standby, kind).payments > 0 ? "application" : "loadBalancer";
}

function tally(counts: Counts, kind: Kind): Tally {
  return { failures: failed, slow, rejected }[kind](counts);
}

function limitOf(kind: Kind, limits: Limits): number {
  return kind === "failures" ? failureLimit(limits) : SLOW_LIMIT;
}

function marginOf(kind: Cleared, limits: Limits): number {
  return kind === "failures" ? failureLimit(limits) : SLOW_MARGIN_RATIO;
}

/** Such as `3 of 833 payments failed, 2 were slow; on blue 8 of 7512, 20`. */
function inWords({ step: { standby, live } }: SourceEvidence, { target }: Cutover): string {
  const tellsRejected = standby.rejected + live.rejected > 0;
  const own = `${standby.failures} of ${standby.payments} payments failed, ${standby.slow} were slow`;
  const control = `on ${otherColor(target)} ${live.failures} of ${live.payments}, ${live.slow}`;
  return tellsRejected
    ? `${own} and ${standby.rejected} rejected; ${control} and ${live.rejected}`
    : `${own}; ${control}`;
}

/** Three digits are enough for people. */
function told(strength: number): string {
  return String(Number(strength.toPrecision(3)));
}
