import assert from "node:assert/strict";
import type { Color } from "../../../lambdas/cutover/contract";
import { observe } from "../../../lambdas/cutover/observe";
import { type Known, known, type SourceName, unknown } from "../../../lambdas/cutover/ports";
import {
  HEALTHY,
  healthyTraffic,
  idle,
  latched,
  MINUTE,
  NOW,
  request,
  rollingBack,
  shifting,
} from "../../support/facts";
import { FakeWorld } from "../../support/fakePorts";

describe("observe", () => {
  it("gathers the facts about both colors, the weights, the clock and the request", async () => {
    const state = shifting({ bakingMinutesAgo: 1 });
    const asked = request("rollback");
    assert.deepEqual(await observe(new FakeWorld(state).ports, state, asked), {
      now: NOW,
      weights: known({ blue: 90, green: 10 }),
      standby: HEALTHY,
      live: HEALTHY,
      traffic: healthyTraffic("green"),
      switchover: unknown("no step under way asks for it"),
      request: asked,
    });
  });

  for (const live of ["blue", "green"] as const)
    it(`tells the color that is live from the other: ${live} is`, async () => {
      const state = shifting({ live, bakingMinutesAgo: 1 });
      const { ports } = new FakeWorld(state);
      const say = async (color: Color): Promise<Known<never>> => unknown(color);
      ports.health = { readTargets: say, readAlarms: say };
      const seen = await observe(ports, state, undefined);
      const standby = live === "blue" ? "green" : "blue";
      assert.deepEqual(seen.standby, { targets: unknown(standby), redAlarms: unknown(standby) });
      assert.deepEqual(seen.live, { targets: unknown(live), redAlarms: unknown(live) });
    });

  /** The calls for counts: source, from, to, and what is slow. */
  async function readings(state: Parameters<typeof observe>[1]): Promise<unknown[][]> {
    const { ports } = new FakeWorld(state);
    const calls: unknown[][] = [];
    ports.traffic.readPeriods = async (...call) => {
      calls.push(call);
      return known([]);
    };
    await observe(ports, state, undefined);
    return calls;
  }

  it("counts payments from the whole period in which the step was put on record", async () => {
    const state = shifting({ enteredMinutesAgo: 2.25, bakingMinutesAgo: 1 });
    assert.deepEqual(await readings(state), [
      ["application", NOW - 140_000, NOW, 500],
      ["loadBalancer", NOW - 3 * MINUTE, NOW, 500],
    ]);
  });

  it("counts no further back than the metrics are kept", async () => {
    const state = shifting({ enteredMinutesAgo: 3000, bakingMinutesAgo: 2999 });
    assert.deepEqual(
      (await readings(state)).map(([, from]) => from),
      [NOW - 175 * MINUTE, NOW - 1440 * MINUTE],
    );
  });

  for (const state of [idle(), rollingBack(), latched()])
    it(`counts no payments while no step is under way: ${state.phase.name}`, async () => {
      const { traffic } = await observe(new FakeWorld(state).ports, state, undefined);
      const none = unknown("no step is under way");
      assert.deepEqual(traffic, { application: none, loadBalancer: none });
    });

  it("makes each port that throws unknown, with the reason, and reads the others", async () => {
    const state = shifting({ bakingMinutesAgo: 1 });
    const world = new FakeWorld(state);
    world.faults.readWeights = ["fails"];
    world.faults.readPeriods = ["fails"];
    const { weights, standby, traffic } = await observe(world.ports, state, undefined);
    assert.deepEqual(weights, unknown("Error: readWeights failed"));
    assert.deepEqual(standby, HEALTHY);
    const failed: { [source in SourceName]: Known<unknown> } = traffic;
    assert.deepEqual(failed, {
      application: unknown("Error: readPeriods failed"),
      loadBalancer: known([]),
    });
  });
});
