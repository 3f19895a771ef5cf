import assert from "node:assert/strict";
import type { Verb } from "../../../../lambdas/cutover/contract";
import { serve } from "../../../../lambdas/cutover/handler";
import { observe } from "../../../../lambdas/cutover/observe";
import { known, type SourceName, unknown } from "../../../../lambdas/cutover/ports";
import { type TickReport, tick } from "../../../../lambdas/cutover/tick";
import { idle, MINUTE, NOW, red, request, shifting } from "../../../support/facts";
import { FakeWorld } from "../../../support/fakePorts";
import { atRest, MIGRATION_PLAN, migrating } from "../../../support/migration";

const OPTIONS = { plan: MIGRATION_PLAN, initialLive: "blue" as const };

function pass(world: FakeWorld, verb?: Verb): Promise<TickReport> {
  return tick(world.ports, { ...OPTIONS, request: verb && request(verb) });
}

const ready = () => new FakeWorld(migrating({ enteredMinutesAgo: 8, bakingMinutesAgo: 5 }));

function unwell(): FakeWorld {
  const world = new FakeWorld(migrating({ bakingMinutesAgo: 1 }));
  world.live = { ...world.live, redAlarms: red("blue-5xx") };
  return world;
}

/** Time passes after the decision was stored and before anything is done about it. */
function stallAfterSaving(world: FakeWorld, milliseconds: number): void {
  const { save } = world.ports.state;
  world.ports.state.save = async (...given) => {
    const outcome = await save(...given);
    world.pass(milliseconds);
    return outcome;
  };
}

describe("tick, in a migration", () => {
  it("records the intent, then sets the weights of DNS, then notifies", async () => {
    const world = new FakeWorld(atRest(0));
    const report = await pass(world, "migrate");
    assert.deepEqual(world.log, ["record migrate", "clients 10 %", "notify"]);
    assert.deepEqual([report.code, report.phase, report.awsPercent], ["migrate", "migrating", 10]);
    assert.deepEqual(
      world.records.map(({ who, awsPercent }) => [who, awsPercent]),
      [["alice", 10]],
    );
  });

  it("leads clients back before anything else is done, and touches no color", async () => {
    const world = unwell();
    await pass(world);
    assert.deepEqual(world.takeLog(), ["record roll-back", "clients 0 %", "notify"]);
    assert.equal((await pass(world)).phase, "rolled-back");
    assert.deepEqual(world.log, ["record rolled-back", "notify"]);
  });

  it("goes from its start to its end", async () => {
    const world = new FakeWorld(atRest(0));
    await pass(world, "migrate");
    const codes: string[] = [];
    const endsAt = world.now + 60 * MINUTE;
    while (world.state.phase.name !== "idle" && world.now < endsAt) {
      world.pass(10_000);
      codes.push((await pass(world)).code);
    }
    assert.equal(world.awsPercent, 100);
    const steps = codes.filter((code) => ["bake", "promote", "migrated"].includes(code));
    assert.deepEqual(steps, ["bake", "promote", "bake", "promote", "bake", "migrated"]);
    // Three steps of five minutes, with two minutes and one pass for DNS in each.
    assert.ok(world.now - NOW >= 3 * 7 * MINUTE, `${(world.now - NOW) / MINUTE} min`);
    assert.ok(world.now - NOW < 3 * 8 * MINUTE, `${(world.now - NOW) / MINUTE} min`);
  });

  for (const fault of ["fails", "lost"] as const)
    it(`sets the weights of DNS again on the next pass when they were not set (${fault})`, async () => {
      const world = unwell();
      world.faults.writeAwsPercent = [fault];
      const { problems } = await pass(world);
      assert.deepEqual(problems, [
        fault === "fails"
          ? "set-aws-percent failed: writeAwsPercent failed"
          : "it is unknown whether the weights of DNS were set",
      ]);
      await pass(world);
      const log = ["record roll-back", "notify", "record set-again", "clients 0 %"];
      assert.deepEqual(world.log, log);
    });

  it("looks, and does not set again, when they were set and no answer came", async () => {
    const world = unwell();
    world.faults.writeAwsPercent = ["unanswered"];
    await pass(world);
    world.takeLog();
    assert.equal((await pass(world)).code, "rolled-back");
    assert.deepEqual(world.log, ["record rolled-back", "notify"]);
  });

  it("sets no weights of DNS later than ten seconds after it decided", async () => {
    const world = ready();
    stallAfterSaving(world, 10_001);
    const { code, problems } = await pass(world);
    assert.equal(code, "promote");
    assert.deepEqual(problems, ["the weights were not set: this pass came to it too late"]);
    assert.equal(world.awsPercent, 10);
  });

  it("puts on record until when it may lead clients on, and latches a way back only after that", async () => {
    const world = ready();
    await pass(world);
    assert.equal(world.state.actsUntil, NOW + 30_000);
    await pass(world, "rollback");
    assert.equal(world.state.actsUntil, NOW + 30_000);
    assert.equal((await pass(world)).code, "hold-lease");
    // The step from before the way back arrives now.
    world.awsPercent = 50;
    world.pass(10_000);
    assert.equal((await pass(world)).code, "set-again");
    world.pass(20_000);
    assert.equal((await pass(world)).phase, "rolled-back");
    assert.equal(world.awsPercent, 0);
  });

  it("puts back in one pass what somebody changed, and says so on record", async () => {
    for (const state of [atRest(20), { ...shifting({ bakingMinutesAgo: 1 }), awsPercent: 20 }]) {
      const world = new FakeWorld(state);
      world.awsPercent = 90;
      await pass(world);
      assert.deepEqual(world.log, ["record heal-dns", "clients 20 %", "notify"]);
      assert.equal(world.awsPercent, 20);
    }
  });

  it("stays and passes again while clients are led, as while payments move", async () => {
    const world = new FakeWorld(migrating({ bakingMinutesAgo: 1 }));
    const startedAt = world.now;
    const context = { getRemainingTimeInMillis: () => 60_000 - (world.now - startedAt) };
    const codes: string[] = [];
    await serve(world.ports, OPTIONS, 10_000, context, (line) =>
      codes.push((JSON.parse(line) as TickReport).code),
    );
    assert.deepEqual(codes, Array(6).fill("hold-baking"));
  });
});

describe("observe, in a migration", () => {
  it("reads what DNS says, and the counts since those on record", async () => {
    const state = migrating({ bakingMinutesAgo: 1 });
    const world = new FakeWorld(state);
    const calls: SourceName[] = [];
    world.ports.traffic.readPeriods = async (source) => {
      calls.push(source);
      return known([]);
    };
    assert.deepEqual((await observe(world.ports, state, undefined)).awsPercent, known(10));
    assert.deepEqual(calls.sort(), ["application", "loadBalancer"]);
  });

  it("does not know what cannot be read", async () => {
    const state = migrating();
    const world = new FakeWorld(state);
    world.faults.readAwsPercent = ["fails"];
    const { awsPercent } = await observe(world.ports, state, undefined);
    assert.deepEqual(awsPercent, unknown("Error: readAwsPercent failed"));
  });

  it("asks nothing of DNS where there is no on-premises endpoint", async () => {
    const { ports } = new FakeWorld(idle());
    assert.equal("awsPercent" in (await observe(ports, idle(), undefined)), false);
  });
});
