import assert from "node:assert/strict";
import { distribution, endsAs, spreadOf } from "../../simulation/distribution";
import { rehearse } from "../../simulation/rehearse";
import { BAD_RELEASE, GOOD_RELEASE } from "../../simulation/scenarios";
import { PLAN } from "../support/facts";

const OPTIONS = {
  ...{ plan: PLAN, live: "blue" as const, paymentsPerHour: 50_000, tickSeconds: 10, seed: 5 },
  scenario: BAD_RELEASE,
};

describe("spreadOf", () => {
  it("knows mean, median, the 95 % and the most", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(spreadOf(hundred), { mean: 50.5, median: 50.5, p95: 95, most: 100 });
    assert.deepEqual(spreadOf([7]), { mean: 7, median: 7, p95: 7, most: 7 });
    assert.equal(spreadOf([1, 2, 10]).median, 2);
  });
});

describe("distribution", () => {
  it("is that of the single rehearsals with the seeds that follow each other", async () => {
    const done: number[] = [];
    const found = await distribution(OPTIONS, 3, (run) => void done.push(run));
    const singles = await Promise.all([5, 6, 7].map((seed) => rehearse({ ...OPTIONS, seed })));
    assert.deepEqual(done, [1, 2, 3]);
    assert.deepEqual(
      found.durationSeconds,
      spreadOf(singles.map(({ durationSeconds }) => durationSeconds)),
    );
    assert.deepEqual(found.outcomes, { "rolled-back": 3 });
    assert.deepEqual(
      found.secondsFromFaultToRollback,
      spreadOf(singles.map((one) => one.secondsFromFaultToRollback ?? Number.NaN)),
    );
  });

  it("names those that did not end as they should, with their seed and the reason", async () => {
    const wrong = { ...BAD_RELEASE, expected: "completed" as const };
    const { unexpected, runs } = await distribution({ ...OPTIONS, scenario: wrong }, 2);
    assert.equal(runs, 2);
    assert.deepEqual(
      unexpected.map(({ seed, outcome }) => [seed, outcome]),
      [
        [5, "rolled-back"],
        [6, "rolled-back"],
      ],
    );
    assert.match(unexpected[0]?.reason ?? "", /^Rolled back to blue: /);
  });

  it("has no time to a rollback where nothing was taken back", async () => {
    const found = await distribution({ ...OPTIONS, scenario: GOOD_RELEASE }, 1);
    assert.equal(found.secondsFromFaultToRollback, undefined);
    assert.deepEqual(found.unexpected, []);
  });
});

describe("endsAs", () => {
  it("lets chance decide how, not whether", () => {
    assert.equal(endsAs("rolled-back", "either"), true);
    assert.equal(endsAs("completed", "either"), true);
    assert.equal(endsAs("stuck", "either"), false);
    assert.equal(endsAs("refused", "either"), false);
    assert.equal(endsAs("rolled-back", "completed"), false);
  });
});
