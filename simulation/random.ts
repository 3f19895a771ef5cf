/** Numbers from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** The same seed always gives the same numbers (mulberry32, 32 bits of state). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Greatest mean that is drawn in one piece: exp(-mean) must stay far from the smallest number. */
const LARGEST_PIECE = 30;

/** How many arrivals a Poisson process with that mean has; exact for any mean (Knuth's method). */
export function poisson(random: Random, mean: number): number {
  let total = 0;
  // The sum of independent Poisson numbers is a Poisson number, so a great mean is drawn in pieces.
  for (let rest = mean; rest > 0; rest -= LARGEST_PIECE)
    total += smallPoisson(random, Math.min(rest, LARGEST_PIECE));
  return total;
}

function smallPoisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let arrivals = 0;
  for (let product = random(); product > limit; product *= random()) arrivals++;
  return arrivals;
}

/** How many of so many happen, each with that probability; one is drawn for each, so for few. */
export function binomial(random: Random, count: number, probability: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return count;
  let happened = 0;
  for (let index = 0; index < count; index++) if (random() < probability) happened++;
  return happened;
}
