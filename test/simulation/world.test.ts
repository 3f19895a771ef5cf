import assert from "node:assert/strict";
import { weightsFor } from "../../lambdas/cutover/contract";
import { SLICE_MILLISECONDS } from "../../simulation/arrivals";
import { targetsOf } from "../../simulation/colors";
import { seededRandom } from "../../simulation/random";
import {
  BROKEN_RELEASE,
  failingRelease,
  GOOD_RELEASE,
  type Scenario,
} from "../../simulation/scenarios";
import { changeRule, createWorld, passSlice, type World } from "../../simulation/world";
import { LIMITS } from "../support/facts";

const START = Date.UTC(2026, 0, 5, 9);

function worldOf(scenario: Scenario, paymentsPerHour = 50_000): World {
  const shared = { paymentsPerHour, limits: LIMITS, random: seededRandom(5) };
  return createWorld({ live: "blue", scenario, startsAt: START, ...shared });
}

function pass(world: World, seconds: number): void {
  for (let slice = 0; slice < (seconds * 1000) / SLICE_MILLISECONDS; slice++) passSlice(world);
}

/** Within four standard deviations of a count with that mean. */
function assertNear(actual: number, mean: number): void {
  assert.ok(Math.abs(actual - mean) < 4 * Math.sqrt(mean), `${actual} is far from ${mean}`);
}

describe("world", () => {
  it("sends the payments where the weights in place say", () => {
    const world = worldOf(GOOD_RELEASE);
    pass(world, 600);
    assert.equal(world.counts.green.payments, 0);
    changeRule(world, weightsFor("green", 10));
    pass(world, 3600);
    assertNear(world.counts.green.payments, 5_000);
    assertNear(world.counts.blue.payments, 50_000 / 6 + 45_000);
  });

  it("puts a changed rule in place one to three seconds later", () => {
    const world = worldOf(GOOD_RELEASE);
    const delays = new Set<number>();
    for (let change = 1; change <= 50; change++) {
      changeRule(world, weightsFor("green", change));
      assert.equal(world.weightsInRule.green, change);
      let seconds = 0;
      for (; world.weightsInPlace.green !== change; seconds++) pass(world, 1);
      delays.add(seconds);
    }
    assert.deepEqual([...delays].sort(), [1, 2, 3]);
  });

  it("keeps rule changes in their order", () => {
    const world = worldOf(GOOD_RELEASE);
    for (let change = 1; change <= 50; change++) {
      changeRule(world, weightsFor("green", 90));
      changeRule(world, weightsFor("green", 0));
      pass(world, 3);
      assert.equal(world.weightsInPlace.green, 0);
    }
  });

  it("fails the stated shares of the payments, and tells the two causes apart", () => {
    const world = worldOf(failingRelease("failing", 5), 500_000);
    changeRule(world, weightsFor("green", 50));
    pass(world, 3600);
    const { blue, green } = world.counts;
    assert.equal(blue.failedByRelease, 0);
    assertNear(blue.failedByBackground, blue.payments * 0.001);
    assertNear(green.failedByRelease, green.payments * 0.05);
    assertNear(green.failedByBackground, green.payments * 0.95 * 0.001);
  });

  it("notes a fault when it first meets a payment, not before", () => {
    const world = worldOf(failingRelease("failing", 5));
    pass(world, 100);
    assert.equal(world.faultAt, undefined);
    changeRule(world, weightsFor("green", 50));
    pass(world, 100);
    assert.ok(world.faultAt !== undefined && world.faultAt >= START + 101_000, `${world.faultAt}`);
  });

  it("changes a color's behavior that long after its first payment", () => {
    const world = worldOf(BROKEN_RELEASE);
    pass(world, 100);
    assert.deepEqual(targetsOf(world, "green"), { healthy: 3, unhealthy: 0, initial: 0 });
    changeRule(world, weightsFor("green", 100));
    pass(world, 30);
    assert.deepEqual(targetsOf(world, "green"), { healthy: 0, unhealthy: 3, initial: 0 });
    assert.deepEqual(targetsOf(world, "blue"), { healthy: 3, unhealthy: 0, initial: 0 });
  });
});
