import assert from "node:assert/strict";
import { PRODUCTION_PLAN as PLAN } from "../../bench/plan";
import type { Plan } from "../../lambdas/cutover/contract";
import { CATALOGUE } from "../../simulation/catalogue";
import { hurtIn } from "../../simulation/collectStory";
import { expectedOf, rehearsablePlan } from "../../simulation/rehearsable";
import {
  type Rehearsal,
  type RehearsalEvent,
  type RehearsalOptions,
  rehearse,
} from "../../simulation/rehearse";
import type { Scenario } from "../../simulation/scenarios";

function named(name: string): Scenario {
  const found = CATALOGUE.find((scenario) => scenario.name === name);
  assert.ok(found !== undefined, name);
  return found;
}

function run(name: string, changes: Partial<RehearsalOptions> = {}): Promise<Rehearsal> {
  const scenario = named(name);
  const rehearsable = rehearsablePlan(scenario, PLAN);
  assert.ok(typeof rehearsable !== "string");
  return rehearse({
    ...{ plan: rehearsable.plan, live: "blue", scenario, paymentsPerHour: 50_000 },
    ...{ tickSeconds: 10, seed: 3, ...(scenario.migrates && { awsPercent: 0 }), ...changes },
  });
}

function codes({ decisions }: Rehearsal): string[] {
  return decisions.map(({ code }) => code);
}

function rolledBackBecause({ decisions }: Rehearsal): string {
  return (
    decisions.find(({ code }) => code === "roll-back" || code === "migrate-back")?.reason ?? ""
  );
}

describe("the catalogue of scenarios", () => {
  it("names each of them once, in words that can be typed", () => {
    const names = CATALOGUE.map(({ name }) => name);
    assert.deepEqual([...new Set(names)], names);
    for (const name of names) assert.match(name, /^[a-z0-9]+([-.][a-z0-9]+)*$/);
    for (const { description } of CATALOGUE) assert.match(description, /^[a-zA-Z].*[^.]$/);
  });

  for (const scenario of CATALOGUE)
    it(`has ${scenario.name} end ${scenario.expected}`, async () => {
      const expected = expectedOf(scenario, PLAN);
      for (const seed of [1, 2, 3]) {
        const rehearsal = await run(scenario.name, { seed });
        const ends = expected === "either" ? ["completed", "rolled-back"] : [expected];
        assert.ok(
          ends.includes(rehearsal.outcome),
          `seed ${seed}: ${rehearsal.outcome}, ${rehearsal.decisions.at(-1)?.reason}`,
        );
      }
    });

  it("takes a broken dependency of both colors for nobody's fault, and says so", async () => {
    const rehearsal = await run("shared-dependency");
    assert.ok(codes(rehearsal).includes("hold-shared-trouble"), `${codes(rehearsal)}`);
    assert.equal(hurtIn(rehearsal.counts).byRelease, 0);
    assert.ok(hurtIn(rehearsal.counts).failed > 500);
  });

  it("moves nothing on while metrics are out", async () => {
    const rehearsal = await run("metrics-outage");
    const promoted = rehearsal.decisions.find(({ code }) => code === "promote");
    assert.ok((promoted?.atSeconds ?? 0) >= 600, `${promoted?.atSeconds} s`);
  });

  it("takes nothing back before metrics are there to tell, and soon after", async () => {
    const { decisions } = await run("metrics-outage-bad");
    const at = decisions.find(({ code }) => code === "roll-back")?.atSeconds ?? 0;
    assert.ok(at >= 240 && at < 300, `${at} s`);
  });

  it("judges an alarm that was red before by the payments, not by its color", async () => {
    const good = await run("red-before");
    assert.match(
      good.decisions.find(({ code }) => code === "promote")?.reason ?? "",
      /is red, as before/,
    );
    assert.match(rolledBackBecause(await run("red-before-bad")), /more fail than on blue/);
  });

  it("takes payments back as soon as the controller lives again", async () => {
    const rehearsal = await run("controller-killed");
    const at = rehearsal.decisions.find(({ code }) => code === "roll-back")?.atSeconds ?? 0;
    assert.ok(at >= 190 && at <= 250, `${at} s`);
  });

  it("sets after a death what was on record before it", async () => {
    const events: RehearsalEvent[] = [];
    const rehearsal = await run("controller-dies", { onEvent: (event) => events.push(event) });
    const death = events.find((event) => event.kind === "incident");
    assert.match(death?.kind === "incident" ? death.what : "", /dies right after .* "promote"/);
    assert.deepEqual(
      rehearsal.decisions.filter(({ changes }) => changes).map(({ weights }) => weights.green),
      [10, 50, 90, 100, 100],
    );
  });

  it("puts weights back that somebody set by hand, and says so", async () => {
    const rehearsal = await run("drift-by-hand");
    const heals = rehearsal.decisions.filter(({ code }) => code === "heal-drift");
    assert.equal(heals.length, 1);
    assert.ok((heals[0]?.atSeconds ?? 0) - 170 <= 20);
  });

  it("lets payments wait for a switchover, and loses none of them", async () => {
    const rehearsal = await run("switchover");
    assert.equal(rehearsal.longestWaitSeconds, 4);
    const { blue, green } = rehearsal.counts;
    assert.equal(blue.failedByPause + green.failedByPause, 0);
  });

  it("fails payments that replication makes wait too long, and gives everything back", async () => {
    const rehearsal = await run("replication-lag");
    assert.equal(rehearsal.longestWaitSeconds, 20);
    const { blue, green } = rehearsal.counts;
    assert.ok(blue.failedByPause + green.failedByPause > 100);
    assert.match(rolledBackBecause(rehearsal), /the writer did not move to green: .*[^.]\.$/);
  });

  it("finds slowness and rejections that fail nothing", async () => {
    assert.match(rolledBackBecause(await run("slow-release")), /more are slow/);
    assert.match(rolledBackBecause(await run("rejecting")), /more are rejected/);
  });

  it("counts those whose every attempt failed", async () => {
    const { clients, counts } = await run("retrying-clients");
    assert.ok(clients.retries > 0);
    // Nine of ten retries meet the color that is well.
    assert.ok(clients.gaveUp <= 1, `${clients.gaveUp}`);
    assert.ok(counts.green.failedByRelease > 3);
  });
});

describe("rehearsablePlan", () => {
  it("leaves a plan alone that has what the scenario needs", () => {
    const steps = PLAN.steps.map((step, index) =>
      index === 0 ? { ...step, switchover: true as const } : step,
    );
    const own: Plan = {
      ...PLAN,
      steps,
      migration: { steps: [{ awsPercent: 100, bakeMinutes: 1 }] },
    };
    for (const scenario of CATALOGUE)
      assert.deepEqual(rehearsablePlan(scenario, own), { plan: own });
  });

  it("gives a switchover to the first step with half of the payments, and says so", () => {
    const rehearsable = rehearsablePlan(named("switchover"), PLAN);
    assert.ok(typeof rehearsable !== "string");
    assert.deepEqual(
      rehearsable.plan.steps.map(({ switchover }) => switchover ?? false),
      [false, true, false, false],
    );
    assert.match(rehearsable.changed ?? "", /here its step with 50 % does/);
  });

  it("gives it to the last step below 100 % where none has half of the payments", () => {
    const steps = [10, 20, 100].map((weightPercent) => ({ weightPercent, bakeMinutes: 1 }));
    const rehearsable = rehearsablePlan(named("switchover"), { ...PLAN, steps });
    assert.ok(typeof rehearsable !== "string");
    assert.equal(rehearsable.plan.steps[1]?.switchover, true);
  });

  it("tells of a plan that can have none", () => {
    const steps = [{ weightPercent: 100, bakeMinutes: 1 }];
    assert.match(
      String(rehearsablePlan(named("switchover"), { ...PLAN, steps })),
      /no step below 100 %/,
    );
  });

  it("brings a migration where the environment has no on-premises endpoint", () => {
    const rehearsable = rehearsablePlan(named("dns-migration"), PLAN);
    assert.ok(typeof rehearsable !== "string");
    assert.equal(rehearsable.plan.migration?.steps.length, 4);
    assert.match(rehearsable.changed ?? "", /no on-premises endpoint/);
  });
});

describe("expectedOf", () => {
  it("expects a plan without evidence to go on where nobody pays", () => {
    const careless: Plan = { ...PLAN, withoutEvidence: true };
    assert.equal(expectedOf(named("no-traffic"), careless), "completed");
    assert.equal(expectedOf(named("no-traffic"), PLAN), "rolled-back");
    assert.equal(expectedOf(named("bad-2"), careless), "rolled-back");
  });
});
