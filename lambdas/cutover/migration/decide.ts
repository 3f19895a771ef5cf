import { DNS_REACH_SECONDS } from "../contract";
import {
  act,
  type Decision,
  hold,
  keepingEvidence,
  notify,
  setAwsPercent,
  setWeights,
} from "../decision";
import { dnsDriftOf, driftOf } from "../drift";
import type { Verdict } from "../evidence/verdict";
import { frozenBy } from "../freeze";
import { leaseRunning } from "../lease";
import type { Observation } from "../observe";
import {
  answer,
  askForApproval,
  beginAnew,
  type Subject,
  stayFrozen,
  stayPaused,
} from "../requests";
import type { CutoverState, Migration } from "../state";
import { judgeLive, withSettled } from "./judge";
import {
  enterStep,
  heldTooLong,
  obstacleTo,
  stepOf,
  stepsOf,
  subjectOf,
  unknownDns,
  withMigration,
} from "./steps";

const MINUTE = 60_000;
const REACH_MILLISECONDS = DNS_REACH_SECONDS * 1000;

/** While a migration runs: safety first, as in a cutover. */
export function migrate(state: CutoverState, seen: Observation, running: Migration): Decision {
  if (seen.awsPercent === undefined) return abandon(state);
  const migration = withSettled(seen, running, state.live);
  const { verdict, strength } = judgeLive(seen, migration, state.live);
  const decision = { ...migrateBy(verdict, state, seen, running, migration), strength };
  const kept = withMigration(state, migration);
  return keepingEvidence(decision, state, running, migration, kept, seen.now);
}

/** @param migration the running one, with what is now settled of its evidence */
function migrateBy(
  verdict: Verdict,
  state: CutoverState,
  seen: Observation,
  running: Migration,
  migration: Migration,
): Decision {
  const { request } = seen;
  if (request?.verb === "rollback")
    return leadBack(state, migration, `${request.who} asked for it (${request.why})`);
  if (verdict.kind === "worse")
    return leadBack(state, migration, `on ${state.live}, ${verdict.reason}`);
  const subject = subjectOf(state, migration, seen.now);
  if (running.pausedBy !== undefined) return stayPaused(state, seen, subject, running.pausedBy);
  if (request !== undefined) return answer(state, subject, request);
  const obstacle = obstacleTo(state, seen, migration, verdict);
  const frozen = frozenBy(migration.plan.freeze, seen.now);
  const again = setAgain(state, seen, migration);
  if (obstacle !== undefined && frozen === undefined) {
    if (running.frozen) return beginAnew(subject, obstacle);
    if (heldTooLong(seen.now, running))
      return leadBack(state, migration, `the step was held too long: ${obstacle}`);
  }
  // As in a cutover: what a step lacks at night, nobody is there to mend.
  if (obstacle !== undefined && frozen !== undefined && again === undefined && running.bakingSince)
    return stayFrozen(state, subject, `${frozen}, and ${obstacle}`);
  return again ?? advance(state, seen, subject, migration, verdict);
}

/** Puts back what somebody changed. Of the clients' share, what it had shown no longer counts as seen. */
function setAgain(
  state: CutoverState,
  seen: Observation,
  migration: Migration,
): Decision | undefined {
  const drift = driftOf(seen.weights, state.weights);
  if (drift !== undefined)
    return act(state, "heal-drift", `Put the weights back: ${drift}.`, setWeights(state.weights));
  const dnsDrift = dnsDriftOf(seen.awsPercent, state.awsPercent);
  if (dnsDrift === undefined) return undefined;
  const { bakingSince: _, ...again } = migration;
  const { awsPercent } = stepOf(migration);
  const reason = `Set the weights of DNS again: ${dnsDrift}.`;
  return act(withMigration(state, again), "set-again", reason, setAwsPercent(awsPercent));
}

/** The weights are in place: let DNS reach everybody, count the bake time, then move on if the evidence allows. */
function advance(
  state: CutoverState,
  { now, weights, awsPercent }: Observation,
  subject: Subject,
  migration: Migration,
  verdict: Verdict,
): Decision {
  const { share, approval } = subject;
  const { bakingSince, bakeSkipped, approvedBy, stepIndex, plan } = migration;
  const { bakeMinutes } = stepOf(migration);
  if (!weights.known)
    return hold(
      state,
      "hold-weights-unknown",
      `Held: the weights are unknown (${weights.reason}).`,
    );
  if (!awsPercent?.known)
    return hold(state, "hold-dns-unknown", `Held ${share}: ${unknownDns(awsPercent)}.`);
  if (bakingSince === undefined) {
    const next = subject.mark({ bakingSince: now + REACH_MILLISECONDS });
    const reason = `DNS leads ${share}, which reaches nearly everybody within ${DNS_REACH_SECONDS} s and then bakes for ${bakeMinutes} min.`;
    return hold(next, "bake", reason);
  }
  if (now < bakingSince)
    return hold(state, "hold-dns-reach", `Held ${share}: DNS has not reached everybody yet.`);
  if (verdict.kind !== "not-worse")
    return hold(state, `hold-${verdict.code}`, `Held ${share}: ${verdict.reason}.`);
  if (now - bakingSince < bakeMinutes * MINUTE && !bakeSkipped)
    return hold(state, "hold-baking", `Baking ${share}: ${verdict.reason}.`);
  if (approval !== undefined && approvedBy === undefined) return askForApproval(state, subject);
  const lease = leaseRunning(state, now);
  if (lease !== undefined) return hold(state, "hold-lease", `Held ${share}: ${lease}.`);
  if (stepIndex + 1 === stepsOf(plan).length) return complete(state, verdict.reason);
  const frozen = frozenBy(plan.freeze, now);
  if (frozen !== undefined) return stayFrozen(state, subject, frozen);
  return enterStep(state, migration, stepIndex + 1, "promote", `Promoted: ${verdict.reason}`, now);
}

function complete(state: CutoverState, evidence: string): Decision {
  const reason = `Migrated: DNS leads all clients to AWS (${evidence}).`;
  return act({ ...state, phase: { name: "idle" } }, "migrated", reason, notify(reason));
}

/** Only DNS moves: the colors have nothing to give back. */
function leadBack(state: CutoverState, migration: Migration, cause: string): Decision {
  const { fromPercent } = migration;
  const reason = `Led clients back to ${fromPercent} % on AWS: ${cause}. Payments still come here for about ${DNS_REACH_SECONDS} s, until DNS has reached nearly everybody.`;
  const phase = { name: "migrating-back" as const, migration, cause };
  return act(
    { ...state, awsPercent: fromPercent, phase },
    "roll-back",
    reason,
    setAwsPercent(fromPercent),
    notify(reason),
  );
}

/** As a rollback ends: when it was read back, and no pass from before can change it any more. */
export function finishWayBack(
  state: CutoverState,
  seen: Observation,
  migration: Migration,
  cause: string,
): Decision {
  if (seen.awsPercent === undefined) return abandon(state);
  const { fromPercent } = migration;
  const colors = driftOf(seen.weights, state.weights);
  const found = colors ?? notBack(state, seen);
  if (found === undefined) {
    const lease = leaseRunning(state, seen.now);
    const back = `DNS leads ${fromPercent} % of the clients to AWS again`;
    if (lease !== undefined) return hold(state, "hold-lease", `${back}, but ${lease}.`);
    const phase = { name: "rolled-back" as const, migration, cause };
    const reason = `${back}, which reaches nearly everybody within ${DNS_REACH_SECONDS} s; latched until a person clears it.`;
    return act({ ...state, phase }, "rolled-back", reason, notify(reason));
  }
  const actions = [
    ...(colors === undefined ? [] : [setWeights(state.weights)]),
    setAwsPercent(fromPercent),
  ];
  return act(state, "set-again", `Set the weights again: ${found}.`, ...actions);
}

/** Why clients cannot be said to be led back, as a clause. */
function notBack(state: CutoverState, { awsPercent, weights }: Observation): string | undefined {
  if (!awsPercent?.known) return unknownDns(awsPercent);
  if (!weights.known) return `the weights are unknown (${weights.reason})`;
  return dnsDriftOf(awsPercent, state.awsPercent);
}

/** The records are the configuration's: without that of on-premises all clients come to AWS. */
function abandon(state: CutoverState): Decision {
  const reason =
    "The migration has ended: the configuration has no on-premises endpoint any more, so DNS leads all clients to AWS.";
  return act({ ...state, phase: { name: "idle" } }, "migration-gone", reason, notify(reason));
}
