/** An estimate, and the interval in which the truth lies with 95 % confidence. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

const LEVEL = 0.05;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value that so large a share of the values, 0 to 1, does not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
}

/** Of the mean, by Student's t; not a number of less than two values, as nothing tells how they vary. */
export function meanInterval(values: readonly number[]): Interval {
  const value = mean(values);
  const half = studentT(values.length - 1) * Math.sqrt(squaredError(values));
  return { value, low: value - half, high: value + half };
}

/**
 * Of the difference of two means (Welch), as `one` less `other`. Negative throughout means that `one` is
 * smaller by more than chance.
 */
export function differenceInterval(one: readonly number[], other: readonly number[]): Interval {
  const value = mean(one) - mean(other);
  const [a, b] = [squaredError(one), squaredError(other)];
  const spread = a * a * (1 / (one.length - 1)) + b * b * (1 / (other.length - 1));
  // Where neither varies the difference is exact.
  if (a + b === 0) return { value, low: value, high: value };
  const half = studentT((a + b) ** 2 / spread) * Math.sqrt(a + b);
  return { value, low: value - half, high: value + half };
}

/** Squared standard error of the mean. */
function squaredError(values: readonly number[]): number {
  const value = mean(values);
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}

/** Value that the standard normal distribution does not exceed in 97.5 %. */
const Z = 1.959964;

/**
 * The same of Student's distribution: Fisher and Cornish's expansion, wrong by less than 0.003 from four
 * degrees of freedom on (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5).
 */
export function studentT(freedom: number): number {
  if (!(freedom > 0)) return Number.NaN;
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
    (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92160,
  ];
  return terms.reduce((sum, term, index) => sum + term / freedom ** (index + 1), Z);
}

/** Above which the true share lies with a probability of 5 % (Clopper and Pearson, one-sided). */
export function upperBound(events: number, trials: number, level = LEVEL): number {
  if (events >= trials) return 1;
  let [low, high] = [events / trials, 1];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (logAtMost(events, trials, middle) > Math.log(level)) low = middle;
    else high = middle;
  }
  return high;
}

/** Of a share (Clopper and Pearson, two-sided). */
export function shareInterval(events: number, trials: number): Interval {
  return {
    value: events / trials,
    low: 1 - upperBound(trials - events, trials, LEVEL / 2),
    high: upperBound(events, trials, LEVEL / 2),
  };
}

/** Logarithm of the probability of at most so many events; as sums of logarithms, so that none is lost. */
function logAtMost(events: number, trials: number, probability: number): number {
  if (probability >= 1) return Number.NEGATIVE_INFINITY;
  const odds = Math.log(probability) - Math.log1p(-probability);
  let term = trials * Math.log1p(-probability);
  let sum = term;
  for (let k = 0; k < events; k++) {
    term += Math.log((trials - k) / (k + 1)) + odds;
    const larger = Math.max(sum, term);
    sum = larger + Math.log1p(Math.exp(-Math.abs(sum - term)));
  }
  return sum;
}
