import type { Action } from "./decision";
import type { CutoverState } from "./state";

/**
 * A pass may stall at any line: after it stored that the standby color, or AWS, is to get more, and
 * before it sets those weights. Meanwhile another pass may roll back. So a pass gives up setting weights when
 * it is late, and the state says until when what was put on record may still arrive.
 */

/**
 * Longest time from a decision until its weights begin to be set, in milliseconds. Storing the
 * decision falls into it and takes up to 8 s (two attempts, see `clientSettings`).
 */
export const ACT_WINDOW_MILLISECONDS = 10_000;

/**
 * Time from a decision until nothing that its pass does can arrive, nor be missing from a reading of
 * the weights, in milliseconds: the window, 8 s for the call that sets them, and 12 s for a reading
 * that shows older weights and for clocks that differ.
 */
export const LEASE_MILLISECONDS = 30_000;

/** Whether weights are set by these actions: the load balancer's, or those of DNS. */
export function setsWeights(actions: Action[]): boolean {
  return actions.some(({ kind }) => kind === "set-weights" || kind === "set-aws-percent");
}

/**
 * The state to store for a decision made at `decidedAt`, in epoch milliseconds. Weights that give
 * the live color everything need no lease: they may arrive late and hurt nobody before another color
 * is live, and the start of that cutover takes a lease that ends later. The same holds of a percentage
 * that no migration has raised.
 */
export function withLease(next: CutoverState, actions: Action[], decidedAt: number): CutoverState {
  const gives = next.weights[next.live] !== 100 || next.phase.name === "migrating";
  if (!setsWeights(actions) || !gives) return next;
  const until = decidedAt + LEASE_MILLISECONDS;
  return { ...next, actsUntil: Math.max(next.actsUntil ?? 0, until) };
}

/** Why nothing can be taken for final yet, as a clause; undefined when no lease runs. */
export function leaseRunning({ actsUntil }: CutoverState, now: number): string | undefined {
  if (actsUntil === undefined || now >= actsUntil) return undefined;
  const seconds = Math.ceil((actsUntil - now) / 1000);
  return `another pass may still be setting weights, for ${seconds} s at most`;
}
