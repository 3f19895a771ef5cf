import type { Tally } from "./wagers";

/** Share of the payments of which a step must have shown that fewer are slow: being slow is not failing. */
export const SLOW_MARGIN_RATIO = 0.03;

/** Shares of the limit at which a color that is well is supposed to fail. */
const SUPPOSED = [1 / 2, 1 / 4, 1 / 8, 1 / 32] as const;

/**
 * What a purse of 1 has become that was staked on "fewer than the limit fail". While that is wrong it
 * ever reaches 1 / beta with a probability of at most beta, so a release at its limit is so rarely
 * taken for one below it (Wald's likelihood ratio, spread over several alternatives; see wagers.ts).
 * @param limit share of the payments, above 0 and below 1
 */
export function clearance({ events, payments }: Tally, limit: number): number {
  const unharmed = Math.max(payments - events, 0);
  const purses = SUPPOSED.map((share) => {
    const supposed = share * limit;
    return Math.exp(events * Math.log(share) + unharmed * Math.log((1 - supposed) / (1 - limit)));
  });
  return purses.reduce((sum, purse) => sum + purse, 0) / purses.length;
}

/**
 * Payments that it takes to show that fewer than the limit fail, if none of them fails.
 * @param wanted what the purse of 1 has to become, 1 / beta
 */
export function paymentsToClear(limit: number, wanted: number): number {
  const isEnough = (payments: number) => clearance({ events: 0, payments }, limit) >= wanted;
  let enough = 1;
  while (!isEnough(enough)) enough *= 2;
  let tooFew = enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
