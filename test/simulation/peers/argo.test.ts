import assert from "node:assert/strict";
import { ARGO_DEFAULTS, type ArgoSettings, argoRule } from "../../../simulation/peers/argo";
import type { Sample } from "../../../simulation/peers/sample";
import { lastOf, percents, play, samplesOf } from "./play";

/** Three minutes at 10 %, then two at 100 %; a measurement a minute. */
const SETTINGS: ArgoSettings = {
  ...ARGO_DEFAULTS,
  steps: [
    { setWeight: 10, pauseMinutes: 3 },
    { setWeight: 100, pauseMinutes: 2 },
  ],
  intervalSeconds: 60,
  initialDelaySeconds: 30,
  successUpTo: 0.01,
  noDataIs: "error",
};

function run(row: string | Sample[], changes: Partial<ArgoSettings> = {}) {
  const seen = typeof row === "string" ? samplesOf(row) : row;
  return play(argoRule({ ...SETTINGS, ...changes }), seen);
}

describe("argoRule", () => {
  it("sets weights by the clock, and measures beside them", () => {
    assert.deepEqual(run("+++++++++"), [
      { atSeconds: 0, percent: 10 },
      { atSeconds: 30, percent: 10 },
      { atSeconds: 90, percent: 10 },
      { atSeconds: 150, percent: 10 },
      { atSeconds: 180, percent: 100 },
      { atSeconds: 210, percent: 100 },
      { atSeconds: 270, percent: 100 },
      { atSeconds: 300, percent: 100, end: "completed" },
    ]);
  });

  it("measures at once without an initial delay", () => {
    const stood = run("x", { initialDelaySeconds: 0 });
    assert.deepEqual(lastOf(stood), { atSeconds: 0, percent: 0, end: "rolled-back" });
  });

  it("aborts in one step at the first failed measurement, by default", () => {
    assert.deepEqual(lastOf(run("+x")), { atSeconds: 90, percent: 0, end: "rolled-back" });
  });

  it("aborts also while the last weight is watched", () => {
    assert.deepEqual(lastOf(run("++++x")), { atSeconds: 210, percent: 0, end: "rolled-back" });
  });

  it("aborts when more measurements have failed than the limit, whatever came between", () => {
    assert.equal(lastOf(run("x+x++++", { failureLimit: 2 }))?.end, "completed");
    // The fourth look is the step's end; the third failure is the measurement after it.
    assert.deepEqual(lastOf(run("x+x+x", { failureLimit: 2 })), {
      atSeconds: 210,
      percent: 0,
      end: "rolled-back",
    });
  });

  it("measures again ten seconds after an error, and aborts at the fifth in a row", () => {
    assert.deepEqual(
      run("-----").map(({ atSeconds }) => atSeconds),
      [0, 30, 40, 50, 60, 70],
    );
    assert.deepEqual(lastOf(run("-----")), { atSeconds: 70, percent: 0, end: "rolled-back" });
    assert.deepEqual(lastOf(run("!!!!!")), { atSeconds: 70, percent: 0, end: "rolled-back" });
  });

  it("forgets errors at any other measurement, and counts none of them as failed", () => {
    const stood = run("----+----+----+++++");
    assert.equal(lastOf(stood)?.end, "completed");
  });

  it("takes a query without a value for successful where the condition is true of none", () => {
    const stood = run("-------", { noDataIs: "successful" });
    assert.equal(lastOf(stood)?.end, "completed");
    assert.equal(lastOf(run("!!!!!", { noDataIs: "successful" }))?.end, "rolled-back");
  });

  it("passes a share at the limit, and fails one above it", () => {
    const at = (failed: number) => lastOf(run([{ payments: 1_000, failed }]));
    assert.deepEqual(at(10), { atSeconds: 30, percent: 10 });
    assert.deepEqual(at(11), { atSeconds: 30, percent: 0, end: "rolled-back" });
  });

  describe("with both conditions", () => {
    const both = { failureAbove: 0.05 };
    const share = (failed: number): Sample => ({ payments: 1_000, failed });

    it("pauses at its weight, for a person, where neither is met", () => {
      assert.deepEqual(lastOf(run([share(20)], both)), {
        atSeconds: 30,
        percent: 10,
        end: "paused",
      });
    });

    it("pauses where a query has no value", () => {
      assert.equal(lastOf(run("-", both))?.end, "paused");
    });

    it("pauses only above the limit of inconclusive measurements", () => {
      const stood = run([share(20), share(0), share(20)], { ...both, inconclusiveLimit: 1 });
      assert.deepEqual(percents(stood), [10, 10, 10, 10]);
      assert.deepEqual(lastOf(stood), { atSeconds: 150, percent: 10, end: "paused" });
    });

    it("aborts above the upper one", () => {
      assert.equal(lastOf(run([share(50)], both))?.end, "paused");
      assert.equal(lastOf(run([share(51)], both))?.end, "rolled-back");
    });
  });

  it("refuses to run without steps", () => {
    assert.throws(() => argoRule({ ...SETTINGS, steps: [] }).begin(0), /there is no step 1/);
  });
});
