import type { Rule, Standing } from "./rule";
import { failedShare, type Sample } from "./sample";

/** One weight of a Rollout's `steps`, with the pause after it. */
export interface ArgoStep {
  setWeight: number;
  pauseMinutes: number;
}

/** A Rollout with one metric in background analysis; by Argo Rollouts' own names where it has some. */
export interface ArgoSettings {
  steps: readonly ArgoStep[];
  intervalSeconds: number;
  /** From the start to the first measurement. */
  initialDelaySeconds: number;
  /** More failed measurements abort. */
  failureLimit: number;
  /** More inconclusive measurements pause. */
  inconclusiveLimit: number;
  /** More errors in a row abort. */
  consecutiveErrorLimit: number;
  /** Share of the payments, 0 to 1, up to which a measurement is successful. */
  successUpTo: number;
  /**
   * Share above which one fails. Between the two, and where a query has no value, it is inconclusive.
   * @default what is not successful fails
   */
  failureAbove?: number;
  /**
   * What the condition makes of a query without a value: `result[0]` cannot be evaluated, and
   * `all(result[0].Values, ...)` is true of none. Counts only without `failureAbove`.
   */
  noDataIs: "error" | "successful";
}

/** Defaults in the version below. */
export const ARGO_DEFAULTS = {
  failureLimit: 0,
  inconclusiveLimit: 0,
  consecutiveErrorLimit: 4,
} as const;

export interface ArgoState extends Standing {
  stepIndex: number;
  /** When the step's pause is over. */
  stepEndsAt: number;
  nextMeasurementAt: number;
  failed: number;
  inconclusive: number;
  errorsInARow: number;
}

export const ARGO_SOURCE =
  "argoproj/argo-rollouts analysis/analysis.go, utils/evaluate/evaluate.go and rollout/analysis.go@9f8d111d";

/** After a measurement that ended in an error the next one is made this much later, whatever the interval. */
const ERROR_RETRY_MILLISECONDS = 10_000;

const MINUTE = 60_000;

type Phase = "successful" | "failed" | "inconclusive" | "error";

/**
 * Argo Rollouts' canary steps, which go by the clock, and beside them a background analysis, which aborts
 * or pauses them. Its end is that of the last step's pause: the analysis is then stopped, and successful.
 *
 * Taken in its favor: pods are ready at once, and weights reach the load balancer as fast as ours do.
 */
export function argoRule(settings: ArgoSettings): Rule<ArgoState, Sample> {
  return {
    begin: (now) => ({
      ...stepAt(settings, 0, now),
      nextMeasurementAt: now + settings.initialDelaySeconds * 1000,
      failed: 0,
      inconclusive: 0,
      errorsInARow: 0,
    }),
    nextLookAt: ({ stepEndsAt, nextMeasurementAt }) => Math.min(stepEndsAt, nextMeasurementAt),
    look(state, seen, now) {
      const measured = now < state.nextMeasurementAt ? state : measure(state, seen, settings, now);
      if (measured.end !== undefined || now < measured.stepEndsAt) return measured;
      const next = measured.stepIndex + 1;
      if (next === settings.steps.length) return { ...measured, end: "completed" };
      return { ...measured, ...stepAt(settings, next, now) };
    },
  };
}

function stepAt({ steps }: ArgoSettings, stepIndex: number, now: number) {
  const step = steps[stepIndex];
  if (step === undefined) throw new Error(`there is no step ${stepIndex + 1}`);
  const stepEndsAt = now + step.pauseMinutes * MINUTE;
  return { stepIndex, standbyPercent: step.setWeight, stepEndsAt };
}

function measure(state: ArgoState, seen: Sample, settings: ArgoSettings, now: number): ArgoState {
  const phase = phaseOf(seen, settings);
  const failed = state.failed + (phase === "failed" ? 1 : 0);
  const inconclusive = state.inconclusive + (phase === "inconclusive" ? 1 : 0);
  const errorsInARow = phase === "error" ? state.errorsInARow + 1 : 0;
  const wait = phase === "error" ? ERROR_RETRY_MILLISECONDS : settings.intervalSeconds * 1000;
  const counted = { ...state, failed, inconclusive, errorsInARow, nextMeasurementAt: now + wait };
  if (failed > settings.failureLimit || errorsInARow > settings.consecutiveErrorLimit)
    return { ...counted, standbyPercent: 0, end: "rolled-back" };
  return inconclusive > settings.inconclusiveLimit ? { ...counted, end: "paused" } : counted;
}

function phaseOf(seen: Sample, settings: ArgoSettings): Phase {
  const { successUpTo, failureAbove, noDataIs } = settings;
  if (seen === "unreachable") return "error";
  if (seen === "no-data") return failureAbove === undefined ? noDataIs : "inconclusive";
  const share = failedShare(seen);
  if (share <= successUpTo) return "successful";
  return failureAbove === undefined || share > failureAbove ? "failed" : "inconclusive";
}
