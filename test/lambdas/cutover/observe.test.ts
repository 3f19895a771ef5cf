import assert from "node:assert/strict";
import type { Color } from "../../../lambdas/cutover/contract";
import { observe } from "../../../lambdas/cutover/observe";
import { type Known, known, unknown } from "../../../lambdas/cutover/ports";
import {
  HEALTHY,
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
  it("gathers the facts about the standby color, the weights, the clock and the request", async () => {
    const state = shifting({ bakingMinutesAgo: 1 });
    const asked = request("rollback");
    assert.deepEqual(await observe(new FakeWorld(state).ports, state, asked), {
      now: NOW,
      weights: known({ blue: 90, green: 10 }),
      standby: HEALTHY,
      request: asked,
    });
  });

  for (const live of ["blue", "green"] as const)
    it(`asks about the color that is not live: ${live} is`, async () => {
      const state = shifting({ live, bakingMinutesAgo: 1 });
      const { ports } = new FakeWorld(state);
      const asked: Color[] = [];
      const note = async (color: Color): Promise<Known<never>> => {
        asked.push(color);
        return unknown("not asked for");
      };
      ports.health = { readTargets: note, readAlarms: note };
      ports.traffic = { readTraffic: note };
      await observe(ports, state, undefined);
      const standby = live === "blue" ? "green" : "blue";
      assert.deepEqual(asked, [standby, standby, standby]);
    });

  it("counts payments from the whole minute in which the step was put on record", async () => {
    const state = shifting({ enteredMinutesAgo: 2.5, bakingMinutesAgo: 1 });
    const { ports } = new FakeWorld(state);
    const periods: number[][] = [];
    ports.traffic.readTraffic = async (_color, from, to) => {
      periods.push([from, to]);
      return HEALTHY.traffic;
    };
    await observe(ports, state, undefined);
    assert.deepEqual(periods, [[NOW - 3 * MINUTE, NOW]]);
  });

  it("counts payments that fail before the step's weights were seen in place", async () => {
    const state = shifting();
    const { standby } = await observe(new FakeWorld(state).ports, state, undefined);
    assert.deepEqual(standby.traffic, HEALTHY.traffic);
  });

  for (const state of [idle(), rollingBack(), latched()])
    it(`counts no payments while no step is under way: ${state.phase.name}`, async () => {
      const { standby } = await observe(new FakeWorld(state).ports, state, undefined);
      assert.deepEqual(standby.traffic, unknown("no step is under way"));
    });

  it("makes each port that throws unknown, with the reason, and reads the others", async () => {
    const state = shifting({ bakingMinutesAgo: 1 });
    const world = new FakeWorld(state);
    world.faults.readWeights = ["fails"];
    world.faults.readTraffic = ["fails"];
    const { weights, standby } = await observe(world.ports, state, undefined);
    assert.deepEqual(weights, unknown("Error: readWeights failed"));
    assert.deepEqual(standby, { ...HEALTHY, traffic: unknown("Error: readTraffic failed") });
  });
});
