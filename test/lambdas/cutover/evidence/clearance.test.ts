import assert from "node:assert/strict";
import { clearance, paymentsToClear } from "../../../../lambdas/cutover/evidence/clearance";

function choose(n: number, k: number): number {
  let ways = 1;
  for (let index = 0; index < k; index++) ways = (ways * (n - index)) / (index + 1);
  return ways;
}

describe("clearance", () => {
  for (const limit of [0.01, 0.2])
    it(`is fair at the limit, and loses above it: ${limit}`, () => {
      for (const chance of [limit, limit * 1.5, limit * 4]) {
        const mean = Array.from({ length: 21 }, (_, events) => {
          const probability = choose(20, events) * chance ** events * (1 - chance) ** (20 - events);
          return probability * clearance({ events, payments: 20 }, limit);
        }).reduce((sum, part) => sum + part, 0);
        if (chance === limit) assert.ok(Math.abs(mean - 1) < 1e-9, `${mean}`);
        else assert.ok(mean < 1, `${mean}`);
      }
    });

  it("is 1 before anything was seen", () => {
    assert.equal(clearance({ events: 0, payments: 0 }, 0.01), 1);
  });

  it("grows with payments, and shrinks with failures", () => {
    const at = (events: number, payments: number) => clearance({ events, payments }, 0.01);
    assert.ok(at(0, 500) > at(0, 400));
    assert.ok(at(1, 500) < at(0, 500));
  });

  it("counts more failures than payments as failures, and no payment as served", () => {
    assert.ok(clearance({ events: 5, payments: 0 }, 0.01) < 0.01);
  });
});

describe("paymentsToClear", () => {
  for (const [limit, wanted] of [
    [0.001, 20],
    [0.01, 20],
    [0.01, 1000],
    [0.3, 2],
  ] as const)
    it(`is the least number that suffices: ${limit} to ${wanted}`, () => {
      const least = paymentsToClear(limit, wanted);
      assert.ok(clearance({ events: 0, payments: least }, limit) >= wanted);
      assert.ok(clearance({ events: 0, payments: least - 1 }, limit) < wanted);
    });

  it("is about 360 at one percent, one in twenty", () => {
    assert.equal(paymentsToClear(0.01, 20), 363);
  });
});
