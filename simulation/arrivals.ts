import { shareOnAws } from "./dns";
import type { World } from "./world";

/** Length of a slice of virtual time: within one, nothing changes but the counts. */
export const SLICE_MILLISECONDS = 1_000;

const HOUR = 3_600_000;

/** The hour of the day, in UTC, at which most payments come; half a day later fewest do. */
const BUSIEST_HOUR = 15;

/** Of the payments of the busiest hour, how many come in the quietest. */
const QUIETEST_RATIO = 0.15;

/**
 * Share of the busiest hour's payments that come at an instant, 0 to 1: a day as shops have it, as one wave.
 * @param at epoch milliseconds
 */
export function shareOfBusiestHour(at: number): number {
  const hours = (at / HOUR) % 24;
  const wave = (1 + Math.cos((2 * Math.PI * (hours - BUSIEST_HOUR)) / 24)) / 2;
  return QUIETEST_RATIO + (1 - QUIETEST_RATIO) * wave;
}

/** Payments that come to AWS in an hour like this instant. What others pay on-premises is seen by nobody here. */
export function arrivalsPerHour({ options, dns, now, startedAt }: World): number {
  const { paymentsPerHour, scenario, daily } = options;
  const shape = daily ? shareOfBusiestHour(now) : 1;
  const share = scenario.trafficAt?.((now - startedAt) / 1000) ?? 1;
  const onAws = dns === undefined ? 1 : shareOnAws(dns, now) / 100;
  return paymentsPerHour * shape * share * onAws;
}
