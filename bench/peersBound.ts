import type { Plan } from "../lambdas/cutover/contract";

/** How both colors fail, as shares of their payments, 0 to 1. */
export interface Failing {
  live: number;
  standby: number;
}

/** What no relative test of that strength can beat on average. */
export interface Bound {
  /** Failed payments on both colors together; absent where no step gives enough. */
  errors?: number;
  /** Since the first payment on the standby color. */
  seconds?: number;
  /** Payments that failed on the standby color until then. */
  failed?: number;
}

interface Rates {
  /** Failed payments a second on both colors. */
  errors: number;
  /** Of these, on the standby color. */
  onStandby: number;
  /** What each tells, in nats. */
  nats: number;
}

/**
 * Kullback and Leibler's divergence of two coins: what one toss tells on average against `wrong` where
 * `right` is so, in nats.
 */
export function divergence(right: number, wrong: number): number {
  const part = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q));
  return part(right, wrong) + part(1 - right, 1 - wrong);
}

/**
 * Each failed payment is on the standby color with the share of its payments if it is no worse, and with
 * its share of the failures as it is. Wald's approximation: a test that errs in one of 1 / alpha cases
 * needs ln(1 / alpha) nats on average.
 * @param weight share of the payments on the standby color, above 0 to 1
 */
function ratesAt(weight: number, perSecond: number, { live, standby }: Failing): Rates {
  const onStandby = perSecond * weight * standby;
  const errors = onStandby + perSecond * (1 - weight) * live;
  // With everything on it there is no control left to compare with.
  const nats = weight === 1 || errors === 0 ? 0 : divergence(onStandby / errors, weight);
  return { errors, onStandby, nats };
}

/** If the first step went on for as long as it takes. */
export function boundAtFirstStep(plan: Plan, paymentsPerHour: number, failing: Failing): Bound {
  const weight = (plan.steps[0]?.weightPercent ?? 0) / 100;
  const { errors, onStandby, nats } = ratesAt(weight, paymentsPerHour / 3600, failing);
  if (nats === 0) return {};
  const needed = Math.log(plan.limits.releasesPerFalseRollback) / nats;
  const seconds = needed / errors;
  return { errors: needed, seconds, failed: seconds * onStandby };
}

/** With the plan's weights, each as long as its bake time: what one step tells counts in the next. */
export function boundAlongPlan(plan: Plan, paymentsPerHour: number, failing: Failing): Bound {
  let missing = Math.log(plan.limits.releasesPerFalseRollback);
  const sum = { errors: 0, seconds: 0, failed: 0 };
  for (const { weightPercent, bakeMinutes } of plan.steps) {
    const rates = ratesAt(weightPercent / 100, paymentsPerHour / 3600, failing);
    const perSecond = rates.errors * rates.nats;
    const lasts = Math.min(bakeMinutes * 60, perSecond === 0 ? Infinity : missing / perSecond);
    sum.errors += lasts * rates.errors;
    sum.seconds += lasts;
    sum.failed += lasts * rates.onStandby;
    missing -= lasts * perSecond;
    if (missing <= 1e-9) return sum;
  }
  return {};
}
