import assert from "node:assert/strict";
import { COLORS } from "../../lambdas/cutover/contract";
import { CATALOGUE } from "../../simulation/catalogue";
import { collectStory, hurtIn } from "../../simulation/collectStory";
import { failures } from "../../simulation/payments";
import type { RehearsalOptions } from "../../simulation/rehearse";
import { GOOD_RELEASE } from "../../simulation/scenarios";
import type { Story } from "../../simulation/story";
import { PLAN } from "../support/facts";

function collect(changes: Partial<RehearsalOptions> = {}): Promise<Story> {
  const traffic = { paymentsPerHour: 50_000, tickSeconds: 10, seed: 2 };
  const scenario = GOOD_RELEASE;
  return collectStory({
    stack: "test",
    plan: PLAN,
    live: "blue",
    scenario,
    ...traffic,
    ...changes,
  });
}

describe("collectStory", () => {
  let story: Story;
  before(async () => {
    story = await collect();
  });

  it("has samples that add up to what happened", () => {
    const { samples, rehearsal } = story;
    for (const color of COLORS) {
      const sum = (read: (of: (typeof samples)[number]["colors"]["blue"]) => number) =>
        samples.reduce((total, { colors }) => total + read(colors[color]), 0);
      const counts = rehearsal.counts[color];
      assert.equal(
        sum(({ payments }) => payments),
        counts.payments,
      );
      assert.equal(
        sum(({ failed }) => failed),
        failures(counts),
      );
      assert.equal(
        sum(({ slow }) => slow),
        counts.slow,
      );
    }
  });

  it("has samples of the same length without gaps, a few hundred at the most", () => {
    const { samples, sampleSeconds, rehearsal } = story;
    assert.ok(samples.length <= 300 && samples.length > 100, `${samples.length}`);
    samples.slice(0, -1).forEach(({ atSeconds }, index) => {
      assert.equal(atSeconds, (index + 1) * sampleSeconds);
    });
    assert.ok((samples.at(-1)?.atSeconds ?? 0) >= rehearsal.durationSeconds);
  });

  it("shows the evidence while a step is under way", () => {
    const baking = story.samples.filter(({ strength }) => strength !== undefined);
    assert.ok(baking.length > story.samples.length / 2);
    assert.equal(baking[0]?.strength?.rollBackAt, PLAN.limits.releasesPerFalseRollback);
  });

  it("gives the same story for the same seed", async () => {
    assert.deepEqual(await collect(), story);
  });

  it("tells of incidents, and of the time in which payments waited for a database", async () => {
    const named = (name: string) => CATALOGUE.find((one) => one.name === name) ?? GOOD_RELEASE;
    const drift = await collect({ scenario: named("drift-by-hand") });
    assert.deepEqual(drift.incidents, [
      { atSeconds: 170, what: "somebody sets the weights by hand: blue 40 %, green 60 %" },
    ]);
    const steps = PLAN.steps.map((step, index) =>
      index === 0 ? { ...step, switchover: true as const } : step,
    );
    const moved = await collect({ scenario: named("switchover"), plan: { ...PLAN, steps } });
    const waited = moved.samples.reduce((sum, { waitedSeconds }) => sum + waitedSeconds, 0);
    assert.equal(waited, moved.rehearsal.longestWaitSeconds);
    assert.deepEqual([...new Set(moved.samples.map(({ writer }) => writer))], ["blue", "green"]);
  });

  it("tells which share of the clients came to AWS in a migration", async () => {
    const migration = {
      steps: [
        { awsPercent: 50, bakeMinutes: 5 },
        { awsPercent: 100, bakeMinutes: 5 },
      ],
    };
    const { samples } = await collect({ plan: { ...PLAN, migration }, awsPercent: 0 });
    assert.equal(samples[0]?.awsPercent, 0);
    assert.ok((samples.at(-1)?.awsPercent ?? 0) > 90);
  });
});

describe("hurtIn", () => {
  it("adds up both colors, whatever the reason, and what the release did", () => {
    const none = { payments: 0, slow: 0 };
    const blue = {
      ...none,
      failedByBackground: 1,
      failedByRelease: 2,
      failedByPause: 4,
      rejectedByRelease: 8,
    };
    const green = {
      ...none,
      failedByBackground: 16,
      failedByRelease: 32,
      failedByPause: 64,
      rejectedByRelease: 128,
    };
    assert.deepEqual(hurtIn({ blue, green }), {
      failed: 1 + 2 + 4 + 16 + 32 + 64,
      byRelease: 2 + 8 + 32 + 128,
    });
  });
});
