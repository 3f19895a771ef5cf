import assert from "node:assert/strict";
import { type Plan, planMistakes } from "../../../lambdas/cutover/contract";
import type { Spread } from "../../../simulation/distribution";
import { type Appraisal, appraise, smallestSeen } from "../../../tools/rehearse/advise/appraise";
import { compare } from "../../../tools/rehearse/advise/compare";
import { stepsInWords, variantsOf } from "../../../tools/rehearse/advise/variants";
import { LIMITS } from "../../support/facts";

const PLAN: Plan = {
  steps: [
    { weightPercent: 10, bakeMinutes: 5 },
    { weightPercent: 50, bakeMinutes: 10, switchover: true },
    { weightPercent: 100, bakeMinutes: 15, approval: 'all of "it"?' },
  ],
  limits: LIMITS,
};
const SETTINGS = { plan: PLAN, live: "blue" as const, tickSeconds: 10 };

function variant(name: string, settings = SETTINGS) {
  const found = variantsOf(settings).find((one) => one.name === name);
  assert.ok(found !== undefined, name);
  return found;
}

describe("variants of a plan", () => {
  it("differ from it in one thing each, and can all be carried out", () => {
    for (const { settings, name } of variantsOf(SETTINGS)) {
      assert.deepEqual(planMistakes(settings.plan), [], name);
      const changed = (["plan", "tickSeconds", "live"] as const).filter(
        (key) => JSON.stringify(settings[key]) !== JSON.stringify(SETTINGS[key]),
      );
      assert.equal(changed.length, 1, name);
      const { longestHoldMinutes: _, ...limits } = settings.plan.limits;
      assert.deepEqual({ ...limits, longestHoldMinutes: 30 }, PLAN.limits);
    }
  });

  it("change the first step's weight", () => {
    const weights = (name: string) =>
      variant(name).settings.plan.steps.map(({ weightPercent }) => weightPercent);
    assert.deepEqual(weights("a larger first step"), [20, 50, 100]);
    assert.deepEqual(weights("a smaller first step"), [5, 50, 100]);
  });

  it("leave out what the plan's rules forbid", () => {
    const steps = [
      { weightPercent: 40, bakeMinutes: 0 },
      { weightPercent: 60, bakeMinutes: 0 },
      { weightPercent: 100, bakeMinutes: 0 },
    ];
    const names = variantsOf({ ...SETTINGS, tickSeconds: 5, plan: { ...PLAN, steps } }).map(
      ({ name }) => name,
    );
    assert.deepEqual(names, [
      "a smaller first step",
      "a longer look in the middle",
      "more patience with a step that shows nothing",
    ]);
  });

  it("bring a step in the middle where there is none", () => {
    const steps = [
      { weightPercent: 10, bakeMinutes: 7 },
      { weightPercent: 90, bakeMinutes: 3 },
      { weightPercent: 100, bakeMinutes: 3 },
    ];
    const found = variant("a step in the middle", { ...SETTINGS, plan: { ...PLAN, steps } });
    assert.deepEqual(found.settings.plan.steps[1], { weightPercent: 50, bakeMinutes: 7 });
  });

  it("say what to write, with approval and switchover kept", () => {
    assert.equal(
      stepsInWords(PLAN.steps),
      '[{ weightPercent: 10, bakeMinutes: 5 }, { weightPercent: 50, bakeMinutes: 10, switchover: true }, { weightPercent: 100, bakeMinutes: 15, approval: "all of \\"it\\"?" }]',
    );
  });
});

describe("smallestSeen", () => {
  const faults = (...found: [failurePercent: number, takenBackRatio: number][]) =>
    smallestSeen(
      found.map(([failurePercent, takenBackRatio]) => ({ failurePercent, takenBackRatio })),
    );

  it("is the smallest fault down to which nearly all are taken back", () => {
    assert.deepEqual(faults([20, 1], [2, 0.95], [1, 0.9], [0.5, 1]), { smallestSeenPercent: 2 });
    assert.deepEqual(faults([20, 1], [2, 1]), { smallestSeenPercent: 2 });
  });

  it("is none where even the largest is missed", () => {
    assert.deepEqual(faults([20, 0.5], [2, 1]), {});
    assert.deepEqual(faults(), {});
  });
});

function spread(mean: number): Spread {
  return { mean, median: mean, p95: mean, most: mean };
}

function appraisal(minutes: number, hurt: number, smallest: number, takenBack = 0): Appraisal {
  return {
    runs: 20,
    good: {
      ...{ runs: 20, outcomes: { completed: 20 - takenBack, "rolled-back": takenBack } },
      ...{ unexpected: [], durationSeconds: spread(minutes * 60), failed: spread(30) },
      ...{ hurt: spread(0), longestWaitSeconds: 0 },
    },
    faults: [{ failurePercent: 2, takenBackRatio: 1, hurt: spread(hurt) }],
    smallestSeenPercent: smallest,
  };
}

describe("compare", () => {
  const own = appraisal(40, 8, 0.5);
  for (const [what, other, verdict] of [
    ["as good as the plan", appraisal(42, 8.5, 0.5), "same"],
    ["that hurts fewer payments", appraisal(44, 6, 0.5), "better"],
    ["that is shorter", appraisal(20, 8, 0.5), "better"],
    ["that sees less", appraisal(40, 8, 2), "worse"],
    ["that is shorter, and hurts more", appraisal(20, 12, 0.5), "trade"],
    ["that takes good releases back", appraisal(40, 8, 0.5, 5), "worse"],
  ] as const)
    it(`calls a change ${what} ${verdict}`, () => {
      assert.equal(compare(own, other).verdict, verdict);
    });

  it("tells by how much", () => {
    const { moreMinutes, hurtFactors } = compare(own, appraisal(50, 4, 0.5));
    assert.equal(moreMinutes, 10);
    assert.deepEqual(hurtFactors, [{ failurePercent: 2, factor: 0.5 }]);
  });
});

describe("appraise", () => {
  it("measures a good release and each fault, and tells of each rehearsal", async () => {
    let told = 0;
    const conditions = { paymentsPerHour: 50_000, seed: 1, runs: 2 };
    const found = await appraise(SETTINGS, conditions, [100, 20], () => void told++);
    assert.equal(told, 6);
    assert.deepEqual(found.good.outcomes, { completed: 2 });
    assert.deepEqual(
      found.faults.map(({ failurePercent, takenBackRatio }) => [failurePercent, takenBackRatio]),
      [
        [100, 1],
        [20, 1],
      ],
    );
    assert.equal(found.smallestSeenPercent, 20);
  });

  it("sees less where fewer payments come", async () => {
    const conditions = { paymentsPerHour: 200, seed: 1, runs: 2 };
    const found = await appraise(SETTINGS, conditions, [2], () => {});
    assert.equal(found.good.outcomes.completed ?? 0, 0, "nothing can be shown of a good release");
  });
});
