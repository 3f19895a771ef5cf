import assert from "node:assert/strict";
import type { Sent } from "./load";
import {
  acknowledgedIn,
  countFailures,
  latencyOf,
  longestPause,
  median,
  quantile,
} from "./measure";

function acknowledged(...times: number[]): Sent[] {
  const sent = { merchantId: "shop", key: "key", amount: 1, id: "id", tries: 1 };
  return times.map((at) => ({ ...sent, firstTriedAt: at - 10, acknowledgedAt: at }));
}

describe("what the drill measures", () => {
  it("a pause is between two payments, and touches the switchover", () => {
    const sent = acknowledged(300, 0, 100, 1_300, 1_400, 9_000);
    assert.equal(longestPause(sent, { from: 400, to: 1_000 }), 1_000);
    assert.equal(longestPause(sent, { from: 50, to: 90 }), 100);
    assert.equal(longestPause(sent, { from: 0, to: 10_000 }), 7_600);
    assert.equal(longestPause([], { from: 0, to: 10_000 }), 0);
  });

  it("payments in a span are those between its ends", () => {
    const sent = [
      ...acknowledged(100, 200, 300),
      { ...acknowledged(0)[0], acknowledgedAt: undefined },
    ];
    assert.equal(acknowledgedIn(sent as Sent[], { from: 100, to: 300 }), 1);
  });

  it("latency is that of acknowledged payments, with every try", () => {
    assert.deepEqual(latencyOf(acknowledged(5, 6)), { p50: 10, p99: 10, max: 10 });
    assert.deepEqual(latencyOf([]), { p50: 0, p99: 0, max: 0 });
  });

  it("a quantile is one of the numbers", () => {
    const numbers = [4, 1, 3, 2];
    assert.deepEqual(
      [0, 0.25, 0.5, 0.51, 0.99, 1].map((ratio) => quantile(numbers, ratio)),
      [1, 1, 2, 3, 4, 4],
    );
  });

  it("a median is in the middle, however many there are", () => {
    assert.deepEqual([[3, 9, 1], [4, 1, 3, 2], [7], []].map(median), [3, 2.5, 7, 0]);
  });

  it("failures are counted by what clients saw", () => {
    const failures = ["503", "502", "503"].map((what) => ({ at: 0, what }));
    assert.deepEqual(countFailures(failures), { 502: 1, 503: 2 });
  });
});
