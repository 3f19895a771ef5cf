import assert from "node:assert/strict";
import { boundAlongPlan, boundAtFirstStep, divergence } from "../../bench/peersBound";
import { PRODUCTION_PLAN } from "../../bench/plan";
import type { Plan } from "../../lambdas/cutover/contract";

function about(found: number | undefined, known: number, share = 0.01): void {
  assert.ok(Math.abs((found ?? Number.NaN) / known - 1) < share, `${found}, known: ${known}`);
}

describe("divergence", () => {
  it("is what a toss tells, in nats", () => {
    about(divergence(0.69, 0.1), 1.0, 0.01);
    about(divergence(1, 0.1), Math.log(10), 1e-12);
    assert.equal(divergence(0.3, 0.3), 0);
  });
});

describe("boundAtFirstStep", () => {
  // 0.1 % of the live color's payments fail, at 50,000 an hour and 10 %; by hand.
  const rows = [
    [1, 2.2],
    [0.2, 11.7],
    [0.05, 55],
    [0.02, 171],
    [0.01, 7.7 * 60],
    [0.005, 25 * 60],
  ] as const;
  for (const [standby, seconds] of rows)
    it(`is ${seconds} s where ${100 * standby} % fail`, () => {
      const bound = boundAtFirstStep(PRODUCTION_PLAN, 50_000, { live: 0.001, standby });
      about(bound.seconds, seconds, 0.03);
    });

  it("takes as many errors at any traffic, and so less time", () => {
    const failing = { live: 0.001, standby: 0.02 };
    const [slow, fast] = [5_000, 500_000].map((traffic) =>
      boundAtFirstStep(PRODUCTION_PLAN, traffic, failing),
    );
    about(slow?.errors, 6.9);
    about(slow?.errors, fast?.errors ?? 0, 1e-9);
    about(slow?.seconds, 100 * (fast?.seconds ?? 0), 1e-9);
  });

  it("is none where the colors do not differ", () => {
    assert.deepEqual(
      boundAtFirstStep(PRODUCTION_PLAN, 50_000, { live: 0.001, standby: 0.001 }),
      {},
    );
  });
});

describe("boundAlongPlan", () => {
  const failing = { live: 0.001, standby: 0.01 };

  it("is the first step's where that is long enough", () => {
    const gross = { live: 0.001, standby: 0.2 };
    const first = boundAtFirstStep(PRODUCTION_PLAN, 50_000, gross);
    const along = boundAlongPlan(PRODUCTION_PLAN, 50_000, gross);
    about(along.seconds, first.seconds ?? 0, 1e-9);
    about(along.failed, first.failed ?? 0, 1e-9);
  });

  it("adds up what the steps tell", () => {
    // 300 s at 10 % give 4.48 of 6.91 nats; the second step, with more errors a second, gives the rest sooner.
    const along = boundAlongPlan(PRODUCTION_PLAN, 50_000, failing);
    const first = boundAtFirstStep(PRODUCTION_PLAN, 50_000, failing);
    assert.ok((along.seconds ?? 0) > 300 && (along.seconds ?? 0) < (first.seconds ?? 0));
    const half: Plan = { ...PRODUCTION_PLAN, steps: [{ weightPercent: 50, bakeMinutes: 60 }] };
    const second = boundAtFirstStep(half, 50_000, failing).seconds ?? 0;
    const told = 300 / (first.seconds ?? 0);
    about(along.seconds, 300 + (1 - told) * second, 1e-9);
  });

  it("is none where the plan ends before", () => {
    assert.deepEqual(boundAlongPlan(PRODUCTION_PLAN, 100, failing), {});
  });
});
