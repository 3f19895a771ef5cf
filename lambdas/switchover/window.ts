import { otherColor } from "../cutover/contract";
import type { Accounts, Known } from "./ports";
import type { Attempt, SwitchoverFacts, WindowName } from "./state";

/** Longest that payments wait, in milliseconds. */
export const LONGEST_MILLISECONDS = 60_000;
/** Kept back of it for the opening itself, in milliseconds: with less left there is none. */
export const OPENING_MILLISECONDS = 10_000;
/** Longest that the fence may take, in milliseconds: it waits behind long statements, and all wait behind it. */
export const FENCING_MILLISECONDS = 10_000;
/** Longest that the marker may take, in milliseconds. */
export const MARKER_MILLISECONDS = 20_000;

/** What is known to be bad, or has lasted too long; a clause. */
export function causeToAbort(
  name: WindowName,
  attempt: Attempt,
  seen: SwitchoverFacts,
): string | undefined {
  const { from, startedAt, markedAt = seen.now } = attempt;
  const to = otherColor(from);
  const waited = seen.now - startedAt;
  if (seen.request?.verb === "abort") return `${seen.request.who} asked for it`;
  if (waited >= LONGEST_MILLISECONDS - OPENING_MILLISECONDS)
    return `it was still ${name} after ${waited / 1000} s`;
  if (name === "fencing")
    return waited >= FENCING_MILLISECONDS
      ? `${from} was not fenced after ${waited / 1000} s`
      : openedBySomebody(to, seen);
  if (name === "draining" && seen.now - markedAt >= MARKER_MILLISECONDS)
    return `the marker has not come to ${to} after ${(seen.now - markedAt) / 1000} s`;
  return (
    openedBySomebody(to, seen) ??
    brokenFence(attempt, seen) ??
    strayWrites(attempt, seen) ??
    brokenReplication(name, attempt, seen)
  );
}

function openedBySomebody(to: Attempt["from"], { clusters }: SwitchoverFacts): string | undefined {
  const { application } = clusters[to].accounts;
  return application.known && application.value.open.length > 0
    ? `somebody has opened ${application.value.open.join(" and ")} in ${to}`
    : undefined;
}

function brokenFence({ from, serverId }: Attempt, { clusters }: SwitchoverFacts) {
  const { fence, preparedXa } = clusters[from];
  if (fence.known && !fence.value.readOnly) return `the fence of ${from} has fallen`;
  if (fence.known && fence.value.serverId !== serverId)
    return `${from} has failed over to ${fence.value.serverId}`;
  return preparedXa.known && preparedXa.value > 0
    ? `${from} has prepared transactions that may be committed behind the fence`
    : undefined;
}

function strayWrites({ from, drainsFrom }: Attempt, { written }: SwitchoverFacts) {
  return drainsFrom !== undefined && written.known && written.value.strays.length > 0
    ? `after the fence, ${from} has written ${written.value.strays.join(" and ")}`
    : undefined;
}

function brokenReplication(name: WindowName, attempt: Attempt, seen: SwitchoverFacts) {
  const { from } = attempt;
  const { troubles } = seen.clusters[otherColor(from)];
  if (troubles.known && troubles.value.suspendedTables > 0)
    return `replication has suspended ${troubles.value.suspendedTables} tables`;
  if (troubles.known && troubles.value.exceptions > 0)
    return "replication could not apply a change";
  const task = seen.replication[from];
  // Locked out of its target, it may end as it likes.
  return name !== "sealed" && task.known && task.value !== "running"
    ? `replication of ${from} is ${task.value}`
    : undefined;
}

/** What the step still lacks, as a clause; undefined when it can end. What is unknown is lacking. */
export function obstacleIn(
  name: WindowName,
  attempt: Attempt,
  seen: SwitchoverFacts,
): string | undefined {
  const to = otherColor(attempt.from);
  const [old, other] = [seen.clusters[attempt.from], seen.clusters[to]];
  switch (name) {
    case "fencing":
      return lacks("the fence", old.fence, ({ readOnly }) => readOnly);
    case "fenced":
      return closed(attempt, seen) ?? lacks("the log's position", old.position, () => true);
    case "draining":
      return (
        lacks(`the marker in ${attempt.from}`, old.hasMarker, (there) => there) ??
        lacks(`the marker in ${to}`, other.hasMarker, (there) => there)
      );
    case "drained":
      return (
        drained(attempt, seen) ??
        lacks("replication", seen.replication[attempt.from], (status) => status === "running")
      );
    case "sealed":
      return (
        drained(attempt, seen) ??
        lacks(`replication's lock in ${to}`, other.accounts.replicationTarget, isClosed) ??
        lacks(`the application's lock in ${to}`, other.accounts.application, isClosed) ??
        lacks(`the end of replication's sessions`, other.replicationSessions, isNone) ??
        lacks(`the end of sessions in ${to}`, other.sessions, isNone) ??
        lacks(`the end of transactions in ${to}`, other.transactions, isNone) ??
        lacks(`the end of prepared transactions in ${to}`, other.preparedXa, isNone) ??
        lacks(`the position of ${to}`, other.position, () => true)
      );
  }
}

/** That nobody can write to the old writer, by fence, locks, sessions and transactions. */
function closed({ from, serverId }: Attempt, { clusters }: SwitchoverFacts): string | undefined {
  const { fence, accounts, sessions, transactions, preparedXa } = clusters[from];
  const migration = clusters[otherColor(from)].accounts.migration;
  return (
    lacks("the fence", fence, (is) => is.readOnly && is.serverId === serverId) ??
    lacks("the application's lock", accounts.application, isClosed) ??
    lacks("the lock of migrations", accounts.migration, isClosed) ??
    lacks("the lock of migrations in the new writer", migration, isClosed) ??
    lacks("the end of sessions", sessions, isNone) ??
    lacks("the end of transactions", transactions, isNone) ??
    lacks("the end of prepared transactions", preparedXa, isNone)
  );
}

/** That the new writer has all of the old one, which has not changed since. */
function drained(attempt: Attempt, seen: SwitchoverFacts): string | undefined {
  const other = seen.clusters[otherColor(attempt.from)];
  return (
    closed(attempt, seen) ??
    lacks("the marker", other.hasMarker, (there) => there) ??
    lacks(
      "the proof that nothing else was written",
      seen.written,
      (is) => is.strays.length === 0,
    ) ??
    lacks(
      "the proof that replication left nothing out",
      other.troubles,
      (is) => is.suspendedTables === 0 && is.exceptions === 0,
    )
  );
}

function lacks<T>(what: string, fact: Known<T>, isThere: (value: T) => boolean) {
  if (!fact.known) return `${what} is unknown (${fact.reason})`;
  return isThere(fact.value) ? undefined : `${what} is not seen yet`;
}

function isClosed({ open }: Accounts): boolean {
  return open.length === 0;
}

function isNone(count: number): boolean {
  return count === 0;
}
