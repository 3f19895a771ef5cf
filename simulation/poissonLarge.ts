import type { Random } from "./random";

/** From that mean on the method's constants hold. */
export const SMALLEST_LARGE_MEAN = 10;

/**
 * How many arrivals a Poisson process with that mean has, in a time that does not grow with the mean: two
 * uniform numbers are drawn, or seldom four.
 *
 * Transformed rejection with a squeeze: algorithm PTRS of Hörmann, "The transformed rejection method for
 * generating Poisson random variables" (Insurance: Mathematics and Economics 12, 1993). A uniform number is
 * bent so that it looks nearly Poisson; a second one decides whether it stays, so what is left is exact up
 * to the rounding of logarithms.
 * @param mean `SMALLEST_LARGE_MEAN` or more
 */
export function poissonLarge(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const acceptedAtOnce = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const toEdge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / toEdge + b) * u + mean + 0.43);
    if (toEdge >= 0.07 && v <= acceptedAtOnce) return count;
    if (count < 0 || (toEdge < 0.013 && v > toEdge)) continue;
    const hat = 1.1239 + 1.1328 / (b - 3.4);
    const height = Math.log((v * hat) / (a / (toEdge * toEdge) + b));
    if (height <= count * Math.log(mean) - mean - logFactorial(count)) return count;
  }
}

const SMALL_FACTORIALS = 10;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** Natural logarithm of count!; by Stirling's series, wrong by less than 1e-10. */
export function logFactorial(count: number): number {
  if (count < SMALL_FACTORIALS) {
    let product = 1;
    for (let factor = 2; factor <= count; factor++) product *= factor;
    return Math.log(product);
  }
  const inverse = 1 / count;
  const square = inverse * inverse;
  const correction = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (count + 0.5) * Math.log(count) - count + HALF_LOG_TWO_PI + correction;
}
