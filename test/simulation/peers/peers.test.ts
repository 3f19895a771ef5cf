import assert from "node:assert/strict";
import { PRODUCTION_PLAN as PLAN } from "../../../bench/plan";
import { HEALTHY } from "../../../simulation/behavior";
import { peersOf } from "../../../simulation/peers/peers";
import { tryPeer } from "../../../simulation/peers/trial";
import { failingRelease, GOOD_RELEASE, type Scenario } from "../../../simulation/scenarios";
import { LIMITS } from "../../support/facts";

const PEERS = peersOf(PLAN);
const BROKEN = failingRelease("broken", 100);

/** Nothing fails, on either color. */
const PERFECT: Scenario = {
  ...GOOD_RELEASE,
  live: { ...HEALTHY, backgroundFailureRatio: 0 },
  standby: { ...HEALTHY, backgroundFailureRatio: 0 },
};

/** A changed weight reaches the load balancer after three seconds at the latest. */
const RULE_SECONDS = 3;

/** A minute's end, the delay of its metrics, and the alarm's next evaluation, and one minute for each more. */
const alarmSeconds = (minutes: number) => 60 + 60 + 60 + (minutes - 1) * 60;

/** By the documented formula: how long each needs at the most, and how long a good release takes. */
const DOCUMENTED: { [name: string]: { rollbackSeconds: number; goodReleaseMinutes: number } } = {
  // Threshold times interval, and one tick.
  "flagger-default": { rollbackSeconds: 120, goodReleaseMinutes: 7 },
  "flagger-example": { rollbackSeconds: 660, goodReleaseMinutes: 12 },
  // The first measurement.
  "argo-default": { rollbackSeconds: 60, goodReleaseMinutes: 40 },
  // The fourth measurement that sees the first minute.
  "argo-cloudwatch": { rollbackSeconds: 60 + 60 + 60 + 3 * 60, goodReleaseMinutes: 40 },
  "codedeploy-canary-1-of-1": { rollbackSeconds: alarmSeconds(1), goodReleaseMinutes: 20 },
  "codedeploy-canary-2-of-2": { rollbackSeconds: alarmSeconds(2), goodReleaseMinutes: 20 },
  "codedeploy-canary-3-of-3": { rollbackSeconds: alarmSeconds(3), goodReleaseMinutes: 20 },
  "codedeploy-linear-1-of-1": { rollbackSeconds: alarmSeconds(1), goodReleaseMinutes: 24 },
  "codedeploy-linear-2-of-2": { rollbackSeconds: alarmSeconds(2), goodReleaseMinutes: 24 },
  "codedeploy-linear-3-of-3": { rollbackSeconds: alarmSeconds(3), goodReleaseMinutes: 24 },
  "ecs-canary-2-of-2": { rollbackSeconds: alarmSeconds(2), goodReleaseMinutes: 25 },
  "ecs-canary-3-of-3": { rollbackSeconds: alarmSeconds(3), goodReleaseMinutes: 25 },
  "ecs-linear-2-of-2": { rollbackSeconds: alarmSeconds(2), goodReleaseMinutes: 69 },
  "ecs-linear-3-of-3": { rollbackSeconds: alarmSeconds(3), goodReleaseMinutes: 69 },
};

describe("peersOf", () => {
  const traffic = { paymentsPerHour: 50_000, limits: LIMITS, seed: 3 };

  it("has each rule once, with its source and version", () => {
    const names = PEERS.map(({ name }) => name);
    assert.deepEqual(names, Object.keys(DOCUMENTED));
    for (const { name, source } of PEERS) assert.match(source, /@[0-9a-f]{8}|botocore \d/, name);
  });

  for (const peer of PEERS) {
    const { rollbackSeconds = 0, goodReleaseMinutes = 0 } = DOCUMENTED[peer.name] ?? {};

    it(`${peer.name} takes a release back that fails everything, within ${rollbackSeconds} s`, () => {
      const { end, secondsFromFirstPayment = Number.NaN } = tryPeer(peer, {
        ...traffic,
        scenario: BROKEN,
      });
      assert.equal(end, "rolled-back");
      assert.ok(
        secondsFromFirstPayment <= rollbackSeconds + RULE_SECONDS,
        `${secondsFromFirstPayment} s`,
      );
      // Nor is it quicker than its own metrics: the soonest of them is asked after a minute.
      assert.ok(secondsFromFirstPayment >= 55, `${secondsFromFirstPayment} s`);
    });

    it(`${peer.name} completes a perfect release after ${goodReleaseMinutes} minutes`, () => {
      const { end, durationSeconds } = tryPeer(peer, { ...traffic, scenario: PERFECT });
      assert.equal(end, "completed");
      assert.equal(durationSeconds / 60, goodReleaseMinutes);
      assert.equal(peer.goodReleaseMinutes, goodReleaseMinutes);
    });
  }

  it("holds its rules to the plan's own limit", () => {
    const strict = peersOf({ ...PLAN, limits: { ...LIMITS, maxErrorsPerThousand: 1 } });
    // Enough payments that no minute is over the looser limit by chance.
    const options = { ...traffic, paymentsPerHour: 500_000, scenario: failingRelease("bad", 0.3) };
    const ends = (peers: typeof PEERS) =>
      peers.filter(({ name }) => name.endsWith("2-of-2")).map((peer) => tryPeer(peer, options).end);
    assert.ok(!ends(PEERS).includes("rolled-back"));
    assert.ok(!ends(strict).includes("completed"));
  });
});
