import assert from "node:assert/strict";
import { HEALTHY, isFaulty, slowRatio } from "../../simulation/behavior";

describe("slowRatio", () => {
  const latency = { medianMilliseconds: 100, p99Milliseconds: 400 };

  it("is a half at the median, and a hundredth at the slowest hundredth", () => {
    assert.ok(Math.abs(slowRatio(latency, 100) - 0.5) < 1e-6);
    assert.ok(Math.abs(slowRatio(latency, 400) - 0.01) < 1e-6);
  });

  it("falls with the bound, and is symmetric about the median in logarithms", () => {
    const bounds = [10, 50, 100, 200, 400, 1000].map((bound) => slowRatio(latency, bound));
    assert.deepEqual(
      bounds,
      [...bounds].sort((one, other) => other - one),
    );
    assert.ok(Math.abs(slowRatio(latency, 50) + slowRatio(latency, 200) - 1) < 1e-6);
  });

  it("is all or nothing where every payment takes the same time", () => {
    const same = { medianMilliseconds: 80, p99Milliseconds: 80 };
    assert.deepEqual([slowRatio(same, 79), slowRatio(same, 81)], [1, 0]);
  });

  it("is 0.2 % at half a second for a color that is well", () => {
    assert.ok(Math.abs(slowRatio(HEALTHY.latency, 500) - 0.002) < 1e-4);
  });
});

describe("isFaulty", () => {
  const slower = { ...HEALTHY.latency, p99Milliseconds: 400 };
  for (const [what, changes, expected] of [
    ["as the usual", {}, false],
    ["failing as everybody does", { backgroundFailureRatio: 0.5 }, false],
    ["failing by itself", { releaseFailureRatio: 0.01 }, true],
    ["rejecting", { releaseRejectedRatio: 0.01 }, true],
    ["with dead targets", { unhealthyTargetRatio: 0.3 }, true],
    ["slower", { latency: slower }, true],
  ] as const)
    it(`is ${expected} of a color ${what}`, () => {
      assert.equal(isFaulty({ ...HEALTHY, ...changes }, HEALTHY), expected);
    });
});
