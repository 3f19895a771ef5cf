/**
 * Sequential tests by betting. Each test stakes a purse of 1 on "the standby color is worse" and is
 * paid by a likelihood ratio for each period's counts. Where the color is not worse the purse does not
 * grow on average, however often and for however long somebody looks, so it ever reaches 1 / alpha
 * with a probability of at most alpha (Ville's inequality; Ramdas and others, "Game-theoretic
 * statistics and safe anytime-valid inference", Statistical Science 2023).
 *
 * Nobody knows how much worse a release is, nor since when. So the purse is spread over several
 * alternatives and over the times at which each may begin; a mean of fair bets is a fair bet.
 */

/** Events of one kind among payments, as counts. */
export interface Tally {
  /** Payments that failed, or that were slow. */
  events: number;
  payments: number;
}

/** How many times as often as it should the standby color is supposed to fail. */
export const ALTERNATIVES = [1.5, 2, 3, 5, 10, 20, 50] as const;

/** No color fails all payments for certain; a bet on that would be lost at the first that is served. */
const LARGEST_RATIO = 0.99;

/**
 * The logarithms by which each bet grows that the standby color fails so many times as often as the
 * live one. Of the events in a period the standby color's share is, if it is no worse, that of the
 * payments that it served: both known, so no ratio has to be estimated, and weights may change.
 *
 * Of n events, each on the standby color with probability q = s / (s + l), k fell there; the bet on R
 * is paid (R / (qR + 1 - q))^k * (1 / (qR + 1 - q))^(n - k). The counts are drawn without putting back,
 * of which this, convex and rising in k, has no larger mean than with (Hoeffding 1963, theorem 4).
 * Lindon and Malek, "Anytime-valid inference for multinomial count data" (NeurIPS 2022), is the
 * same test with another spread of the purse.
 */
export function gainsOverLive(standby: Tally, live: Tally): number[] {
  const served = Math.max(standby.payments, standby.events);
  const all = served + Math.max(live.payments, live.events);
  const events = standby.events + live.events;
  // A color that served nothing is no control, and cannot be judged by one.
  if (served === 0 || served === all || events === 0) return ALTERNATIVES.map(() => 0);
  return ALTERNATIVES.map((ratio) => {
    const dilution = Math.log(all / (ratio * served + all - served));
    return standby.events * Math.log(ratio) + events * dilution;
  });
}

/**
 * The logarithms by which each bet grows that the standby color fails so many times as often as the
 * limit allows: Wald's likelihood ratio for each payment.
 * @param limit share of the payments that may fail, above 0 and below 1
 */
export function gainsOverLimit({ events, payments }: Tally, limit: number): number[] {
  const unharmed = Math.max(payments - events, 0);
  return ALTERNATIVES.map((multiple) => {
    const supposed = Math.max(limit, Math.min(multiple * limit, LARGEST_RATIO));
    return events * Math.log(supposed / limit) + unharmed * Math.log((1 - supposed) / (1 - limit));
  });
}

/** Half of the purse is staked at once; after that many minutes, half of the rest. */
const HALVING_MINUTES = 60;

/**
 * Share of the purse that is at stake by then. A fault that begins later finds money that has not
 * been lost on the healthy time before it; without that, long health would make the test blind.
 * @param milliseconds since the cutover began
 */
export function stakedBy(milliseconds: number): number {
  const minutes = Math.max(milliseconds, 0) / 60_000;
  return 1 - 0.5 / (1 + minutes / HALVING_MINUTES);
}

/**
 * The bets after one period more.
 * @param bets logarithms of what each bet holds
 * @param added what is staked anew on each before the period, 0 or more
 */
export function afterPeriod(bets: number[], gains: number[], added: number): number[] {
  const logAdded = added > 0 ? Math.log(added) : NOTHING_STAKED;
  return bets.map((bet, index) => logAdd(bet, logAdded) + (gains[index] ?? 0));
}

/** Nothing staked yet, as a logarithm that JSON can hold. */
export const NOTHING_STAKED = -1e9;

export function noBets(): number[] {
  return ALTERNATIVES.map(() => NOTHING_STAKED);
}

/** Logarithm of the purse: what the bets hold, on average, and what is not at stake. */
export function logPurse(bets: number[], staked: number): number {
  const held = logSum(bets) - Math.log(bets.length);
  return logSum([held, Math.log(1 - staked)]);
}

/** The bets of a purse that has grown, with so much thrown away that it is 1 again. */
export function withoutGains(bets: number[], staked: number): number[] {
  if (logPurse(bets, staked) <= 0) return bets;
  const held = logSum(bets) - Math.log(bets.length);
  return bets.map((bet) => bet - held + Math.log(staked));
}

function logAdd(one: number, other: number): number {
  return Math.max(one, other) + Math.log1p(Math.exp(-Math.abs(one - other)));
}

/** Logarithm of the sum of numbers that are given as logarithms; exact where they are huge or tiny. */
export function logSum(logs: number[]): number {
  const largest = Math.max(...logs);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
