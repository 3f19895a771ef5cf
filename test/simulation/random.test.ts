import assert from "node:assert/strict";
import { poisson, seededRandom } from "../../simulation/random";

const DRAWS = 20_000;

function meanAndVariance(mean: number): { mean: number; variance: number } {
  const random = seededRandom(7);
  const drawn = Array.from({ length: DRAWS }, () => poisson(random, mean));
  const average = drawn.reduce((total, value) => total + value, 0) / DRAWS;
  const squares = drawn.reduce((total, value) => total + (value - average) ** 2, 0);
  return { mean: average, variance: squares / (DRAWS - 1) };
}

describe("seededRandom", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    const first = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    assert.deepEqual(first(3), first(3));
    assert.notDeepEqual(first(3), first(4));
  });

  it("spreads its numbers evenly between 0 and 1", () => {
    const random = seededRandom(1);
    const buckets = new Array<number>(10).fill(0);
    for (let draw = 0; draw < DRAWS; draw++) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // 2,000 per bucket, with a standard deviation of 42.
    for (const count of buckets) assert.ok(Math.abs(count - 2_000) < 200, `${buckets}`);
  });
});

describe("poisson", () => {
  // Rare failures, a slice at 50,000 payments an hour, and a mean that is drawn in pieces.
  for (const mean of [0.01, 13.9, 277.8])
    it(`has mean and variance ${mean}`, () => {
      const seen = meanAndVariance(mean);
      const deviation = Math.sqrt(mean / DRAWS);
      assert.ok(Math.abs(seen.mean - mean) < 4 * deviation, `mean ${seen.mean}`);
      assert.ok(Math.abs(seen.variance / mean - 1) < 0.1 + deviation / mean, `${seen.variance}`);
    });

  it("draws nothing from a mean of 0", () => {
    assert.equal(poisson(seededRandom(1), 0), 0);
  });
});
