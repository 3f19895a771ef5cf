import assert from "node:assert/strict";
import { type PassReport, pass } from "../../../lambdas/switchover/pass";
import { unknown } from "../../../lambdas/switchover/ports";
import type { SwitchoverFacts } from "../../../lambdas/switchover/state";
import { clean } from "./answers";
import { NOW } from "./facts";
import { FakeClusters } from "./fakePorts";

type Request = NonNullable<SwitchoverFacts["request"]>;
const START: Request = { verb: "start", who: "alice", why: "a test", markerId: "the marker" };

async function run(world: FakeClusters, request?: Request): Promise<PassReport> {
  const options = {
    administrators: ["payments_admin", "paymentsmaster"],
  };
  const { report } = await pass(world.ports, { ...options, ...(request && { request }) });
  return report;
}

/** Clusters in which somebody has just begun to switch over to green. */
async function fencing(): Promise<FakeClusters> {
  const world = new FakeClusters();
  world.clusters.green.beatAt = NOW;
  assert.equal((await run(world, START)).code, "start");
  return world;
}

describe("a pass of the switchover", () => {
  it("stores the intent, then acts", async () => {
    const world = await fencing();
    assert.deepEqual(world.log, ["store start", "fence blue"]);
    assert.deepEqual(world.state.phase.name, "fencing");
  });

  it("leaves messages to its caller: payments wait", async () => {
    const world = await fencing();
    assert.deepEqual(world.messages, []);
  });

  it("records who asked, and else the controller", async () => {
    const world = await fencing();
    await run(world);
    const told = world.records.map(({ code, who, epoch, phase }) => [code, who, epoch, phase]);
    assert.deepEqual(told, [
      ["start", "alice", 1, "fencing"],
      ["fence", "controller", 1, "fenced"],
    ]);
  });

  it("begins with the writer that applications know where nothing was ever stored", async () => {
    const world = new FakeClusters();
    const { code, writer } = await run(world);
    assert.deepEqual([code, writer, world.stored?.version], ["rest", "blue", 1]);
  });

  it("begins with none, and touches nothing, where that is unknown", async () => {
    const world = new FakeClusters();
    world.ports.writer.read = async () => unknown("no answer");
    await assert.rejects(run(world), /the first writer is unknown: no answer/);
    assert.deepEqual(world.log, []);
  });

  it("stores no hold that repeats the last one and does nothing", async () => {
    const world = new FakeClusters();
    await run(world);
    await run(world);
    assert.deepEqual(world.log, ["store rest"]);
  });

  it("stores each try that acts, and puts on record only the first", async () => {
    const world = await fencing();
    world.faults["fence blue"] = "unknown";
    world.clusters.blue.readOnly = false;
    await run(world);
    world.clusters.blue.readOnly = false;
    const { problems } = await run(world);
    assert.equal(world.state.version, 3);
    assert.deepEqual(
      world.records.map(({ code }) => code),
      ["start", "hold-fencing"],
    );
    assert.deepEqual(problems, ["set-read-only (on) in blue: it is unknown whether that was done"]);
  });

  for (const outcome of ["conflict", "unknown"] as const)
    it(`does nothing when the store answers ${outcome}`, async () => {
      const world = await fencing();
      world.log.length = 0;
      world.storeOutcomes = [outcome];
      const { code, phase } = await run(world);
      assert.deepEqual([code, phase], [`store-${outcome}`, "fencing"]);
      assert.deepEqual(world.log, []);
    });

  it("goes on with the next act when one is refused, and tells of it", async () => {
    const world = await fencing();
    world.faults["lock blue application+migration"] = "fails";
    const { problems } = await run(world);
    assert.deepEqual(problems, ["set-locked (on) in blue failed: refused"]);
    assert.ok(world.log.includes("kill blue application+migration"));
  });

  it("begins no act 10 s after it was decided on", async () => {
    const world = await fencing();
    world.log.length = 0;
    const { databases } = world.ports;
    const { setLocked } = databases.blue;
    databases.blue.setLocked = (...all) => {
      world.now += 10_001;
      return setLocked(...all);
    };
    const { problems } = await run(world);
    assert.deepEqual(world.log, ["store fence", "lock blue application+migration"]);
    assert.equal(problems.length, 2);
    assert.match(problems.join(), /end-sessions of blue was left out.*too late/);
  });

  it("counts a lease from the decision, not from before it has read everything", async () => {
    const world = await fencing();
    const { databases } = world.ports;
    const { readFence } = databases.green;
    databases.green.readFence = () => {
      world.now += 4_000;
      return readFence();
    };
    const began = world.now;
    await run(world, { ...START, verb: "abort" });
    assert.equal(world.state.phase.name, "aborting");
    assert.ok(world.state.opensUntil >= began + 4_000 + 75_000, String(world.state.opensUntil));
  });

  it("takes a question that a port rejects for unanswered", async () => {
    const world = await fencing();
    world.ports.databases.blue.readFence = () => Promise.reject(new Error("broken"));
    const { code, reason } = await run(world);
    assert.equal(code, "hold-fencing");
    assert.match(reason, /the fence is unknown \(Error: broken\)/);
  });

  it("asks for the pre-flight only when somebody wants to start", async () => {
    const world = await fencing();
    world.answers = { ...clean(), events: { known: true, value: [["payments.purge"]] } };
    assert.equal((await run(world)).code, "fence");
    const other = new FakeClusters();
    other.clusters.green.beatAt = NOW;
    other.answers = world.answers;
    const { code, reason } = await run(other, START);
    assert.equal(code, "refuse");
    assert.match(reason, /events \(in blue\): event payments\.purge may write .*; drop it/);
    assert.equal(other.records[0]?.who, "alice");
  });

  it("refuses to move the writer to where it is", async () => {
    const world = new FakeClusters();
    const { reason } = await run(world, { ...START, to: "blue" });
    assert.match(reason, /blue takes all writes already/);
  });

  it("refuses a second start, and touches nothing", async () => {
    const world = await fencing();
    world.log.length = 0;
    const { code, reason } = await run(world, START);
    assert.deepEqual(
      [code, reason, world.log],
      ["refuse", "Refused to start: a switchover is fencing already.", ["store refuse"]],
    );
  });

  it("reports since when payments wait", async () => {
    const world = await fencing();
    const { startedAt, writer } = await run(world);
    assert.deepEqual([startedAt, writer], [NOW, "blue"]);
  });
});
