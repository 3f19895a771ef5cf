import type { Rule, Standing } from "./rule";
import { failedShare, type Sample } from "./sample";

/** Of a Canary's `spec.analysis`, by Flagger's own names where it has some. */
export interface FlaggerSettings {
  /** Between two passes of its scheduler. */
  intervalSeconds: number;
  /** So many failed checks take the release back. */
  threshold: number;
  stepWeight: number;
  maxWeight: number;
  /** Share of the payments, 0 to 1: a check with more fails (`request-success-rate`, as its complement). */
  maxFailedShare: number;
}

export interface FlaggerState extends Standing {
  phase: "progressing" | "promoting" | "finalising";
  /** Of the whole analysis: neither a passed check nor a new weight sets it back. */
  failedChecks: number;
  nextTickAt: number;
}

export const FLAGGER_SOURCE =
  "fluxcd/flagger pkg/controller/scheduler.go and scheduler_metrics.go@15bd6ad5";

/**
 * Flagger's scheduler, from the pass on that sets the first weight. Each pass first takes back what has
 * failed often enough before, so the check that makes the number full costs one interval more.
 *
 * Taken in its favor: the canary's and the primary's pods are ready at once, so no pass is lost waiting
 * for them, and payments stay at the largest weight while the primary's pods are exchanged.
 */
export function flaggerRule(settings: FlaggerSettings): Rule<FlaggerState, Sample> {
  const interval = settings.intervalSeconds * 1000;
  return {
    begin: (now) => ({
      standbyPercent: settings.stepWeight,
      phase: "progressing",
      failedChecks: 0,
      nextTickAt: now + interval,
    }),
    nextLookAt: ({ nextTickAt }) => nextTickAt,
    look: (state, seen, now) => ({ ...tick(state, seen, settings), nextTickAt: now + interval }),
  };
}

function tick(state: FlaggerState, seen: Sample, settings: FlaggerSettings): FlaggerState {
  const { phase, failedChecks, standbyPercent } = state;
  if (phase === "promoting") return { ...state, standbyPercent: 100, phase: "finalising" };
  if (phase === "finalising") return { ...state, end: "completed" };
  if (failedChecks >= settings.threshold)
    return { ...state, standbyPercent: 0, end: "rolled-back" };
  if (!passes(seen, settings)) return { ...state, failedChecks: failedChecks + 1 };
  if (standbyPercent >= settings.maxWeight) return { ...state, phase: "promoting" };
  return { ...state, standbyPercent: Math.min(standbyPercent + settings.stepWeight, 100) };
}

/** Neither a query without a value nor a provider that cannot be reached passes. */
function passes(seen: Sample, { maxFailedShare }: FlaggerSettings): boolean {
  return typeof seen !== "string" && failedShare(seen) <= maxFailedShare;
}
