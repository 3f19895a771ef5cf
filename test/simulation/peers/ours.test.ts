import assert from "node:assert/strict";
import type { Plan } from "../../../lambdas/cutover/contract";
import { type OurTrialOptions, tryOurs } from "../../../simulation/peers/ours";
import { HORIZON_SECONDS } from "../../../simulation/peers/trial";
import { rehearse } from "../../../simulation/rehearse";
import { failingRelease, GOOD_RELEASE, type Scenario } from "../../../simulation/scenarios";
import { LIMITS } from "../../support/facts";

const PLAN: Plan = {
  steps: [
    { weightPercent: 10, bakeMinutes: 5 },
    { weightPercent: 100, bakeMinutes: 5 },
  ],
  limits: LIMITS,
};

const OPTIONS: OurTrialOptions = {
  plan: PLAN,
  scenario: failingRelease("bad", 20),
  ...{ paymentsPerHour: 50_000, tickSeconds: 10, seed: 1 },
};

describe("tryOurs", () => {
  it("tells of a rehearsal what is told of a peer's release", async () => {
    const rehearsal = await rehearse({ ...OPTIONS, live: "blue" });
    assert.deepEqual(await tryOurs(OPTIONS), {
      end: "rolled-back",
      cause: "found-worse",
      durationSeconds: rehearsal.durationSeconds,
      failed: rehearsal.counts.green.failedByRelease,
      secondsFromFirstPayment: rehearsal.secondsFromFaultToRollback,
      secondsFromFirstFailure:
        (rehearsal.faultAtSeconds ?? Number.NaN) +
        (rehearsal.secondsFromFaultToRollback ?? Number.NaN) -
        (rehearsal.firstHurtAtSeconds ?? Number.NaN),
    });
  });

  it("gives the same for the same seed, and something else for another", async () => {
    assert.deepEqual(await tryOurs(OPTIONS), await tryOurs(OPTIONS));
    assert.notDeepEqual(await tryOurs(OPTIONS), await tryOurs({ ...OPTIONS, seed: 2 }));
  });

  it("tells a release that was held too long from one that was found worse", async () => {
    const quiet = { ...OPTIONS, scenario: GOOD_RELEASE, paymentsPerHour: 600 };
    const trial = await tryOurs(quiet);
    assert.deepEqual([trial.end, trial.cause], ["rolled-back", "held"]);
    assert.equal(trial.failed, 0);
    assert.equal(trial.secondsFromFirstFailure, undefined);
  });

  it("lets a bad release that completes go on failing payments until the horizon", async () => {
    const blind: Plan = {
      steps: [{ weightPercent: 100, bakeMinutes: 1 }],
      limits: { ...LIMITS, maxErrorsPerThousand: 500, releasesPerFalseRollback: 1_000_000 },
    };
    const slight = failingRelease("slight", 0.1);
    const trial = await tryOurs({ ...OPTIONS, plan: blind, scenario: slight });
    assert.equal(trial.end, "completed");
    const expected = (50_000 / 3600) * HORIZON_SECONDS * 0.001;
    assert.ok(Math.abs(trial.failed - expected) < 5 * Math.sqrt(expected), `${trial.failed}`);
    assert.equal(trial.cause, undefined);
  });

  it("counts nothing that fails after the horizon, however long a step is held", async () => {
    const slow: Plan = {
      steps: [{ weightPercent: 10, bakeMinutes: 200 }, ...PLAN.steps.slice(1)],
      limits: LIMITS,
    };
    const scenario: Scenario = {
      ...GOOD_RELEASE,
      standbyAt: (seconds) => ({ releaseFailureRatio: seconds < HORIZON_SECONDS + 60 ? 0 : 0.2 }),
    };
    const options = { ...OPTIONS, plan: slow, scenario, paymentsPerHour: 20_000 };
    const rehearsal = await rehearse({ ...options, live: "blue" });
    assert.ok(rehearsal.counts.green.failedByRelease > 0);
    assert.equal((await tryOurs(options)).failed, 0);
  });
});
