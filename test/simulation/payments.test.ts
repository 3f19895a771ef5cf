import assert from "node:assert/strict";
import { weightsFor } from "../../lambdas/cutover/contract";
import { HEALTHY } from "../../simulation/behavior";
import { failures } from "../../simulation/payments";
import { seededRandom } from "../../simulation/random";
import { failingRelease, GOOD_RELEASE, type Scenario } from "../../simulation/scenarios";
import { changeRule, createWorld, passSlice, type World } from "../../simulation/world";
import { askForSwitchover } from "../../simulation/writer";
import { LIMITS } from "../support/facts";

const START = Date.UTC(2026, 0, 5, 9);
const FLAWLESS = {
  ...HEALTHY,
  backgroundFailureRatio: 0,
  latency: { medianMilliseconds: 50, p99Milliseconds: 50 },
};

/** A world in which nothing fails but what the scenario makes fail. */
function worldOf(changes: Partial<Scenario>, paymentsPerHour = 360_000): World {
  const scenario = { ...GOOD_RELEASE, live: FLAWLESS, standby: FLAWLESS, ...changes };
  const shared = { paymentsPerHour, limits: LIMITS, random: seededRandom(7) };
  return createWorld({ live: "blue", scenario, startsAt: START, ...shared });
}

function pass(world: World, seconds: number): void {
  for (let second = 0; second < seconds; second++) passSlice(world);
}

function sumOf(world: World, metric: "RequestCount" | "HTTPCode_Target_4XX_Count", from: World) {
  const { metrics, applicationMetrics, now } = from;
  const later = now + 3_600_000;
  const total = (of: World["metrics"]) =>
    of.read("green", metric, START, later, later).reduce((sum, point) => sum + point.sum, 0);
  return { loadBalancer: total(metrics), application: total(applicationMetrics), world };
}

describe("payments that a release rejects", () => {
  it("are seen by the load balancer alone: the application takes them for clients' mistakes", () => {
    const world = worldOf({ standby: { ...FLAWLESS, releaseRejectedRatio: 0.25 } });
    changeRule(world, weightsFor("green", 100));
    pass(world, 600);
    const { payments, rejectedByRelease } = world.counts.green;
    assert.ok(Math.abs(rejectedByRelease / payments - 0.25) < 0.02);
    const rejected = sumOf(world, "HTTPCode_Target_4XX_Count", world);
    assert.deepEqual([rejected.loadBalancer, rejected.application], [rejectedByRelease, 0]);
    const all = sumOf(world, "RequestCount", world);
    assert.deepEqual([all.loadBalancer, all.application], [payments, payments - rejectedByRelease]);
    assert.ok(world.firstHurtAt !== undefined && world.faultAt !== undefined);
  });
});

describe("clients who ask again", () => {
  const failing = {
    ...failingRelease("failing", 50),
    live: FLAWLESS,
    standby: { ...FLAWLESS, releaseFailureRatio: 0.5 },
    retries: { most: 2, waitSeconds: 5 },
  };

  it("come back after their wait, to whichever color the weights say", () => {
    const world = worldOf(failing, 36_000);
    changeRule(world, weightsFor("green", 50));
    pass(world, 1_000);
    const { blue, green } = world.counts;
    assert.equal(green.failedByRelease, world.clients.retries + world.clients.gaveUp);
    // A quarter of the attempts fails: 10 a second come for the first time, and 3.1 once more.
    const perSecond = (blue.payments + green.payments) / 1_000;
    assert.ok(Math.abs(perSecond - 13.1) < 0.5, `${perSecond}`);
  });

  it("give up after so many attempts: of those that meet a quarter of failures, one in 64", () => {
    const world = worldOf(failing, 360_000);
    changeRule(world, weightsFor("green", 50));
    pass(world, 1_000);
    const share = world.clients.gaveUp / 100_000;
    assert.ok(Math.abs(share - 1 / 64) < 0.002, `${share}`);
  });

  it("are nobody where the scenario has none", () => {
    const world = worldOf({ standby: { ...FLAWLESS, releaseFailureRatio: 0.5 } });
    changeRule(world, weightsFor("green", 50));
    pass(world, 100);
    assert.deepEqual(world.clients, { retries: 0, gaveUp: 0 });
    assert.deepEqual(world.retries, []);
  });
});

describe("payments while no cluster takes writes", () => {
  it("wait, and are served slowly when one does", () => {
    const world = worldOf({ switchover: { waitSeconds: 4, isAborted: false } });
    pass(world, 10);
    const before = { ...world.counts.blue };
    askForSwitchover(world.writer, "green", world.now);
    pass(world, 4);
    assert.equal(world.counts.blue.payments, before.payments, "nobody is answered meanwhile");
    pass(world, 1);
    const { payments, slow } = world.counts.blue;
    assert.ok(payments - before.payments > 400, "four seconds' payments, and one's");
    assert.ok(slow > 300 && slow < payments - before.payments);
    assert.equal(failures(world.counts.blue), 0);
  });

  it("are turned away after the five seconds for which the application holds them", () => {
    const world = worldOf({ switchover: { waitSeconds: 20, isAborted: true } });
    pass(world, 10);
    askForSwitchover(world.writer, "green", world.now);
    pass(world, 30);
    const { failedByPause, failedByRelease } = world.counts.blue;
    // Those of the first fifteen seconds; a hundred come in each.
    assert.ok(Math.abs(failedByPause - 1_500) < 160, `${failedByPause}`);
    assert.equal(failedByRelease, 0);
    assert.equal(world.writer.color, "blue");
  });
});
