import type { DatabaseUser } from "../bootstrap/contract";
import { type Color, otherColor } from "../cutover/contract";
import type { Act, Attempt, SwitchoverDecision, SwitchoverPhase, SwitchoverState } from "./state";

/** Who writes as a payment is made or a release migrates. */
export const APPLICATION_USERS: DatabaseUser[] = ["application", "migration"];

/**
 * Time from a decision until nothing that its pass does can open anything any more, in milliseconds:
 * 10 s in which acts may begin, 45 s that the RDS Data API lets a statement run, and 20 s for clocks
 * that differ.
 */
export const OPENING_LEASE_MILLISECONDS = 75_000;

/** A decision that stores a phase and then acts. What opens something takes a lease. */
export function enter(
  state: SwitchoverState,
  now: number,
  phase: SwitchoverPhase,
  code: string,
  reason: string,
  acts: Act[] = [],
): SwitchoverDecision {
  const opensUntil = acts.some(isOpening)
    ? Math.max(state.opensUntil, now + OPENING_LEASE_MILLISECONDS)
    : state.opensUntil;
  return { code, reason, next: { ...state, opensUntil, phase }, acts };
}

export function hold(state: SwitchoverState, code: string, reason: string): SwitchoverDecision {
  return { code, reason, next: state, acts: [] };
}

function isOpening(act: Act): boolean {
  return (
    (act.kind === "set-read-only" && !act.readOnly) || (act.kind === "set-locked" && !act.locked)
  );
}

export function notify(message: string): Act {
  return { kind: "notify", subject: message.slice(0, 100), message };
}

export function setReadOnly(cluster: Color, readOnly: boolean): Act {
  return { kind: "set-read-only", cluster, readOnly };
}

export function setLocked(cluster: Color, users: DatabaseUser[], locked: boolean): Act {
  return { kind: "set-locked", cluster, users, locked };
}

/** Locks first: a session that is ended must not come back. */
export function shutOut(cluster: Color, users: DatabaseUser[]): Act[] {
  return [setLocked(cluster, users, true), { kind: "end-sessions", cluster, users }];
}

/** Opens the old writer again, payments first, and lets replication write into the other cluster. */
export function reopen({ from }: Attempt): Act[] {
  return [
    setReadOnly(from, false),
    setLocked(from, APPLICATION_USERS, false),
    setLocked(otherColor(from), ["replicationTarget", "migration"], false),
  ];
}
