import assert from "node:assert/strict";
import { summarize } from "../../bench/peersSummary";
import type { Trial } from "../../simulation/peers/trial";
import { completed, takenBack } from "./peersResults";

const CELL = { rule: "ours-10", faultPercent: 2, paymentsPerHour: 50_000 };

describe("summarize", () => {
  it("counts how the trials ended, and why", () => {
    const trials: Trial[] = [
      { ...takenBack(3), cause: "found-worse" },
      { ...takenBack(1), cause: "held" },
      completed(10),
      { end: "paused", durationSeconds: 60, failed: 2 },
    ];
    const { takenBack: back, foundWorse, held, open, takenBackShare } = summarize(CELL, trials);
    assert.deepEqual([back, foundWorse, held, open], [2, 1, 1, 1]);
    assert.equal(takenBackShare.value, 0.5);
  });

  it("means the failed payments of all trials, and the times of those that were taken back", () => {
    const trials = [takenBack(2, 10), takenBack(4, 20), completed(60, 40), completed(34, 20)];
    const { failed, fromFirstFailure, fromFirstPayment, minutes } = summarize(CELL, trials);
    assert.equal(failed.value, 25);
    assert.equal(fromFirstFailure?.value, 15);
    assert.equal(fromFirstFailure?.p95, 20);
    assert.equal(fromFirstFailure?.within15, 0.5);
    assert.equal(fromFirstPayment?.value, 15);
    assert.equal(minutes, 30);
  });

  it("tells no time where nothing was taken back, and no duration where nothing completed", () => {
    const none = summarize(CELL, [completed(1), completed(2)]);
    assert.equal(none.fromFirstFailure, undefined);
    assert.equal(summarize(CELL, [takenBack(1), takenBack(2)]).minutes, undefined);
  });
});
