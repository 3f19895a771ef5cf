import type { Failure, Sent } from "./load";

/** A stretch of time; epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/**
 * The longest time without any acknowledged payment that touches a span, in milliseconds: what clients saw
 * of a switchover. It holds the usual distance between two payments too.
 */
export function longestPause(sent: Sent[], span: Span): number {
  const times = sent.flatMap(({ acknowledgedAt: at }) => (at === undefined ? [] : [at]));
  times.sort((one, other) => one - other);
  let longest = 0;
  for (const [index, at] of times.entries()) {
    const next = times[index + 1];
    if (next !== undefined && at <= span.to && next >= span.from)
      longest = Math.max(longest, next - at);
  }
  return longest;
}

/** How many payments were acknowledged in a span. */
export function acknowledgedIn(sent: Sent[], { from, to }: Span): number {
  return sent.filter(({ acknowledgedAt: at }) => at !== undefined && at > from && at < to).length;
}

export interface Latency {
  p50: number;
  p99: number;
  max: number;
}

/** From a payment's first try until it was acknowledged, in milliseconds; of none, zeros. */
export function latencyOf(sent: Sent[]): Latency {
  const taken = sent.flatMap(({ acknowledgedAt: at, firstTriedAt }) =>
    at === undefined ? [] : [at - firstTriedAt],
  );
  return { p50: quantile(taken, 0.5), p99: quantile(taken, 0.99), max: quantile(taken, 1) };
}

/** The smallest of the numbers that at least this ratio of them does not exceed; 0 of none. */
export function quantile(numbers: number[], ratio: number): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] ?? 0;
}

/** The middle of the numbers, or halfway between the two in the middle; 0 of none. */
export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const [low, high] = [sorted.length - 1, sorted.length].map((twice) => sorted[twice >> 1] ?? 0);
  return ((low ?? 0) + (high ?? 0)) / 2;
}

/** How often clients saw each kind of failure. */
export function countFailures(failures: Failure[]): { [what: string]: number } {
  const counts: { [what: string]: number } = {};
  for (const { what } of failures) counts[what] = (counts[what] ?? 0) + 1;
  return counts;
}
