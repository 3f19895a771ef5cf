import assert from "node:assert/strict";
import { type FlaggerSettings, flaggerRule } from "../../../simulation/peers/flagger";
import { lastOf, percents, play, samplesOf } from "./play";

const DEFAULT: FlaggerSettings = {
  intervalSeconds: 60,
  threshold: 1,
  stepWeight: 10,
  maxWeight: 50,
  maxFailedShare: 0.01,
};

function run(letters: string, changes: Partial<FlaggerSettings> = {}) {
  return play(flaggerRule({ ...DEFAULT, ...changes }), samplesOf(letters));
}

describe("flaggerRule", () => {
  it("raises the weight by a step a minute up to the largest, then routes everything, then is done", () => {
    const stood = run("+++++++");
    assert.deepEqual(percents(stood), [10, 20, 30, 40, 50, 50, 100, 100]);
    assert.deepEqual(lastOf(stood), { atSeconds: 420, percent: 100, end: "completed" });
  });

  it("takes back one interval after the check that made the number of failed ones full", () => {
    assert.deepEqual(run("+x+"), [
      { atSeconds: 0, percent: 10 },
      { atSeconds: 60, percent: 20 },
      { atSeconds: 120, percent: 20 },
      { atSeconds: 180, percent: 0, end: "rolled-back" },
    ]);
  });

  // Threshold 3: what the rows have in common is that a passed check does not forgive a failed one.
  const rows: [string, string, number, number | undefined][] = [
    ["every check fails", "xxxx", 0, 240],
    ["checks pass between those that fail", "x+x+x+", 0, 360],
    ["two fail and no third does", "x+x++++++", 100, 540],
    ["a query has no value three times", "---+", 0, 240],
    ["the provider cannot be reached three times", "!!!+", 0, 240],
    ["each kind of failed check comes once", "x-!+", 0, 240],
  ];
  for (const [what, letters, percent, atSeconds] of rows)
    it(`ends at ${percent} % after ${atSeconds} s when ${what}, with a threshold of 3`, () => {
      const last = lastOf(run(letters, { threshold: 3 }));
      const end = percent === 0 ? "rolled-back" : "completed";
      assert.deepEqual(last, { atSeconds, percent, end });
    });

  it("holds the weight while a check fails", () => {
    assert.deepEqual(percents(run("+xx+", { threshold: 10 })), [10, 20, 20, 20, 30]);
  });

  it("passes a share at the limit, and fails one above it", () => {
    const at = (failed: number) =>
      percents(play(flaggerRule(DEFAULT), [{ payments: 1_000, failed }]));
    assert.deepEqual(at(10), [10, 20]);
    assert.deepEqual(at(11), [10, 10]);
  });

  it("judges nothing any more once it promotes", () => {
    const stood = run("+++++xx");
    assert.equal(lastOf(stood)?.end, "completed");
  });

  it("never gives more than everything", () => {
    const stood = run("+++", { stepWeight: 60, maxWeight: 100 });
    assert.deepEqual(percents(stood), [60, 100, 100, 100]);
  });
});
