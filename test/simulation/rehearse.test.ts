import assert from "node:assert/strict";
import { PRODUCTION_PLAN as PLAN } from "../../bench/plan";
import type { Weights } from "../../lambdas/cutover/contract";
import type { Decision } from "../../lambdas/cutover/decide";
import type { Ports } from "../../lambdas/cutover/ports";
import type { CutoverState } from "../../lambdas/cutover/state";
import { Violation } from "../../simulation/checker";
import {
  maximumMinutes,
  type Rehearsal,
  type RehearsalEvent,
  type RehearsalOptions,
  rehearse,
} from "../../simulation/rehearse";
import {
  BAD_RELEASE,
  BROKEN_RELEASE,
  failingRelease,
  GOOD_RELEASE,
} from "../../simulation/scenarios";
import type { World } from "../../simulation/world";

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

function run(changes: Partial<RehearsalOptions> = {}): Promise<Rehearsal> {
  const traffic = { paymentsPerHour: 50_000, tickSeconds: 10, seed: 1 };
  return rehearse({ plan: PLAN, live: "blue", scenario: GOOD_RELEASE, ...traffic, ...changes });
}

/** The standby color's weights, in the order in which they were put on record. */
function weightsOfGreen({ decisions }: Rehearsal): number[] {
  return decisions.filter(({ changes }) => changes).map(({ weights }) => weights.green);
}

function codes({ decisions }: Rehearsal): string[] {
  return decisions.map(({ code }) => code);
}

describe("rehearse", () => {
  it("moves the database writer in the step that asks for it, which then bakes once more", async () => {
    const steps = PLAN.steps.map((step, index) => ({
      ...step,
      ...(index === 1 && { switchover: true as const }),
    }));
    const rehearsal = await run({ plan: { ...PLAN, steps } });
    assert.equal(rehearsal.outcome, "completed");
    const moves = ["promote", "complete", "ask-switchover", "switched-over"];
    assert.deepEqual(
      codes(rehearsal).filter((code) => moves.includes(code)),
      ["promote", "ask-switchover", "switched-over", "promote", "promote", "complete"],
    );
    const plain = await run();
    assert.ok(rehearsal.durationSeconds > plain.durationSeconds + 600);
  });

  it("gives the approvals that a plan asks for, each before its step ends", async () => {
    const steps = PLAN.steps.map((step, index) => ({
      ...step,
      ...(index % 2 === 1 && { approval: `step ${index + 1}?` }),
    }));
    const rehearsal = await run({ plan: { ...PLAN, steps } });
    assert.equal(rehearsal.outcome, "completed");
    const asked = ["ask-approval", "approve"];
    assert.deepEqual(
      codes(rehearsal).filter((code) => ["promote", "complete", ...asked].includes(code)),
      ["promote", ...asked, "promote", "promote", ...asked, "complete"],
    );
  });

  it("takes a good release through every step, and makes it live", async () => {
    const rehearsal = await run();
    assert.equal(rehearsal.outcome, "completed");
    assert.deepEqual(weightsOfGreen(rehearsal), [10, 50, 90, 100, 100]);
    const { blue, green } = rehearsal.counts;
    assert.equal(blue.failedByRelease + green.failedByRelease, 0);
    // 40 minutes of baking, and less than a minute per step until it was seen in place.
    assert.ok(rehearsal.durationSeconds >= 40 * 60, `${rehearsal.durationSeconds}`);
    assert.ok(rehearsal.durationSeconds < 44 * 60, `${rehearsal.durationSeconds}`);
    const perHour = (3600 * (blue.payments + green.payments)) / rehearsal.durationSeconds;
    assert.ok(Math.abs(perHour - 50_000) < 1_500, `${perHour} payments an hour`);
    assert.equal(rehearsal.faultAtSeconds, undefined);
  });

  it("moves from green to blue as well", async () => {
    const rehearsal = await run({ live: "green" });
    assert.equal(rehearsal.outcome, "completed");
    assert.equal(rehearsal.decisions.at(-1)?.weights.blue, 100);
  });

  it("takes a bad release back to 0 and latches", async () => {
    for (const seed of SEEDS) {
      const rehearsal = await run({ scenario: BAD_RELEASE, seed });
      assert.equal(rehearsal.outcome, "rolled-back", `seed ${seed}`);
      assert.equal(codes(rehearsal).at(-1), "rolled-back");
      assert.equal(rehearsal.decisions.at(-1)?.weights.green, 0);
      const seconds = rehearsal.secondsFromFaultToRollback ?? Number.POSITIVE_INFINITY;
      assert.ok(seconds < 15 * 60, `seed ${seed}: ${seconds} s`);
      assert.ok(rehearsal.counts.green.failedByRelease > 0);
      assert.equal(rehearsal.counts.blue.failedByRelease, 0);
    }
  });

  it("takes a broken release back within two minutes", async () => {
    for (const seed of SEEDS) {
      const rehearsal = await run({ scenario: BROKEN_RELEASE, seed });
      assert.equal(rehearsal.outcome, "rolled-back", `seed ${seed}`);
      assert.ok((rehearsal.secondsFromFaultToRollback ?? 999) <= 120, `seed ${seed}`);
    }
  });

  it("tells people of every decision that moves payments, and why", async () => {
    const { messages, decisions } = await run({ scenario: BAD_RELEASE });
    const told = decisions.filter(({ changes }) => changes).map(({ reason }) => reason);
    assert.deepEqual(
      messages.map(({ message }) => message),
      told,
    );
    assert.match(told.join("\n"), /Rolled back to blue: on green, /);
  });

  it("gives the same rehearsal for the same seed, and another for another", async () => {
    for (const scenario of [GOOD_RELEASE, BAD_RELEASE, BROKEN_RELEASE]) {
      assert.deepEqual(await run({ scenario, seed: 9 }), await run({ scenario, seed: 9 }));
      assert.notDeepEqual(await run({ scenario, seed: 9 }), await run({ scenario, seed: 10 }));
    }
  });

  it("takes no healthy release back; how seldom it does is measured in bench/", async () => {
    for (const seed of SEEDS) assert.equal((await run({ seed })).outcome, "completed", `${seed}`);
  });

  it("streams a decision when it falls and the progress after each second", async () => {
    const events: RehearsalEvent[] = [];
    const rehearsal = await run({ onEvent: (event) => events.push(event) });
    const times = events.map(({ atSeconds }) => atSeconds);
    assert.deepEqual(
      times,
      [...times].sort((left, right) => left - right),
    );
    const progress = events.filter((event) => event.kind === "progress");
    assert.equal(progress.length, rehearsal.durationSeconds);
    assert.deepEqual(progress.at(-1)?.counts, rehearsal.counts);
    const decisions = events.filter((event) => event.kind === "decision");
    assert.deepEqual(
      decisions.map(({ reason }) => reason),
      rehearsal.decisions.map(({ reason }) => reason),
    );
  });

  it("says that a start was refused, and why", async () => {
    const steps = [{ weightPercent: 50, bakeMinutes: 1 }];
    const rehearsal = await run({ plan: { ...PLAN, steps } });
    assert.equal(rehearsal.outcome, "refused");
    assert.match(rehearsal.decisions.at(-1)?.reason ?? "", /last step must have weightPercent 100/);
  });
});

describe("rehearse, when facts are missing", () => {
  const neverPromoted = (rehearsal: Rehearsal) => {
    assert.deepEqual(weightsOfGreen(rehearsal), [10, 0, 0]);
    assert.equal(rehearsal.outcome, "rolled-back");
    assert.ok(codes(rehearsal).some((code) => code.startsWith("hold-")));
  };

  it("holds without traffic, and rolls back after the longest hold", async () => {
    const rehearsal = await run({ paymentsPerHour: 0 });
    neverPromoted(rehearsal);
    const longest = (5 + 30) * 60;
    assert.ok(rehearsal.durationSeconds > longest, `${rehearsal.durationSeconds}`);
    assert.ok(rehearsal.durationSeconds < longest + 60, `${rehearsal.durationSeconds}`);
    assert.match(rehearsal.decisions.map(({ reason }) => reason).join("\n"), /held too long/);
  });

  it("never promotes while the metrics cannot be read", async () => {
    const fails = () => Promise.reject(new Error("metrics are down"));
    const interpose = (ports: Ports) => ({ ...ports, traffic: { readPeriods: fails } });
    neverPromoted(await run({ interpose }));
  });

  it("holds during an outage of the metrics, and goes on after it", async () => {
    // The world begins less than four minutes before the operator's start.
    const outageSeconds = 15 * 60;
    const outageEnds = outageSeconds - 4 * 60;
    const firstPromotion = ({ decisions }: Rehearsal) =>
      decisions.find(({ code }) => code === "promote")?.atSeconds ?? 0;
    assert.ok(firstPromotion(await run()) < outageEnds);
    const rehearsal = await run({ interpose: metricsOutage(outageSeconds) });
    assert.ok(firstPromotion(rehearsal) >= outageEnds, `${firstPromotion(rehearsal)}`);
    assert.equal(rehearsal.outcome, "completed");
  });

  it("is stuck, at the stated maximum, when the weights can never be read after a rollback", async () => {
    const unread = async () => ({ known: false as const, reason: "no answer" });
    const interpose = (ports: Ports) => ({
      ...ports,
      router: { ...ports.router, readWeights: unread },
    });
    const rehearsal = await run({ interpose });
    assert.equal(rehearsal.outcome, "stuck");
    assert.ok(rehearsal.durationSeconds >= maximumMinutes(PLAN) * 60);
    assert.equal(rehearsal.decisions.at(-1)?.weights.green, 0);
  });
});

/** The load balancer's metrics cannot be read for that long from the world's beginning. */
function metricsOutage(seconds: number) {
  return (ports: Ports, world: World): Ports => ({
    ...ports,
    traffic: {
      readPeriods: (...call) =>
        world.now < world.options.startsAt + seconds * 1000
          ? Promise.reject(new Error("metrics are down"))
          : ports.traffic.readPeriods(...call),
    },
  });
}

describe("rehearse, when the controller is wrong", () => {
  type Decide = (state: CutoverState, ...rest: unknown[]) => Decision;
  const module = require("../../lambdas/cutover/decide") as { decide: Decide };
  const { decide } = module;
  afterEach(() => {
    module.decide = decide;
  });

  /** Changes each decision with that code, as a mistake in `decide` would. */
  function plant(code: string, mutate: (decision: Decision) => Decision): void {
    module.decide = (...given) => {
      const decision = decide(...given);
      return decision.code === code ? mutate(decision) : decision;
    };
  }

  function setting(weights: Weights): Decision["actions"] {
    return [{ kind: "set-weights", weights }];
  }

  async function expectViolation(message: RegExp, changes: Partial<RehearsalOptions> = {}) {
    await assert.rejects(run(changes), (error) => {
      assert.ok(error instanceof Violation, String(error));
      assert.match(error.message, message);
      return true;
    });
  }

  const twentyPercent = failingRelease("failing", 20);

  it("catches weights that were set without their intent on record", async () => {
    plant("promote", (decision) => ({ ...decision, actions: setting({ blue: 0, green: 100 }) }));
    await expectViolation(/without that intent/);
  });

  it("catches weights that give nothing to either color", async () => {
    const weights = { blue: 0, green: 0 };
    plant("promote", ({ next, ...decision }) => {
      return { ...decision, next: { ...next, weights }, actions: setting(weights) };
    });
    await expectViolation(/blue 0 green 0/);
  });

  it("catches a rollback that gives the standby color more", async () => {
    const weights = { blue: 10, green: 90 };
    plant("roll-back", ({ next, ...decision }) => {
      return { ...decision, next: { ...next, weights }, actions: setting(weights) };
    });
    await expectViolation(/on record are blue 10 green 90 while blue is live/, {
      scenario: twentyPercent,
    });
  });

  it("catches a completion before everything is on the new color", async () => {
    plant("promote", (decision) => {
      const next = { ...decision.next, live: "green" as const, phase: { name: "idle" as const } };
      return { ...decision, next, actions: [] };
    });
    await expectViolation(/live became green while the weights in place were blue 90 green 10/);
  });

  it("catches a rollback that promotes again instead of staying latched", async () => {
    let started: CutoverState | undefined;
    module.decide = (...given) => {
      const decision = decide(...given);
      if (decision.code === "start") started = decision.next;
      return decision.code === "rolled-back" && started !== undefined
        ? { ...decision, next: started, actions: setting(started.weights) }
        : decision;
    };
    await expectViolation(/from rolling-back to shifting/, { scenario: twentyPercent });
  });

  it("catches a store that says saved and forgets", async () => {
    const interpose = (ports: Ports): Ports => ({
      ...ports,
      state: { ...ports.state, save: async () => "saved" },
    });
    await expectViolation(/without that intent/, { interpose });
  });
});
