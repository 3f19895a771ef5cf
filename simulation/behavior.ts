/** Response times of a color's payments: a lognormal distribution, as services usually have. */
export interface Latency {
  medianMilliseconds: number;
  /** The slowest hundredth takes longer; not below the median. */
  p99Milliseconds: number;
}

/** How a color treats the payments that it gets. */
export interface Behavior {
  /** Share of the payments, 0 to 1, that fail whatever the release: expired cards, lost clients. */
  backgroundFailureRatio: number;
  /** Share of the payments, 0 to 1, that fail because of the release. */
  releaseFailureRatio: number;
  /** Share of the payments, 0 to 1, that the release takes for a client's mistake and answers 4xx. */
  releaseRejectedRatio: number;
  latency: Latency;
  /** Share of the targets, 0 to 1, that fail their health check. */
  unhealthyTargetRatio: number;
}

/** Of its payments 0.2 % take longer than half a second. */
const USUAL_LATENCY: Latency = { medianMilliseconds: 80, p99Milliseconds: 352 };

export const HEALTHY: Behavior = {
  backgroundFailureRatio: 0.001,
  releaseFailureRatio: 0,
  releaseRejectedRatio: 0,
  latency: USUAL_LATENCY,
  unhealthyTargetRatio: 0,
};

/** Whether it hurts payments, or would, where `usual` does not. */
export function isFaulty(behavior: Behavior, usual: Behavior): boolean {
  const { releaseFailureRatio, releaseRejectedRatio, unhealthyTargetRatio, latency } = behavior;
  const hurt = releaseFailureRatio + releaseRejectedRatio + unhealthyTargetRatio;
  return hurt > 0 || latency.p99Milliseconds > usual.latency.p99Milliseconds;
}

/** The standard normal distribution's value below which 99 % of it lie. */
const Z_99 = 2.326348;

/** Share of the payments, 0 to 1, that take longer than so many milliseconds. */
export function slowRatio(
  { medianMilliseconds, p99Milliseconds }: Latency,
  milliseconds: number,
): number {
  const distance = Math.log(milliseconds / medianMilliseconds);
  const deviation = Math.log(p99Milliseconds / medianMilliseconds) / Z_99;
  // Without any spread all payments take the same time.
  if (deviation === 0) return distance < 0 ? 1 : 0;
  return upperTail(distance / deviation);
}

/**
 * Share of the standard normal distribution above z; wrong by less than 1e-7 (Abramowitz and Stegun,
 * Handbook of Mathematical Functions, 26.2.17).
 */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (polynomial * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
