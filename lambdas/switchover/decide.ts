import { otherColor } from "../cutover/contract";
import {
  APPLICATION_USERS,
  enter,
  hold,
  notify,
  reopen,
  setLocked,
  setReadOnly,
  shutOut,
} from "./decision";
import type { Known } from "./ports";
import { closedOf, isFresh, rest, STANDSTILL } from "./rest";
import {
  type Act,
  type Attempt,
  isAtRest,
  type SwitchoverDecision,
  type SwitchoverFacts,
  type SwitchoverPhase,
  type SwitchoverState,
  type WindowName,
} from "./state";
import { causeToAbort, obstacleIn } from "./window";

/** By how much clocks may differ, in milliseconds. */
const CLOCK_MILLISECONDS = 20_000;

/** Milliseconds between two readings that show that nobody writes to the new writer. */
const STILL_MILLISECONDS = 300;

/**
 * Decides what one pass does about the databases. Pure: no clock, no randomness, no effects. The
 * state is stored by a conditional write before any act, so that an abort and an opening exclude
 * each other: whoever did not win does nothing.
 */
export function decideSwitchover(
  state: SwitchoverState,
  seen: SwitchoverFacts,
): SwitchoverDecision {
  const { phase } = state;
  const refusal = refusalOf(phase, seen.request);
  if (refusal !== undefined) return hold(state, "refuse", refusal);
  switch (phase.name) {
    case "prepared":
    case "steady":
      return rest(state, seen, phase);
    case "aborting":
      return abort(state, seen, phase.attempt, phase.cause);
    case "opening":
      return open(state, seen, phase.attempt);
    case "reversing":
      return reverse(state, seen, phase.attempt);
    default:
      return inWindow(state, seen, phase.name, phase.attempt);
  }
}

/** Why what is asked cannot be done, whatever else there is; undefined when it is seen to. */
function refusalOf(
  phase: SwitchoverPhase,
  request: SwitchoverFacts["request"],
): string | undefined {
  if (request === undefined) return undefined;
  if (isAtRest(phase))
    return request.verb === "abort" ? "Refused to abort: no switchover runs." : undefined;
  const { name, attempt } = phase;
  if (request.verb === "start") return `Refused to start: a switchover is ${name} already.`;
  if (name === "aborting") return "Refused to abort: that is being done.";
  return name === "opening" || name === "reversing"
    ? `Refused to abort: payments may be in ${otherColor(attempt.from)} already; switch over again to go back.`
    : undefined;
}

/** Payments wait: every look first asks whether it has to be taken back. */
function inWindow(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  name: WindowName,
  attempt: Attempt,
): SwitchoverDecision {
  const cause = causeToAbort(name, attempt, seen);
  if (cause !== undefined) return abort(state, seen, attempt, cause);
  const obstacle = obstacleIn(name, attempt, seen);
  return obstacle === undefined
    ? goOn(state, seen, name, attempt)
    : tryAgain(state, seen, name, attempt, obstacle);
}

/** The step's acts once more: they may have been lost, and done twice they are done once. */
function tryAgain(
  state: SwitchoverState,
  { now }: SwitchoverFacts,
  name: WindowName,
  attempt: Attempt,
  obstacle: string,
): SwitchoverDecision {
  const acts = actsOf(name, state.epoch, attempt);
  return enter(state, now, { name, attempt }, `hold-${name}`, `Held ${name}: ${obstacle}.`, acts);
}

function actsOf(name: WindowName, epoch: number, attempt: Attempt) {
  const { from, markerId } = attempt;
  const to = otherColor(from);
  switch (name) {
    case "fencing":
      return [setReadOnly(from, true)];
    case "fenced":
      return [...shutOut(from, APPLICATION_USERS), setLocked(to, ["migration"], true)];
    case "draining":
      return [
        {
          kind: "write-marker" as const,
          marker: { id: markerId, epoch, from, kind: "barrier" as const },
        },
      ];
    case "drained":
      return [];
    case "sealed":
      return shutOut(to, ["replicationTarget", "migration"]);
  }
}

/** The step has all that it needs: the next one begins. */
function goOn(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  name: WindowName,
  attempt: Attempt,
): SwitchoverDecision {
  const { from } = attempt;
  const to = otherColor(from);
  const { fence, position } = seen.clusters[from];
  const step = (next: WindowName, code: string, reason: string, more: Attempt = attempt) => {
    const acts = actsOf(next, state.epoch, more);
    return enter(state, seen.now, { name: next, attempt: more }, code, reason, acts);
  };
  switch (name) {
    case "fencing": {
      const serverId = certain(fence).serverId;
      const reason = `${from} takes no writes: its accounts are locked and its sessions ended.`;
      return step("fenced", "fence", reason, { ...attempt, serverId });
    }
    case "fenced": {
      const more = { ...attempt, drainsFrom: certain(position), markedAt: seen.now };
      return step("draining", "mark", `Nobody writes to ${from}: its marker is written.`, more);
    }
    case "draining":
      return step("drained", "drain", `The marker of ${from} has come to ${to}.`);
    case "drained":
      return step("sealed", "seal", `${to} has all of ${from}: replication is locked out of it.`);
    case "sealed":
      return stillOrOpen(state, seen, attempt);
  }
}

/** Opens the new writer once its log has been seen twice at one place. */
function stillOrOpen(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  attempt: Attempt,
): SwitchoverDecision {
  const to = otherColor(attempt.from);
  const position = certain(seen.clusters[to].position);
  const { opensAt, opensAtReadAt = seen.now } = attempt;
  const isSame = opensAt?.file === position.file && opensAt.offset === position.offset;
  if (isSame && seen.now - opensAtReadAt >= STILL_MILLISECONDS)
    return enter(
      state,
      seen.now,
      { name: "opening", attempt },
      "open",
      `Nothing moves in ${to}: it is opened, and there is no way back but to switch over again.`,
      openingActs(attempt),
    );
  const reason = `Held sealed: ${to} stands at ${position.file}:${position.offset}, which is read again.`;
  if (isSame) return hold(state, "hold-sealed", reason);
  const more = { ...attempt, opensAt: position, opensAtReadAt: seen.now };
  return enter(state, seen.now, { name: "sealed", attempt: more }, "hold-sealed", reason);
}

function openingActs({ from }: Attempt) {
  const to = otherColor(from);
  return [
    setReadOnly(to, false),
    setLocked(to, APPLICATION_USERS, false),
    { kind: "set-writer" as const, cluster: to },
  ];
}

/** Gives the writes back to the old writer, again and again until that has been seen. */
function abort(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  attempt: Attempt,
  cause: string,
): SwitchoverDecision {
  const { from, restsIn } = attempt;
  const to = otherColor(from);
  const { application, replicationTarget } = seen.clusters[to].accounts;
  const phase = { name: "aborting" as const, attempt, cause };
  const isNews = state.phase.name !== "aborting";
  const reason = `Aborted the switchover to ${to}: ${cause}.`;
  // Only somebody else can have opened it: we have not come to that.
  if (application.known && application.value.open.length > 0) {
    const acts = shutOut(to, ["application"]);
    const why = `${reason} ${to} is closed before ${from} is opened.`;
    return enter(
      state,
      seen.now,
      phase,
      "close-first",
      why,
      isNews ? [...acts, notify(why)] : acts,
    );
  }
  const old = seen.clusters[from];
  const isOpen = old.fence.known && old.accounts.application.known && closedOf(old) === undefined;
  const isFed = replicationTarget.known && replicationTarget.value.locked.length === 0;
  if (isOpen && isFed && !isNews) {
    const done = `${from} takes all writes again, nothing was lost: ${cause}.`;
    return enter(state, seen.now, { name: restsIn, writer: from }, "aborted", done, [notify(done)]);
  }
  const acts = reopen(attempt);
  return enter(state, seen.now, phase, "abort", reason, isNews ? [...acts, notify(reason)] : acts);
}

/** Only forward: payments may be in the new writer already. */
function open(state: SwitchoverState, seen: SwitchoverFacts, attempt: Attempt): SwitchoverDecision {
  const { from } = attempt;
  const to = otherColor(from);
  const phase = { name: "opening" as const, attempt };
  const old = seen.clusters[from].accounts.application;
  if (old.known && old.value.open.length > 0) {
    const reason = `Held opening: the application could write to ${from}, which is closed first.`;
    return enter(state, seen.now, phase, "close-first", reason, shutOut(from, APPLICATION_USERS));
  }
  const { fence, accounts } = seen.clusters[to];
  const isOpen =
    fence.known && accounts.application.known && closedOf(seen.clusters[to]) === undefined;
  const isTold = seen.writer.known && seen.writer.value === to;
  if (!isOpen || !isTold) {
    const reason = `Held opening: ${isOpen ? "applications are not told yet" : `${to} is not seen open`}.`;
    return enter(state, seen.now, phase, "hold-opening", reason, openingActs(attempt));
  }
  const waited = Math.max(0, seen.now - attempt.startedAt) / 1000;
  const reason = `${to} takes all writes, after payments waited for ${waited} s. Replication back to ${from} is being started.`;
  const acts = [{ kind: "stop-replication" as const, from }, notify(reason)];
  return enter(state, seen.now, { name: "reversing", attempt }, "reverse", reason, acts);
}

/** Turns replication round, one thing after the other: both directions at once would echo. */
function reverse(
  state: SwitchoverState,
  seen: SwitchoverFacts,
  attempt: Attempt,
): SwitchoverDecision {
  const { from } = attempt;
  const to = otherColor(from);
  const [forward, back] = [seen.replication[from], seen.replication[to]];
  const { fence, accounts, heartbeatAge } = seen.clusters[from];
  const go = (reason: string, ...acts: SwitchoverDecision["acts"]) =>
    enter(state, seen.now, { name: "reversing", attempt }, "hold-reversing", reason, acts);
  if (!accounts.application.known)
    return go(`Held reversing: it is unknown who can write to ${from}.`);
  if (accounts.application.value.open.length > 0)
    return go(
      `The application is locked out of ${from} first.`,
      ...shutOut(from, APPLICATION_USERS),
    );
  if (!forward.known) return go(`Held reversing: replication of ${from} is unknown.`);
  if (!STANDSTILL.includes(forward.value))
    return go(`Replication of ${from} is stopped first.`, { kind: "stop-replication", from });
  const target = accounts.replicationTarget;
  const isWritable =
    fence.known && !fence.value.readOnly && target.known && target.value.locked.length === 0;
  if (!isWritable)
    return go(
      `${from} is made ready to be replicated to.`,
      setReadOnly(from, false),
      setLocked(from, ["replicationTarget", "migration"], false),
    );
  if (!back.known) return go(`Held reversing: replication of ${to} is unknown.`);
  if (STANDSTILL.includes(back.value))
    return go(`Replication of ${to} is started.`, startBack(attempt));
  if (back.value !== "running") return go(`Held reversing: replication of ${to} is ${back.value}.`);
  if (!heartbeatAge.known || !isFresh(heartbeatAge.value))
    return go(`Held reversing: no fresh heartbeat of ${to} has come to ${from}.`);
  const reason = `${to} takes all writes and is replicated to ${from}: it can be switched back.`;
  return enter(state, seen.now, { name: "steady", writer: to }, "steady", reason, [notify(reason)]);
}

/** It ran before only while the new writer was the writer before, which is more than a lease ago. */
function startBack({ from, opensAt, startedAt }: Attempt): Act {
  const to = otherColor(from);
  if (opensAt === undefined) throw new Error(`${to} was opened without a position`);
  const since = startedAt - CLOCK_MILLISECONDS;
  return { kind: "start-replication", from: to, position: opensAt, since };
}

function certain<T>(fact: Known<T>): T {
  if (!fact.known) throw new Error(`decided on something unknown: ${fact.reason}`);
  return fact.value;
}
