import assert from "node:assert/strict";
import type { Verb } from "../../../lambdas/cutover/contract";
import { known } from "../../../lambdas/cutover/ports";
import { type TickReport, tick } from "../../../lambdas/cutover/tick";
import {
  idle,
  latched,
  MINUTE,
  NOW,
  PLAN,
  red,
  request,
  rollingBack,
  shifting,
} from "../../support/facts";
import { FakeWorld } from "../../support/fakePorts";

function pass(world: FakeWorld, verb?: Verb): Promise<TickReport> {
  const options = { plan: PLAN, initialLive: "blue" as const };
  if (verb === undefined) return tick(world.ports, options);
  return tick(world.ports, { ...options, request: request(verb) });
}

const RED = { redAlarms: red("green-5xx") };

function worldWithRedAlarm(): FakeWorld {
  const world = new FakeWorld(shifting({ bakingMinutesAgo: 1 }));
  world.standby = { ...world.standby, ...RED };
  return world;
}

describe("tick", () => {
  it("records the intent, then sets the weights, then notifies", async () => {
    const world = new FakeWorld(idle());
    await pass(world, "start");
    assert.deepEqual(world.log, ["record start", "weights 90/10", "notify"]);
  });

  it("sets the weights of a rollback before anything else is done", async () => {
    const world = worldWithRedAlarm();
    await pass(world);
    assert.deepEqual(world.log, ["record roll-back", "weights 100/0", "notify"]);
  });

  it("stores the weights that it is about to set, in a state one version on", async () => {
    const world = new FakeWorld(idle());
    await pass(world, "start");
    const { version, weights, lastCode, phase } = world.state;
    assert.deepEqual([version, weights, lastCode], [8, { blue: 90, green: 10 }, "start"]);
    assert.equal(phase.name, "shifting");
  });

  it("begins with the configured color where nothing was ever stored", async () => {
    const world = new FakeWorld();
    const report = await pass(world);
    assert.deepEqual([report.code, report.live, world.state.version], ["idle", "blue", 1]);
  });

  it("reports what it decided and where things stand", async () => {
    const world = new FakeWorld(idle());
    assert.deepEqual(await pass(world, "start"), {
      at: NOW,
      code: "start",
      reason: "Started the cutover to green (release 42): 10 % to green.",
      phase: "shifting",
      live: "blue",
      weights: { blue: 90, green: 10 },
      problems: [],
    });
  });
});

describe("tick, when the record is not written", () => {
  it("does not act when another pass stored its decision first", async () => {
    const world = new FakeWorld(idle());
    const { load } = world.ports.state;
    world.ports.state.load = async () => {
      const state = await load();
      world.stored = JSON.stringify({ ...idle(), version: 8 });
      return state;
    };
    const report = await pass(world, "start");
    assert.deepEqual(world.log, ["conflict at start"]);
    assert.deepEqual([report.code, report.phase], ["store-conflict", "idle"]);
  });

  for (const fault of ["lost", "unanswered"] as const)
    it(`does not act when it is unknown whether the record was written (${fault})`, async () => {
      const world = new FakeWorld(idle());
      world.faults.save = [fault];
      const report = await pass(world, "start");
      assert.equal(report.code, "store-unknown");
      assert.deepEqual([world.weights, world.messages], [{ blue: 100, green: 0 }, []]);
    });

  it("does not act when the store refuses", async () => {
    const world = new FakeWorld(idle());
    world.faults.save = ["fails"];
    await assert.rejects(pass(world, "start"), /save failed/);
    assert.deepEqual(world.log, []);
  });

  it("neither decides nor acts when the state cannot be read", async () => {
    const world = worldWithRedAlarm();
    world.faults.load = ["fails"];
    await assert.rejects(pass(world), /load failed/);
    assert.deepEqual(world.log, []);
  });

  it("does not touch a state that a newer controller wrote", async () => {
    const world = new FakeWorld({ ...idle(), schemaVersion: 4 });
    world.weights = { blue: 0, green: 100 };
    await assert.rejects(pass(world), /schema version 4/);
    assert.deepEqual(world.log, []);
  });
});

describe("tick, after a death", () => {
  for (const fault of ["dies", "unanswered"] as const)
    it(`does on the next pass what was recorded and not done (${fault})`, async () => {
      const world = new FakeWorld(idle());
      world.faults.save = [fault];
      await pass(world, "start").catch(() => undefined);
      assert.deepEqual(world.takeLog(), ["record start"]);
      await pass(world);
      assert.deepEqual(world.takeLog(), ["record set-again", "weights 90/10"]);
    });

  it("carries on with a rollback that was recorded and not done", async () => {
    const world = worldWithRedAlarm();
    world.faults.save = ["dies"];
    await assert.rejects(pass(world), /died after save/);
    world.standby = { ...world.standby, redAlarms: known([]) };
    await pass(world);
    assert.deepEqual(world.takeLog(), ["record roll-back", "record set-again", "weights 100/0"]);
    assert.equal((await pass(world)).phase, "rolled-back");
  });
});

describe("two ticks at once", () => {
  it("let exactly one of two starts act", async () => {
    const world = new FakeWorld(idle());
    const reports = await Promise.all([pass(world, "start"), pass(world, "start")]);
    assert.deepEqual(reports.map((report) => report.code).sort(), ["start", "store-conflict"]);
    const log = ["record start", "conflict at start", "weights 90/10", "notify"];
    assert.deepEqual(world.log.sort(), log.sort());
  });

  it("let exactly one of ten roll back", async () => {
    const world = worldWithRedAlarm();
    const reports = await Promise.all(Array.from({ length: 10 }, () => pass(world)));
    assert.equal(reports.filter((report) => report.code === "roll-back").length, 1);
    assert.equal(world.log.filter((entry) => entry === "weights 100/0").length, 1);
    assert.equal(world.records.length, 1);
  });

  it("put right what one of them did too late", async () => {
    const world = new FakeWorld(shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 }));
    const { writeWeights } = world.ports.router;
    let stalled = () => {};
    world.ports.router.writeWeights = (weights) =>
      new Promise((resolve) => {
        stalled = () => resolve(writeWeights(weights));
      });
    const promotion = pass(world);
    while (world.log.length === 0) await new Promise(setImmediate);
    world.ports.router.writeWeights = writeWeights;
    await pass(world, "rollback");
    stalled();
    assert.equal((await promotion).code, "promote");
    assert.deepEqual(world.weights, { blue: 50, green: 50 });
    assert.equal((await pass(world)).code, "set-again");
    assert.deepEqual(world.weights, { blue: 100, green: 0 });
  });
});

describe("tick, when it stalls", () => {
  const LATE = "the weights were not set: this pass came to it too late";
  const ready = () => new FakeWorld(shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 }));

  /** Time passes after the decision was stored and before anything is done about it. */
  function stallAfterSaving(world: FakeWorld, milliseconds: number): void {
    const { save } = world.ports.state;
    world.ports.state.save = async (...given) => {
      const outcome = await save(...given);
      world.pass(milliseconds);
      return outcome;
    };
  }

  it("sets weights until ten seconds after it decided, and none later", async () => {
    for (const [milliseconds, problems, green] of [
      [10_000, [], 50],
      [10_001, [LATE], 10],
    ] as const) {
      const world = ready();
      stallAfterSaving(world, milliseconds);
      const report = await pass(world);
      assert.deepEqual([report.code, report.problems], ["promote", problems]);
      assert.equal(world.weights.green, green);
    }
  });

  it("counts from the decision, not from readings that took long", async () => {
    const world = worldWithRedAlarm();
    const { readTargets } = world.ports.health;
    world.ports.health.readTargets = async (color) => {
      world.pass(9_000);
      return readTargets(color);
    };
    stallAfterSaving(world, 9_000);
    assert.deepEqual((await pass(world)).problems, []);
    assert.deepEqual(world.weights, { blue: 100, green: 0 });
  });

  it("leaves to the next pass what it came to too late", async () => {
    const world = worldWithRedAlarm();
    const { save } = world.ports.state;
    stallAfterSaving(world, 11_000);
    await pass(world);
    world.ports.state.save = save;
    await pass(world);
    const log = ["record roll-back", "notify", "record set-again", "weights 100/0"];
    assert.deepEqual(world.log, log);
  });

  it("puts on record until when it may set weights that give the standby color a share", async () => {
    const world = ready();
    const { readTargets } = world.ports.health;
    world.ports.health.readTargets = async (color) => {
      if (color === "green") world.pass(3_000);
      return readTargets(color);
    };
    await pass(world);
    assert.equal(world.state.actsUntil, NOW + 3_000 + 30_000);
  });

  it("never lowers that, and a rollback leaves it as it is", async () => {
    const actsUntil = NOW + MINUTE;
    const world = new FakeWorld({ ...shifting(), actsUntil });
    world.weights = { blue: 63, green: 37 };
    assert.equal((await pass(world)).code, "set-again");
    assert.equal(world.state.actsUntil, actsUntil);
    assert.equal((await pass(world, "rollback")).code, "roll-back");
    assert.equal(world.state.actsUntil, actsUntil);
  });

  it("latches a rollback only when no earlier pass can set weights any more", async () => {
    const world = ready();
    await pass(world);
    await pass(world, "rollback");
    assert.equal((await pass(world)).code, "hold-lease");
    // The promotion from before the rollback arrives now.
    world.weights = { blue: 50, green: 50 };
    world.pass(10_000);
    assert.equal((await pass(world)).code, "set-again");
    world.pass(20_000);
    assert.equal((await pass(world)).phase, "rolled-back");
    assert.deepEqual(world.weights, { blue: 100, green: 0 });
  });
});

describe("tick, when acting fails", () => {
  for (const fault of ["fails", "lost"] as const)
    it(`sets the weights again on the next pass when they were not set (${fault})`, async () => {
      const world = worldWithRedAlarm();
      world.faults.writeWeights = [fault];
      const { problems } = await pass(world);
      assert.deepEqual(problems, [
        fault === "fails"
          ? "set-weights failed: writeWeights failed"
          : "it is unknown whether the weights were set",
      ]);
      await pass(world);
      const log = ["record roll-back", "notify", "record set-again", "weights 100/0"];
      assert.deepEqual(world.takeLog(), log);
    });

  it("looks, and does not set again, when the weights were set and no answer came", async () => {
    const world = worldWithRedAlarm();
    world.faults.writeWeights = ["unanswered"];
    await pass(world);
    world.takeLog();
    assert.equal((await pass(world)).code, "rolled-back");
    assert.deepEqual(world.takeLog(), ["record rolled-back", "notify"]);
  });

  it("does not let a failing notification stop the weights or the next step", async () => {
    const world = new FakeWorld(idle());
    world.faults.notify = ["fails"];
    const { problems } = await pass(world, "start");
    assert.deepEqual(problems, ["notify failed: notify failed"]);
    assert.deepEqual(world.weights, { blue: 90, green: 10 });
    assert.equal((await pass(world)).code, "bake");
  });

  it("keeps setting the weights of a rollback, and records each time", async () => {
    const world = worldWithRedAlarm();
    world.faults.writeWeights = ["lost", "lost", "lost"];
    for (let count = 0; count < 4; count++) await pass(world);
    const again = Array.from({ length: 3 }, () => "record set-again");
    assert.deepEqual(world.log, ["record roll-back", "notify", ...again, "weights 100/0"]);
  });

  it("sets nothing again when another pass has stored since the state was read", async () => {
    const world = new FakeWorld({ ...rollingBack(), lastCode: "set-again" });
    world.weights = { blue: 90, green: 10 };
    const { readWeights } = world.ports.router;
    world.ports.router.readWeights = () => {
      world.stored = JSON.stringify({ ...latched(), version: 8 });
      return readWeights();
    };
    assert.equal((await pass(world)).code, "store-conflict");
    assert.deepEqual(world.log, ["conflict at set-again"]);
  });
});

describe("tick, when a port cannot be read", () => {
  const holds = {
    readTargets: "hold-targets-unknown",
    readAlarms: "hold-alarms-unknown",
    readPeriods: "hold-traffic-unknown",
    readWeights: "hold-weights-unknown",
  } as const;
  for (const [call, code] of Object.entries(holds))
    it(`does not promote, though the bake time is over: ${call}`, async () => {
      const world = new FakeWorld(shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 }));
      world.faults[call as keyof typeof holds] = ["fails"];
      const report = await pass(world);
      assert.equal(report.code, code);
      assert.match(report.reason, new RegExp(`Error: ${call} failed`));
      assert.deepEqual(world.log, [`record ${code}`]);
      assert.equal((await pass(world)).code, "promote");
    });

  it("rolls back on a red alarm though nothing else can be read", async () => {
    const world = worldWithRedAlarm();
    for (const call of ["readWeights", "readTargets", "readPeriods"] as const)
      world.faults[call] = ["fails"];
    await pass(world);
    assert.deepEqual(world.log, ["record roll-back", "weights 100/0", "notify"]);
  });
});

describe("tick, on record", () => {
  it("records a hold once, not each pass", async () => {
    const world = new FakeWorld(shifting({ bakingMinutesAgo: 1 }));
    for (let count = 0; count < 3; count++) await pass(world);
    assert.deepEqual(world.log, ["record hold-baking"]);
  });

  it("records a hold again after something else happened", async () => {
    const world = new FakeWorld(shifting({ bakingMinutesAgo: 1 }));
    await pass(world);
    world.faults.readAlarms = ["fails"];
    await pass(world);
    await pass(world);
    const log = ["record hold-baking", "record hold-alarms-unknown", "record hold-baking"];
    assert.deepEqual(world.log, log);
  });

  it("records each refusal with who asked, though it is the same as the last", async () => {
    const world = new FakeWorld(latched());
    await pass(world, "start");
    await pass(world, "start");
    assert.deepEqual(
      world.records.map((record) => [record.code, record.who]),
      [
        ["refuse", "alice"],
        ["refuse", "alice"],
      ],
    );
  });

  it("does not put a rollback down to the person who asked for something else", async () => {
    const world = worldWithRedAlarm();
    await pass(world, "start");
    assert.deepEqual(
      world.records.map((record) => [record.code, record.who]),
      [["roll-back", "controller"]],
    );
  });

  it("puts each granted request down to the person who asked", async () => {
    const world = new FakeWorld(idle());
    for (const verb of ["start", "rollback", undefined, "clear"] as const) {
      await pass(world, verb);
      world.pass(MINUTE);
    }
    assert.deepEqual(
      world.records.map((record) => [record.code, record.who]),
      [
        ["start", "alice"],
        ["roll-back", "alice"],
        ["rolled-back", "controller"],
        ["clear", "alice"],
      ],
    );
  });

  it("records what a healthy cutover did, in order, and no more", async () => {
    const world = new FakeWorld(idle());
    await pass(world, "start");
    for (let count = 0; count < 60; count++) {
      world.pass(MINUTE / 2);
      await pass(world);
    }
    const step = ["bake", "hold-baking"];
    const codes = ["start", ...step, "promote", ...step, "promote", ...step, "complete", "idle"];
    assert.deepEqual(
      world.records.map((record) => record.code),
      codes,
    );
    assert.deepEqual([world.state.live, world.weights], ["green", { blue: 0, green: 100 }]);
    assert.equal(world.messages.length, 4);
  });
});
