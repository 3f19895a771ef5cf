import assert from "node:assert/strict";
import {
  differenceInterval,
  meanInterval,
  quantile,
  shareInterval,
  studentT,
  upperBound,
} from "../../bench/statistics";
import { seededRandom } from "../../simulation/random";

function about(found: number, known: number, tolerance: number): void {
  assert.ok(Math.abs(found - known) <= tolerance, `${found}, known: ${known}`);
}

describe("shareInterval", () => {
  // As tables of Clopper and Pearson's interval have it.
  const rows = [
    [0, 100, 0, 0.036217],
    [5, 100, 0.016432, 0.112835],
    [1, 10, 0.002529, 0.445016],
    [50, 100, 0.398321, 0.601679],
    [10, 10, 0.691503, 1],
  ] as const;
  for (const [events, trials, low, high] of rows)
    it(`of ${events} in ${trials} is ${low} to ${high}`, () => {
      const interval = shareInterval(events, trials);
      assert.equal(interval.value, events / trials);
      about(interval.low, low, 1e-5);
      about(interval.high, high, 1e-5);
    });

  it("does not lose what is far too small for a number", () => {
    const { low, high } = shareInterval(19_000, 20_000);
    about(low, 0.94688, 1e-4);
    about(high, 0.95298, 1e-4);
  });
});

describe("upperBound", () => {
  it("of no event is the rule of three's exact form", () => {
    about(upperBound(0, 20_000), 1 - 0.05 ** (1 / 20_000), 1e-12);
    about(upperBound(0, 3_000), 0.000998, 1e-6);
  });

  it("is one where every trial had the event", () => {
    assert.equal(upperBound(7, 7), 1);
  });
});

describe("studentT", () => {
  const table = [
    [4, 2.776],
    [9, 2.262],
    [29, 2.045],
    [199, 1.972],
    [1e9, 1.96],
  ] as const;
  for (const [freedom, known] of table)
    it(`is ${known} for ${freedom} degrees of freedom`, () => {
      about(studentT(freedom), known, 0.003);
    });

  it("is no number without any", () => {
    assert.ok(Number.isNaN(studentT(0)));
  });
});

describe("meanInterval", () => {
  it("agrees with a worked example", () => {
    // Mean 5, standard deviation 2.138, eight values: half the width is 2.365 * 2.138 / sqrt(8).
    const { value, low, high } = meanInterval([2, 4, 4, 4, 5, 5, 7, 9]);
    assert.equal(value, 5);
    about(low, 3.2125, 0.003);
    about(high, 6.7875, 0.003);
  });

  it("has the truth in it in 95 of 100 samples", () => {
    const random = seededRandom(5);
    let inside = 0;
    for (let sample = 0; sample < 2_000; sample++) {
      const values = Array.from({ length: 20 }, () => random() + random() + random());
      const { low, high } = meanInterval(values);
      if (low <= 1.5 && 1.5 <= high) inside++;
    }
    about(inside / 2_000, 0.95, 0.015);
  });
});

describe("differenceInterval", () => {
  it("agrees with a worked example of Welch's test", () => {
    const one = [
      27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7,
    ];
    const other = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9];
    const { value, low, high } = differenceInterval(one, other);
    about(value, -2.29066, 1e-5);
    // 2.06976 at 22.78 degrees of freedom, times the standard error of 0.944647.
    about(low, value - 2.06976 * 0.944647, 0.001);
    about(high, value + 2.06976 * 0.944647, 0.001);
  });

  it("is exact where nothing varies", () => {
    assert.deepEqual(differenceInterval([3, 3], [1, 1]), { value: 2, low: 2, high: 2 });
  });
});

describe("quantile", () => {
  it("is not exceeded by that share, whatever the order", () => {
    const values = Array.from({ length: 100 }, (_, index) => 99 - index);
    assert.equal(quantile(values, 0.95), 95);
    assert.equal(quantile([], 0.95), 0);
  });
});
