import assert from "node:assert/strict";
import type { Verb } from "../../../lambdas/cutover/contract";
import { readRequest, serve, wakeAnother } from "../../../lambdas/cutover/handler";
import type { TickReport } from "../../../lambdas/cutover/tick";
import { idle, NOW, PLAN, request, shifting } from "../../support/facts";
import { FakeWorld } from "../../support/fakePorts";

describe("readRequest", () => {
  const schedule = { "detail-type": "Scheduled Event", source: "aws.events", detail: {} };
  const alarm = { source: "aws.cloudwatch", alarmData: { alarmName: "green-5xx" } };
  for (const event of [schedule, alarm, {}, null, undefined, "tick", 7, [], { Records: [] }])
    it(`reads no request from ${JSON.stringify(event)}`, () => {
      assert.equal(readRequest(event), undefined);
    });

  for (const verb of [
    "start",
    "pause",
    "resume",
    "approve",
    "skip-bake",
    "rollback",
    "clear",
  ] as const) {
    it(`reads ${verb} with who and why`, () => {
      assert.deepEqual(readRequest(request(verb)), request(verb));
    });

    for (const missing of [{ who: undefined }, { why: undefined }, { who: " " }, { why: 7 }])
      it(`does not ${verb} with ${Object.keys(missing)} ${Object.values(missing)}`, () => {
        const message = `${verb} goes on record: send who and why with it, as texts`;
        assert.throws(() => readRequest({ ...request(verb), ...missing }), { message });
      });
  }

  it("reads status from anybody", () => {
    assert.deepEqual(readRequest({ verb: "status" }), { verb: "status", who: "", why: "" });
  });

  it("keeps nothing that it does not know", () => {
    const event = { ...request("start"), plan: { steps: [] } };
    assert.deepEqual(readRequest(event), request("start"));
  });

  for (const verb of ["agree", "START", "", null])
    it(`does not know the verb ${JSON.stringify(verb)}, and names those that it knows`, () => {
      const message = `verb must be one of status, start, migrate, pause, resume, approve, skip-bake, rollback, clear, got ${verb}`;
      assert.throws(() => readRequest({ verb, who: "alice", why: "release 42" }), { message });
    });
});

const TICK = 10_000;

/** One invocation that has `seconds` left when it begins, and whose pauses take no real time. */
function invoke(world: FakeWorld, seconds: number, verb?: Verb): Promise<TickReport> {
  const end = world.now + seconds * 1000;
  const context = { getRemainingTimeInMillis: () => end - world.now };
  const asked = verb === undefined ? undefined : request(verb);
  const options = { plan: PLAN, initialLive: "blue" as const, request: asked };
  return serve(world.ports, options, TICK, context, () => {});
}

describe("an invocation", () => {
  it("passes once while nothing moves", async () => {
    const world = new FakeWorld(idle());
    const { code } = await invoke(world, 60);
    assert.deepEqual([code, world.now], ["idle", NOW]);
  });

  it("passes every ten seconds while a cutover runs, and keeps time back for the last pass", async () => {
    const world = new FakeWorld(shifting());
    await invoke(world, 60);
    assert.equal(world.now, NOW + 5 * TICK);
  });

  it("does not begin a pause that would use up the time kept back", async () => {
    const world = new FakeWorld(shifting());
    await invoke(world, 18);
    assert.equal(world.now, NOW);
    await invoke(world, 18.001);
    assert.equal(world.now, NOW + TICK);
  });

  it("ends when the cutover ends", async () => {
    const world = new FakeWorld(shifting());
    world.faults.writeWeights = ["lost"];
    await invoke(world, 60, "rollback");
    const { code } = await invoke(world, 60);
    assert.deepEqual([code, world.now], ["rolled-back", NOW + TICK]);
  });

  it("answers a person after one pass, though a cutover now runs", async () => {
    const world = new FakeWorld(idle());
    const { code } = await invoke(world, 60, "start");
    assert.deepEqual([code, world.now], ["start", NOW]);
  });

  it("does not lose a person's request to another pass", async () => {
    const world = new FakeWorld(idle());
    world.disturb(3);
    assert.equal((await invoke(world, 60, "start")).code, "start");
    assert.deepEqual(world.weights, { blue: 90, green: 10 });
  });

  it("does not try for ever, and tells the person", async () => {
    const world = new FakeWorld(idle());
    world.disturb(4);
    assert.equal((await invoke(world, 60, "start")).code, "store-conflict");
    assert.deepEqual(world.weights, { blue: 100, green: 0 });
  });
});

describe("another invocation", () => {
  const reportOf = async (verb: Verb, world: FakeWorld) => invoke(world, 60, verb);

  for (const verb of ["start", "rollback"] as const)
    it(`is woken at once when a person's ${verb} lets something move`, async () => {
      const world = new FakeWorld(verb === "start" ? idle() : shifting());
      const report = await wakeAnother(await reportOf(verb, world), world.ports);
      assert.equal(world.log.filter((line) => line === "wake another").length, 1);
      assert.deepEqual(report.problems, []);
    });

  it("is left alone when nothing moves", async () => {
    const world = new FakeWorld(idle());
    await wakeAnother(await reportOf("rollback", world), world.ports);
    assert.equal(world.log.includes("wake another"), false);
  });

  it("that cannot be woken is a problem that the person hears of, and no failure", async () => {
    const world = new FakeWorld(idle());
    const started = await reportOf("start", world);
    world.faults.wakeAnother = ["fails"];
    const { code, problems } = await wakeAnother(started, world.ports);
    assert.equal(code, "start");
    assert.deepEqual(problems, [
      "no other invocation could be woken (wakeAnother failed); the schedule does within a minute",
    ]);
  });
});
