import { type Color, otherColor } from "../cutover/contract";
import {
  APPLICATION_USERS,
  enter,
  hold,
  notify,
  setLocked,
  setReadOnly,
  shutOut,
} from "./decision";
import type { Accounts, Known } from "./ports";
import type { Finding } from "./preflight";
import type {
  Act,
  Attempt,
  ClusterFacts,
  Rest,
  SwitchoverDecision,
  SwitchoverFacts,
  SwitchoverState,
} from "./state";

/** Age up to which a heartbeat proves replication, in milliseconds. */
export const HEARTBEAT_MILLISECONDS = 3_000;
/** How far a heartbeat may seem to come from the future, in milliseconds: clocks differ. */
const CLOCK_MILLISECONDS = 1_000;

/** Statuses of a task that writes nothing, in AWS DMS's words. */
export const STANDSTILL = ["ready", "stopped", "failed"];

/** Nothing moves: one writer is open, and the other cluster follows it. */
export function rest(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  phase: Rest,
): SwitchoverDecision {
  const drift = healDrift(state, seen, phase);
  // What is not as it should be comes before what somebody wants.
  if (drift !== undefined) return drift;
  if (seen.request === undefined) return hold(state, "rest", `${phase.writer} takes all writes.`);
  const obstacles = obstaclesToStart(state, seen, phase.writer);
  if (obstacles.length > 0)
    return hold(state, "refuse", `Refused to switch over: ${obstacles.join("; ")}.`);
  return start(state, seen, phase);
}

function start(state: SwitchoverState, seen: SwitchoverFacts, phase: Rest): SwitchoverDecision {
  const from = phase.writer;
  const attempt: Attempt = {
    markerId: seen.request?.markerId ?? "",
    from,
    restsIn: phase.name,
    requestedBy: seen.request?.who ?? "unknown",
    startedAt: seen.now,
  };
  const why = seen.request?.why ?? "";
  const reason = `${attempt.requestedBy} started the switchover to ${otherColor(from)} (${why}): ${from} is fenced.`;
  const next = { ...state, epoch: state.epoch + 1 };
  const acts = [setReadOnly(from, true), notify(reason)];
  return enter(next, seen.now, { name: "fencing", attempt }, "start", reason, acts);
}

/** All that stands against a start, so that a person need not find out one by one. */
export function obstaclesToStart(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  from: Color,
): string[] {
  const to = otherColor(from);
  const [old, other] = [seen.clusters[from], seen.clusters[to]];
  const lease = Math.ceil((state.opensUntil - seen.now) / 1000);
  const must = <T>(what: string, fact: Known<T>, isRight: (value: T) => boolean): string[] => {
    if (!fact.known) return [`it is unknown whether ${what} (${fact.reason})`];
    return isRight(fact.value) ? [] : [`it is not so that ${what}`];
  };
  return [
    ...(lease > 0 ? [`statements of another pass may still open accounts, for ${lease} s`] : []),
    ...(seen.request?.markerId ? [] : ["the request brings no id for a marker"]),
    ...(seen.request?.to === from ? [`${from} takes all writes already`] : []),
    ...must("the pre-flight could be made", seen.findings, () => true),
    ...(seen.findings.known ? seen.findings.value.map(inWords) : []),
    ...must(`${from} can be written to`, old.fence, ({ readOnly }) => !readOnly),
    ...must(`${to} can be written to`, other.fence, ({ readOnly }) => !readOnly),
    ...must(
      `the application is locked out of ${to}`,
      other.accounts.application,
      ({ open }) => open.length === 0,
    ),
    ...must(
      `nobody replicates into ${from}`,
      old.accounts.replicationTarget,
      ({ open }) => open.length === 0,
    ),
    ...must(`no transaction is prepared in ${from}`, old.preparedXa, (count) => count === 0),
    ...must(`${from} is replicated`, seen.replication[from], (status) => status === "running"),
    ...must(`${to} is not`, seen.replication[to], (status) => STANDSTILL.includes(status)),
    ...must(`${to} has a fresh heartbeat of ${from}`, other.heartbeatAge, isFresh),
    ...must(`${to} gets all tables`, other.troubles, (count) => count.suspendedTables === 0),
    ...must(
      `AWS DMS has noted no exceptions in ${to} (awsdms_apply_exceptions; explain them, then delete them)`,
      other.troubles,
      (count) => count.exceptions === 0,
    ),
  ];
}

/** Table and reason, and what to do. */
function inWords({ check, cluster, table, reason, remedy }: Finding): string {
  const where = [table, cluster && `in ${cluster}`].filter((part) => part !== undefined).join(" ");
  return `${check}${where === "" ? "" : ` (${where})`}: ${reason}; ${remedy}`;
}

export function isFresh(milliseconds: number): boolean {
  return milliseconds >= -CLOCK_MILLISECONDS && milliseconds <= HEARTBEAT_MILLISECONDS;
}

/**
 * A statement of an older pass may have come late, or somebody has been at the accounts. The other
 * cluster is closed first; the writer is opened only when that has been seen.
 */
function healDrift(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  phase: Rest,
): SwitchoverDecision | undefined {
  const { writer } = phase;
  const other = otherColor(writer);
  const { application } = seen.clusters[other].accounts;
  const heal = (found: string, acts: Act[]) => {
    const reason = `Put right what somebody else has changed: ${found}.`;
    return enter(state, seen.now, phase, "heal-drift", reason, [...acts, notify(reason)]);
  };
  if (application.known && application.value.open.length > 0)
    return heal(`the application could write to ${other}`, shutOut(other, ["application"]));
  if (!application.known) return undefined;
  const [migration] = lockedOf(seen.clusters[writer].accounts.migration);
  const closed = closedOf(seen.clusters[writer]) ?? (migration && `${migration} is locked`);
  if (closed !== undefined)
    return heal(`${closed} in ${writer}`, [
      setReadOnly(writer, false),
      setLocked(writer, APPLICATION_USERS, false),
    ]);
  const { fence, accounts } = seen.clusters[other];
  if (fence.known && fence.value.readOnly)
    return heal(`replication could not write to ${other}`, [setReadOnly(other, false)]);
  const shut = [accounts.replicationTarget, accounts.migration].flatMap(lockedOf);
  if (shut.length > 0)
    return heal(`${shut.join(" and ")} is locked in ${other}`, [
      setLocked(other, ["replicationTarget", "migration"], false),
    ]);
  return undefined;
}

function lockedOf(accounts: Known<Accounts>): string[] {
  return accounts.known ? accounts.value.locked : [];
}

/** What keeps a writer from taking payments, as far as is known. */
export function closedOf({ fence, accounts }: ClusterFacts): string | undefined {
  if (fence.known && fence.value.readOnly) return "the fence stands";
  const locked = lockedOf(accounts.application);
  return locked.length > 0 ? `${locked.join(" and ")} is locked` : undefined;
}
