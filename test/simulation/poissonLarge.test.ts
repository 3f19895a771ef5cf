import assert from "node:assert/strict";
import { logFactorial, poissonLarge, SMALLEST_LARGE_MEAN } from "../../simulation/poissonLarge";
import { seededRandom } from "../../simulation/random";

const DRAWS = 200_000;

function drawn(mean: number): number[] {
  const random = seededRandom(7);
  return Array.from({ length: DRAWS }, () => poissonLarge(random, mean));
}

/** Exact probabilities, from the definition; the logarithms are added up, not taken from Stirling. */
function probabilities(mean: number, most: number): number[] {
  let log = -mean;
  return Array.from({ length: most + 1 }, (_, count) => {
    if (count > 0) log += Math.log(mean / count);
    return Math.exp(log);
  });
}

/** Adjacent counts are put together until each bin is expected to have a hundred draws. */
function chiSquare(mean: number): { value: number; freedom: number } {
  const values = drawn(mean);
  const most = Math.ceil(mean + 20 * Math.sqrt(mean));
  const seen = new Array<number>(most + 1).fill(0);
  for (const value of values) seen[value] = (seen[value] ?? 0) + 1;
  const bins: { expected: number; found: number }[] = [];
  let open = { expected: 0, found: 0 };
  probabilities(mean, most).forEach((probability, count) => {
    open = {
      expected: open.expected + DRAWS * probability,
      found: open.found + (seen[count] ?? 0),
    };
    if (open.expected < 100) return;
    bins.push(open);
    open = { expected: 0, found: 0 };
  });
  const last = bins.pop() ?? open;
  bins.push({ expected: last.expected + open.expected, found: last.found + open.found });
  const value = bins.reduce((sum, bin) => sum + (bin.found - bin.expected) ** 2 / bin.expected, 0);
  return { value, freedom: bins.length - 1 };
}

describe("poissonLarge", () => {
  // The smallest mean, where pieces begin, and slices at 1 and 5 million payments an hour.
  for (const mean of [SMALLEST_LARGE_MEAN, 30, 277.8, 1388.9])
    it(`draws each count as often as its probability has it, for a mean of ${mean}`, () => {
      const { value, freedom } = chiSquare(mean);
      const deviations = (value - freedom) / Math.sqrt(2 * freedom);
      assert.ok(Math.abs(deviations) < 4, `chi-square ${value} of ${freedom}`);
    });

  it("has mean and variance of 10 million where one draw stands for two hours", () => {
    const mean = 10_000_000;
    const values = drawn(mean);
    const average = values.reduce((sum, value) => sum + value, 0) / DRAWS;
    const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (DRAWS - 1);
    assert.ok(Math.abs(average - mean) < 4 * Math.sqrt(mean / DRAWS), `mean ${average}`);
    assert.ok(Math.abs(squares / mean - 1) < 4 * Math.sqrt(2 / DRAWS), `variance ${squares}`);
  });

  it("draws the same for the same seed", () => {
    assert.deepEqual(drawn(50), drawn(50));
  });

  it("takes few uniform numbers, whatever the mean", () => {
    let uniforms = 0;
    const random = seededRandom(3);
    const counting = () => {
      uniforms++;
      return random();
    };
    for (let draw = 0; draw < 10_000; draw++) poissonLarge(counting, 1_000_000);
    assert.ok(uniforms < 25_000, `${uniforms} for 10,000 draws`);
  });
});

describe("logFactorial", () => {
  it("agrees with the sum of logarithms, also where Stirling's series begins", () => {
    let exact = 0;
    for (let count = 1; count <= 2_000; count++) {
      exact += Math.log(count);
      assert.ok(Math.abs(logFactorial(count) - exact) < 1e-9 * Math.max(exact, 1), `${count}`);
    }
    assert.equal(logFactorial(0), 0);
  });
});
