import assert from "node:assert/strict";
import { answerBody } from "../../../../lambdas/cutover/gate/answer";
import { deliver } from "../../../../lambdas/cutover/gate/deliver";
import { readGateEvent } from "../../../../lambdas/cutover/gate/event";
import { serve } from "../../../../lambdas/cutover/handler";
import { known } from "../../../../lambdas/cutover/ports";
import { tick } from "../../../../lambdas/cutover/tick";
import { idle, MINUTE, NOW, PLAN, red, request, shifting } from "../../../support/facts";
import { FakeWorld } from "../../../support/fakePorts";
import { gateRequest, properties, STACK, TASK, URL } from "../../../support/gate";

const OPTIONS = { plan: PLAN, initialLive: "blue" as const };
const TO_GREEN = gateRequest("Update", "green");

function pass(world: FakeWorld, event?: unknown) {
  const gateEvent = event === undefined ? undefined : readGateEvent(event, "test");
  return tick(world.ports, { ...OPTIONS, gateEvent });
}

/** Passes twice a minute until an answer has been sent; fails after an hour and a half. */
async function passUntilAnswered(world: FakeWorld): Promise<void> {
  for (let count = 0; world.answers.length === 0; count++) {
    assert.ok(count < 180, "no answer was sent");
    world.pass(MINUTE / 2);
    await pass(world);
  }
}

function statuses(world: FakeWorld): unknown[] {
  return world.answers.map(({ fields }) => fields.Status);
}

const RED = { redAlarms: red("green-errors") };

describe("a release", () => {
  it("is answered once, when the cutover has ended", async () => {
    const world = new FakeWorld(idle());
    await pass(world, TO_GREEN);
    assert.deepEqual(world.takeLog(), ["record start", "weights 90/10", "notify"]);
    await passUntilAnswered(world);
    assert.deepEqual(world.takeLog().slice(-4), [
      "record complete",
      "notify",
      "answer",
      "record gate-answered",
    ]);
    assert.deepEqual(world.answers, [
      {
        url: URL,
        fields: {
          Status: "SUCCESS",
          Reason: "green carries everything.",
          PhysicalResourceId: "payments-release-gate-test",
          StackId: STACK,
          RequestId: "r-1",
          LogicalResourceId: "ReleaseGate",
        },
      },
    ]);
    await pass(world);
    assert.equal(world.answers.length, 1);
    const { gate, live } = world.state;
    assert.deepEqual([live, gate?.past, gate?.owed], ["green", ["r-1"], undefined]);
  });

  it("fails after everything has come back, and CloudFormation's way back moves nothing", async () => {
    const world = new FakeWorld(idle());
    await pass(world, TO_GREEN);
    world.standby = { ...world.standby, ...RED };
    await pass(world);
    assert.deepEqual([world.weights, world.answers], [{ blue: 100, green: 0 }, []]);
    world.pass(MINUTE);
    await pass(world);
    assert.deepEqual(statuses(world), ["FAILED"]);
    world.stackStatus = known("UPDATE_ROLLBACK_IN_PROGRESS");
    world.takeLog();
    await pass(world, gateRequest("Update", "blue", { requestId: "r-2" }));
    assert.deepEqual(world.takeLog(), ["record gate-confirm", "answer", "record gate-answered"]);
    assert.deepEqual(statuses(world), ["FAILED", "SUCCESS"]);
    assert.equal(world.state.phase.name, "rolled-back");
  });

  it("is taken back when its stack is cancelled", async () => {
    const world = new FakeWorld(idle());
    await pass(world, TO_GREEN);
    world.stackStatus = known("UPDATE_ROLLBACK_IN_PROGRESS");
    await pass(world, gateRequest("Update", "blue", { requestId: "r-2" }));
    assert.deepEqual(world.weights, { blue: 100, green: 0 });
    world.pass(MINUTE);
    await pass(world);
    assert.deepEqual(
      world.answers.map(({ fields }) => [fields.RequestId, fields.Status]),
      [["r-2", "SUCCESS"]],
    );
  });

  it("that nothing lets end is taken back within the hour, and said so", async () => {
    const world = new FakeWorld(idle());
    await pass(world, TO_GREEN);
    await tick(world.ports, { ...OPTIONS, request: request("pause") });
    await passUntilAnswered(world);
    assert.deepEqual(statuses(world), ["FAILED"]);
    assert.ok(world.now - NOW <= 56 * MINUTE, `${(world.now - NOW) / MINUTE} minutes`);
    assert.deepEqual(world.weights, { blue: 100, green: 0 });
  });

  it("waits for the standby color, then starts by itself", async () => {
    const world = new FakeWorld(idle());
    world.service = known({ taskArn: TASK, rollout: "IN_PROGRESS" });
    await pass(world, TO_GREEN);
    await pass(world);
    assert.deepEqual(world.takeLog(), ["record gate-wait"]);
    world.service = known({ taskArn: TASK, rollout: "COMPLETED" });
    await pass(world);
    assert.deepEqual(world.takeLog(), ["record start", "weights 90/10", "notify"]);
  });

  for (const call of ["readStatus", "readService"] as const)
    it(`waits for what cannot be read: ${call}`, async () => {
      const world = new FakeWorld(idle());
      world.faults[call] = ["fails"];
      const { code, reason } = await pass(world, TO_GREEN);
      assert.equal(code, "gate-wait");
      assert.match(reason, new RegExp(`Error: ${call} failed`));
      assert.equal((await pass(world)).code, "start");
    });

  it("that nobody waits for is answered at once, and its end is no failure of a stack", async () => {
    const world = new FakeWorld(idle());
    await pass(world, gateRequest("Update", "green", { properties: { Mode: "detached" } }));
    const log = ["record start", "weights 90/10", "notify", "answer", "record gate-answered"];
    assert.deepEqual(world.takeLog(), log);
    world.standby = { ...world.standby, ...RED };
    for (let count = 0; count < 3; count++) {
      await pass(world);
      world.pass(MINUTE);
    }
    assert.deepEqual([statuses(world), world.state.phase.name], [["SUCCESS"], "rolled-back"]);
  });

  it("asks CloudFormation for nothing while there is nothing to decide", async () => {
    const world = new FakeWorld(shifting());
    let readings = 0;
    world.ports.release.readStatus = async () => {
      readings++;
      return known("UPDATE_IN_PROGRESS");
    };
    await pass(world);
    await pass(world, gateRequest("Delete", "green"));
    await pass(world, gateRequest("Create", "blue", { requestId: "r-2" }));
    assert.deepEqual([statuses(world), readings], [["SUCCESS", "SUCCESS"], 0]);
    await pass(world, gateRequest("Update", "green", { requestId: "r-3" }));
    assert.equal(readings, 1);
  });
});

describe("the first gate of an environment", () => {
  it("stores the color that is live, which the variable then no longer tells", async () => {
    const world = new FakeWorld();
    await pass(world, gateRequest("Create", "blue"));
    assert.equal(world.state.live, "blue");
    // The next deployment changes the variable before it changes the gate.
    await tick(world.ports, { plan: PLAN, initialLive: "green" });
    assert.deepEqual([world.state.live, world.weights], ["blue", { blue: 100, green: 0 }]);
  });
});

describe("an answer", () => {
  /** A cutover whose next pass completes it. */
  async function nearlyDone(): Promise<FakeWorld> {
    const world = new FakeWorld(idle());
    await pass(world, TO_GREEN);
    while (world.weights.green !== 100) {
      world.pass(MINUTE);
      await pass(world);
    }
    world.pass(MINUTE);
    await pass(world);
    world.pass(6 * MINUTE);
    world.takeLog();
    return world;
  }

  it("survives a death between the record and the sending", async () => {
    const world = await nearlyDone();
    world.faults.save = ["dies"];
    await assert.rejects(pass(world), /died after save/);
    assert.deepEqual(world.answers, []);
    await pass(world);
    assert.deepEqual([statuses(world), world.state.gate?.owed], [["SUCCESS"], undefined]);
  });

  it("is sent again, the same, after a death between the sending and its record", async () => {
    const world = await nearlyDone();
    world.faults.answer = ["dies"];
    await pass(world);
    await pass(world);
    const [first, second] = world.answers;
    assert.deepEqual(first, second);
    assert.equal(world.answers.length, 2);
    assert.equal(world.state.gate?.owed, undefined);
  });

  for (const fault of ["fails", "lost", "unanswered"] as const)
    it(`is sent until it is confirmed (${fault})`, async () => {
      const world = await nearlyDone();
      world.faults.answer = [fault, fault];
      const { problems } = await pass(world);
      assert.equal(problems.length, 1);
      await pass(world);
      assert.ok(world.state.gate?.owed);
      await pass(world);
      assert.equal(world.state.gate?.owed, undefined);
      assert.equal(statuses(world).at(-1), "SUCCESS");
      assert.equal(world.state.live, "green");
    });

  it("is forgotten when nobody can have waited for it, and people are told", async () => {
    const world = await nearlyDone();
    world.faults.answer = ["lost"];
    await pass(world);
    world.pass(120 * MINUTE);
    assert.equal((await pass(world)).code, "gate-give-up");
    assert.deepEqual([world.answers, world.state.gate?.owed], [[], undefined]);
    assert.match(world.messages.at(-1) ?? "", /never took the answer SUCCESS/);
  });

  it("is sent the same to a request that comes again afterwards", async () => {
    const world = await nearlyDone();
    await pass(world);
    const lastLive = world.state.live;
    await pass(world, TO_GREEN);
    const [first, second] = world.answers;
    assert.deepEqual(first, second);
    assert.equal(world.state.live, lastLive);
  });

  it("is not lost to an older request that comes late", async () => {
    const world = await nearlyDone();
    await pass(world);
    world.stackStatus = known("UPDATE_IN_PROGRESS");
    await pass(world, gateRequest("Update", "blue", { requestId: "r-2" }));
    assert.equal(world.state.phase.name, "shifting");
    for (const late of [TO_GREEN, gateRequest("Update", "green", { requestId: "r-1" })])
      await pass(world, late);
    assert.equal(world.state.gate?.owed?.requestId, "r-2");
    assert.equal(world.answers.length, 1);
  });

  it("is not given to a request that was given up for another", async () => {
    const world = new FakeWorld(idle());
    await pass(world, TO_GREEN);
    world.stackStatus = known("UPDATE_ROLLBACK_IN_PROGRESS");
    await pass(world, gateRequest("Update", "blue", { requestId: "r-2" }));
    await pass(world, TO_GREEN);
    world.pass(MINUTE);
    await pass(world);
    assert.deepEqual(
      world.answers.map(({ fields }) => fields.RequestId),
      ["r-2"],
    );
  });

  it("keeps its address out of records, messages and reports", async () => {
    const world = new FakeWorld(idle());
    world.faults.answer = ["fails"];
    const reports = [await pass(world, TO_GREEN), await pass(world)];
    await passUntilAnswered(world);
    reports.push(await pass(world, gateRequest("Update", "blue", { properties: { Live: "red" } })));
    const shown = JSON.stringify([reports, world.records, world.messages]);
    assert.doesNotMatch(shown, /secret=1|responses\.example/);
  });

  it("is not sent by a pass whose record came second", async () => {
    const world = await nearlyDone();
    const reports = await Promise.all([pass(world), pass(world)]);
    assert.deepEqual(reports.map(({ code }) => code).sort(), ["complete", "store-conflict"]);
    assert.equal(world.answers.length, 1);
  });

  it("says that it is not on record yet, when another pass stored first", async () => {
    const world = await nearlyDone();
    world.faults.answer = ["lost"];
    await pass(world);
    const { state } = world;
    world.stored = JSON.stringify({ ...state, version: state.version + 1 });
    assert.deepEqual(await deliver(world.ports, state), [
      "CloudFormation took the answer, which is not on record yet",
    ]);
    assert.ok(world.state.gate?.owed);
  });
});

describe("the answer's form", () => {
  const { address } = readGateEvent(TO_GREEN, "test") ?? assert.fail("no event");

  it("stays below CloudFormation's limit, whatever the reason", () => {
    for (const letter of ["x", "é", "💶", '"']) {
      const body = answerBody(address, { status: "FAILED", reason: letter.repeat(20_000) });
      assert.ok(Buffer.byteLength(body) <= 4096);
      const { Reason, Status } = JSON.parse(body);
      assert.deepEqual([Status, Reason.slice(-3)], ["FAILED", "..."]);
      assert.ok(Reason.length > 500, `${Reason.length}`);
    }
  });

  it("leaves a short reason as it is", () => {
    const body = answerBody(address, { status: "FAILED", reason: "Taken back." });
    assert.equal(JSON.parse(body).Reason, "Taken back.");
    assert.doesNotMatch(body, /secret/);
  });
});

describe("an invocation by CloudFormation", () => {
  const TICK = 10_000;

  function invoke(world: FakeWorld, event: unknown) {
    const end = world.now + 60_000;
    const context = { getRemainingTimeInMillis: () => end - world.now };
    const options = { ...OPTIONS, gateEvent: readGateEvent(event, "test") };
    return serve(world.ports, options, TICK, context, () => {});
  }

  it("goes on passing while the cutover runs", async () => {
    const world = new FakeWorld(idle());
    await invoke(world, TO_GREEN);
    assert.equal(world.now, NOW + 5 * TICK);
  });

  it("asks once: what was put on record is not asked again", async () => {
    const world = new FakeWorld(idle());
    // An alarm that is red before the start would say nothing of the release.
    const { sleep } = world.ports.clock;
    world.ports.clock.sleep = async (milliseconds) => {
      world.standby = { ...world.standby, ...RED };
      await sleep(milliseconds);
    };
    await invoke(world, TO_GREEN);
    assert.deepEqual(statuses(world), ["FAILED"]);
    assert.deepEqual(
      world.records.map(({ code }) => code),
      ["start", "roll-back", "hold-lease", "rolled-back", "gate-answered"],
    );
  });

  it("answers once, though it goes on passing", async () => {
    const world = new FakeWorld(idle());
    await invoke(world, gateRequest("Update", "green", { properties: { Mode: "detached" } }));
    assert.deepEqual([statuses(world), world.now > NOW], [["SUCCESS"], true]);
  });

  it("does not lose its request to other passes", async () => {
    const world = new FakeWorld(idle());
    world.disturb(3);
    await invoke(world, TO_GREEN);
    assert.equal(world.state.gate?.owed?.requestId, "r-1");
  });

  it("fails when it could not put its request on record, so that Lambda sends it again", async () => {
    const world = new FakeWorld(idle());
    world.disturb(4);
    await assert.rejects(invoke(world, TO_GREEN), /CloudFormation's request is not on record/);
    await invoke(world, TO_GREEN);
    assert.equal(world.state.gate?.owed?.requestId, "r-1");
  });

  for (const fault of ["lost", "unanswered"] as const)
    it(`looks again when it is unknown whether its request is on record (${fault})`, async () => {
      const world = new FakeWorld(idle());
      world.faults.save = [fault];
      await invoke(world, TO_GREEN);
      assert.equal(world.log.filter((entry) => entry === "record start").length, 1);
      assert.deepEqual(world.weights, { blue: 90, green: 10 });
    });

  it("starts one cutover for two at once", async () => {
    const world = new FakeWorld(idle());
    await Promise.all([pass(world, TO_GREEN), pass(world, TO_GREEN)]);
    await pass(world, TO_GREEN);
    assert.equal(world.records.filter(({ code }) => code === "start").length, 1);
    assert.deepEqual(world.answers, []);
  });

  it("tells of an image that was changed where payments are", async () => {
    const world = new FakeWorld(idle());
    const before = properties("blue", { BlueTaskArn: "arn:old" });
    await invoke(world, gateRequest("Update", "blue", { before }));
    assert.deepEqual(statuses(world), ["SUCCESS"]);
    assert.match(world.messages.join(), /What runs in blue, which is live, was changed in place/);
  });
});
