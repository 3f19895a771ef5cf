import assert from "node:assert/strict";
import { argoRule } from "../../../simulation/peers/argo";
import { prometheusEyes } from "../../../simulation/peers/eyes";
import { type End, type Peer, peerOf, type Standing } from "../../../simulation/peers/rule";
import {
  failedLater,
  HORIZON_SECONDS,
  leadIn,
  type Trial,
  type TrialOptions,
  tryPeer,
} from "../../../simulation/peers/trial";
import { rehearse } from "../../../simulation/rehearse";
import { failingRelease, GOOD_RELEASE } from "../../../simulation/scenarios";
import { changeRule, passSlice, type World } from "../../../simulation/world";
import { LIMITS } from "../../support/facts";

const BAD = failingRelease("bad", 5);
const OPTIONS: TrialOptions = { scenario: BAD, paymentsPerHour: 50_000, limits: LIMITS, seed: 1 };

/** Gives a share at once, and ends that way after so many seconds. */
function scripted(end: End, seconds: number, percent = 10): Peer {
  const description = { name: "", title: "", source: "", settings: "", goodReleaseMinutes: 0 };
  return peerOf<Standing & { endsAt: number }, undefined>(
    description,
    {
      begin: (now) => ({ standbyPercent: percent, endsAt: now + seconds * 1000 }),
      nextLookAt: ({ endsAt }) => endsAt,
      look: (state) => ({ ...state, end, ...(end === "rolled-back" && { standbyPercent: 0 }) }),
    },
    () => ({ see: () => undefined }),
  );
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Failed payments of many seeds, and what a Poisson mean may differ from it. */
function failedOver(peer: Peer, seeds = 60): number {
  const trials = Array.from({ length: seeds }, (_, seed) => tryPeer(peer, { ...OPTIONS, seed }));
  return mean(trials.map(({ failed }) => failed));
}

describe("tryPeer", () => {
  it("gives the same for the same seed, and something else for another", () => {
    const peer = scripted("rolled-back", 300);
    const run = (seed: number): Trial => tryPeer(peer, { ...OPTIONS, seed });
    assert.deepEqual(run(1), run(1));
    assert.notDeepEqual(run(1), run(2));
  });

  it("begins in the second in which a rehearsal with that seed does", async () => {
    for (const seed of [1, 2, 3]) {
      let theirs: World | undefined;
      await rehearse({
        plan: { steps: [{ weightPercent: 100, bakeMinutes: 0 }], limits: LIMITS },
        ...{ live: "blue", scenario: BAD, paymentsPerHour: 50_000, tickSeconds: 10, seed },
        interpose: (ports, world) => {
          theirs = world;
          return ports;
        },
      });
      assert.equal(leadIn({ ...OPTIONS, seed }).startedAt, theirs?.startedAt);
    }
  });

  it("measures until no payment goes to the standby color any more", () => {
    const { end, durationSeconds, ...trial } = tryPeer(scripted("rolled-back", 300), OPTIONS);
    const { secondsFromFirstPayment = 0, secondsFromFirstFailure = 0 } = trial;
    assert.equal(end, "rolled-back");
    assert.equal(durationSeconds, 300);
    // The rule's delay is one to three seconds, on both ways.
    assert.ok(Math.abs(secondsFromFirstPayment - 300) <= 3, `${secondsFromFirstPayment}`);
    assert.ok(secondsFromFirstFailure <= secondsFromFirstPayment);
    assert.ok(secondsFromFirstFailure > 200);
  });

  it("tells no time of a release that was not taken back, or that failed no payment", () => {
    const completed = tryPeer(scripted("completed", 300, 100), OPTIONS);
    assert.equal(completed.secondsFromFirstFailure, undefined);
    const healthy = tryPeer(scripted("rolled-back", 300), { ...OPTIONS, scenario: GOOD_RELEASE });
    assert.equal(healthy.secondsFromFirstFailure, undefined);
    assert.equal(healthy.failed, 0);
  });

  it("counts what fails until it is taken back, and nothing after", () => {
    const expected = ((50_000 / 3600) * 0.1 * 300 * 5) / 100;
    assert.ok(Math.abs(failedOver(scripted("rolled-back", 300)) - expected) < 3);
  });

  it("lets a completed release go on failing payments until the horizon", () => {
    const expected = (50_000 / 3600) * HORIZON_SECONDS * 0.05;
    const soon = failedOver(scripted("completed", 60, 100));
    const late = failedOver(scripted("completed", 600, 100));
    for (const failed of [soon, late])
      assert.ok(Math.abs(failed / expected - 1) < 0.01, `${failed} of ${expected}`);
  });

  it("lets a paused one go on at its weight", () => {
    const expected = (50_000 / 3600) * 0.1 * HORIZON_SECONDS * 0.05;
    const failed = failedOver(scripted("paused", 60));
    assert.ok(Math.abs(failed / expected - 1) < 0.02, `${failed} of ${expected}`);
  });

  it("calls a rule stuck that has no end within the horizon", () => {
    const never = scripted("completed", HORIZON_SECONDS + 60, 1);
    const { end, durationSeconds } = tryPeer(never, { ...OPTIONS, paymentsPerHour: 1_000 });
    assert.equal(end, "stuck");
    assert.equal(durationSeconds, HORIZON_SECONDS);
  });

  it("runs a pausing rule to its pause", () => {
    const rule = argoRule({
      steps: [{ setWeight: 10, pauseMinutes: 60 }],
      ...{ intervalSeconds: 60, initialDelaySeconds: 60, consecutiveErrorLimit: 4 },
      ...{ failureLimit: 0, inconclusiveLimit: 0, noDataIs: "error" },
      ...{ successUpTo: 0.001, failureAbove: 0.5 },
    });
    const description = { name: "", title: "", source: "", settings: "", goodReleaseMinutes: 60 };
    const peer = peerOf(description, rule, (world) => prometheusEyes(60, world));
    const { end, durationSeconds } = tryPeer(peer, OPTIONS);
    assert.equal(end, "paused");
    assert.equal(durationSeconds, 60);
  });
});

describe("failedLater", () => {
  it("draws as many as running the world on would give", () => {
    const rest = 600;
    const [drawn, run]: [number[], number[]] = [[], []];
    for (let seed = 0; seed < 40; seed++) {
      const world = leadIn({ ...OPTIONS, seed });
      changeRule(world, { blue: 0, green: 100 });
      while (world.pending.length > 0) passSlice(world);
      world.startedAt = world.now - (HORIZON_SECONDS - rest) * 1000;
      drawn.push(failedLater(world));
      const before = world.counts.green.failedByRelease;
      for (let second = 0; second < rest; second++) passSlice(world);
      run.push(world.counts.green.failedByRelease - before);
      assert.equal(failedLater(world), 0);
    }
    // Some 417 each, with a deviation of their means of 3.2.
    assert.ok(Math.abs(mean(drawn) - mean(run)) < 4 * Math.sqrt((2 * 417) / 40));
    assert.ok(Math.abs(mean(drawn) - 416.7) < 13);
  });
});
