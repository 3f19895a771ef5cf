import assert from "node:assert/strict";
import { EVENTS } from "../../simulation/switchover/events";
import { CALL_FAULTS } from "../../simulation/switchover/ports";
import { type Fault, runSwitchover } from "../../simulation/switchover/run";
import {
  addSwitchovers,
  emptySwitchovers,
  neverSeen,
  percentile,
} from "../../simulation/switchover/total";

/**
 * Goal: whatever goes wrong, no acknowledged payment is lost or made twice, and one cluster at a time
 * takes payments. Method: the production function with two clusters, replication and clients in
 * virtual time; the ledger looks on, and knows nothing of the function.
 */
describe("the switchover in simulation", function () {
  this.timeout(120_000);
  const RUNS = 60;
  const total = emptySwitchovers(1);
  before("run it", async () => {
    for (let seed = 1; seed <= RUNS; seed++) addSwitchovers(total, await runSwitchover(seed));
  });

  it("breaks nothing, and ends", () => {
    assert.deepEqual(total.violations, []);
  });

  it("injects every kind of fault", () => {
    const missing = [...CALL_FAULTS, ...EVENTS].filter((fault) => total.injected[fault] === 0);
    assert.deepEqual(missing, []);
  });

  it("comes to every decision, in every phase", () => {
    assert.deepEqual(neverSeen(total), []);
    const phases = Object.keys(total.seen).sort();
    const window = ["drained", "draining", "fenced", "fencing", "sealed"];
    assert.deepEqual(
      phases,
      ["aborting", "opening", "prepared", "reversing", "steady", ...window].sort(),
    );
  });

  it("moves the writer, and gives it back, under all of them", () => {
    assert.ok(total.completed > 2 * RUNS, `${total.completed} completed`);
    assert.ok(total.aborted > 2 * RUNS, `${total.aborted} aborted`);
    assert.ok(total.payments > 1000 * RUNS, `${total.payments} payments`);
  });

  it("lets payments wait for seconds when nothing goes wrong", () => {
    const { without } = total.pauses;
    assert.ok(without.length >= RUNS, `${without.length} pauses`);
    assert.ok(percentile(without, 50) < 5_000, `${percentile(without, 50)} ms`);
  });

  for (const fault of [...CALL_FAULTS, ...EVENTS] as Fault[])
    it(`breaks nothing with ${fault} alone`, async () => {
      const alone = emptySwitchovers(1);
      for (let seed = 1; seed <= 4; seed++)
        addSwitchovers(alone, await runSwitchover(seed, { faults: [fault] }));
      assert.deepEqual(alone.violations, []);
      const others = Object.entries(alone.injected).filter(([name]) => name !== fault);
      assert.ok(others.every(([, times]) => times === 0));
    });

  it("is the same for the same seed", async () => {
    const [once, again] = [await runSwitchover(3), await runSwitchover(3)];
    assert.deepEqual(once, again);
  });
});
