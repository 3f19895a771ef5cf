import { DNS_REACH_SECONDS } from "../lambdas/cutover/contract";

/** The weighted records of the domain, and the resolvers that clients ask. */
export interface Dns {
  /** Percent of the clients that the records lead to AWS, as a reading of them shows. */
  percent: number;
  /** Every change of the records, oldest first; times are epoch milliseconds. */
  changes: { at: number; percent: number }[];
}

/**
 * How long after a change each of as many equal shares of the clients follows it: nearly all by the time
 * that resolvers have to, and one share behind a resolver that keeps answers for longer than it may.
 */
const LAGS_SECONDS: readonly number[] = [
  ...Array.from({ length: 19 }, (_, index) => ((index + 1) * DNS_REACH_SECONDS) / 19),
  5 * DNS_REACH_SECONDS,
];

export function createDns(percent: number): Dns {
  return { percent, changes: [{ at: Number.NEGATIVE_INFINITY, percent }] };
}

export function changeDns(dns: Dns, percent: number, now: number): void {
  dns.percent = percent;
  dns.changes.push({ at: now, percent });
}

/** Percent of the clients that come to AWS at this time; not a whole number while a change spreads. */
export function shareOnAws({ changes }: Dns, now: number): number {
  const shares = LAGS_SECONDS.map(
    (lag) => changes.filter(({ at }) => at + lag * 1000 <= now).at(-1)?.percent ?? 0,
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
