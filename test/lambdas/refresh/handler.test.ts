import assert from "node:assert/strict";
import { serve } from "../../../lambdas/refresh/handler";
import type { PassReport } from "../../../lambdas/refresh/pass";
import { known } from "../../../lambdas/refresh/ports";
import { MINUTE } from "../../support/facts";
import { HOUR, ROTATED, secretArn, serviceNamed, taskNamed } from "./facts";
import { FakeWorld } from "./world";

const BLUE = serviceNamed("blue", "app");
const GREEN = serviceNamed("green", "app");
const FORWARD = taskNamed("forward", "replication");

/** A world in which these secrets were rotated an hour ago. */
function worldAfter(...rotated: string[]): FakeWorld {
  const world = new FakeWorld([BLUE, GREEN, FORWARD]);
  for (const name of rotated) world.rotatedAt[secretArn(name)] = ROTATED;
  return world;
}

/** One invocation that has `seconds` left when it begins, and what it wrote to its log. */
async function invoke(world: FakeWorld, seconds = 300): Promise<PassReport[]> {
  const end = world.now + seconds * 1000;
  const context = { getRemainingTimeInMillis: () => end - world.now };
  const reports: PassReport[] = [];
  const { log } = console;
  console.log = (text: string) => reports.push(JSON.parse(text));
  world.alive = true;
  try {
    await serve(world.ports, world.consumers, context);
    return reports;
  } finally {
    console.log = log;
  }
}

describe("an invocation", () => {
  it("does nothing when nothing was rotated", async () => {
    const world = worldAfter();
    const [report, ...more] = await invoke(world);
    assert.deepEqual(more, []);
    assert.deepEqual(report, {
      at: world.now,
      code: "current",
      reason: "All consumers use the current credentials.",
      problems: [],
      doubts: [],
      again: false,
    });
    assert.deepEqual([world.log, world.messages], [[], []]);
  });

  it("restarts one service, tells people, and leaves the other for a later one", async () => {
    const world = worldAfter("app");
    await invoke(world);
    assert.deepEqual(world.takeLog(), ["restart blue"]);
    assert.match(
      world.messages.join(),
      /^Restart the blue service: it began .*, and its credentials were rotated .*\.$/,
    );
    await invoke(world);
    assert.deepEqual(world.takeLog(), []);
    world.pass(15 * MINUTE);
    await invoke(world);
    assert.deepEqual(world.takeLog(), ["restart green"]);
    world.pass(15 * MINUTE);
    await invoke(world);
    assert.deepEqual(world.takeLog(), []);
  });

  it("stops a task and starts it again by itself, about a minute later", async () => {
    const world = worldAfter("replication");
    const before = world.now;
    const reports = await invoke(world);
    assert.deepEqual(world.log, [
      "mark FORWARD",
      "stop FORWARD",
      "resume FORWARD",
      "unmark FORWARD",
    ]);
    assert.deepEqual(
      world.messages.map((message) => message.split(":")[0]),
      [
        "Stop the forward replication, to start it again",
        "Start the forward replication again",
        "the forward replication uses the current credentials",
      ],
    );
    assert.ok(world.now - before <= 80_000, `${world.now - before}`);
    assert.equal(reports[reports.length - 1]?.code, "finish");
  });

  it("ends in time, and the next one goes on", async () => {
    const world = worldAfter("replication");
    await invoke(world, 40);
    assert.deepEqual(world.takeLog(), ["mark FORWARD", "stop FORWARD"]);
    world.pass(15 * MINUTE);
    await invoke(world, 40);
    assert.deepEqual(world.takeLog(), ["resume FORWARD"]);
    world.pass(15 * MINUTE);
    await invoke(world, 40);
    assert.deepEqual(world.takeLog(), ["unmark FORWARD"]);
  });

  it("goes on just as long as a pass can still end", async () => {
    const world = worldAfter("replication");
    const before = world.now;
    await invoke(world, 50.001);
    assert.equal(world.now - before, 20_000);
  });

  it("starts its own task though a cutover has begun", async () => {
    const world = worldAfter("replication", "app");
    world.deploy(BLUE.serviceArn);
    world.deploy(GREEN.serviceArn);
    world.pass(10 * MINUTE);
    await invoke(world, 40);
    world.phase = known("shifting");
    await invoke(world);
    assert.deepEqual(world.log.slice(2), ["resume FORWARD", "unmark FORWARD"]);
  });
});

describe("an invocation that meets trouble", () => {
  it("does not stop a task when it does not know whether the intent is on record", async () => {
    for (const fault of ["lost", "unanswered"] as const) {
      const world = worldAfter("replication");
      world.faults.push(fault);
      const [first] = await invoke(world, 40);
      assert.ok(!world.log.includes("stop FORWARD"));
      assert.deepEqual(first?.doubts, ["It is unknown whether mark-task was done."]);
      assert.match(world.messages[0] ?? "", /Stop the forward .*It is unknown whether mark-task/);
    }
  });

  it("goes on from what it finds when a stop was not answered", async () => {
    const world = worldAfter("replication");
    world.faults.push(undefined, "unanswered");
    await invoke(world);
    assert.deepEqual(world.log.slice(2), ["resume FORWARD", "unmark FORWARD"]);
  });

  it("tries a start that failed again, tells people of it once, and fails in the end", async () => {
    const world = worldAfter("replication");
    world.faults.push(undefined, undefined, "fails", "fails");
    const problem =
      "Start the forward replication again: it was stopped for a refresh. This failed: Error: it was refused";
    await assert.rejects(invoke(world), { message: problem });
    assert.deepEqual(world.log.slice(2), ["resume FORWARD", "unmark FORWARD"]);
    assert.equal(world.messages.filter((message) => message.startsWith("Start")).length, 1);
  });

  it("says nothing to people of what somebody else had done already", async () => {
    const world = worldAfter("replication");
    await invoke(world, 40);
    world.pass(MINUTE);
    const read = world.ports.tasks.read;
    world.ports.tasks.read = async (arn) => {
      const facts = await read(arn);
      world.startTask(arn);
      return facts;
    };
    const [report] = await invoke(world, 40);
    assert.deepEqual(report?.doubts, [
      "resume-task was refused: the state has changed since it was seen.",
    ]);
    assert.equal(world.messages.length, 1);
  });

  it("does not let a task wait because people cannot be told, and fails in the end", async () => {
    const world = worldAfter("replication");
    world.notifierFails = true;
    await assert.rejects(invoke(world), /people were not told \(Error: the topic is gone\): Stop/);
    assert.deepEqual(world.log.slice(2), ["resume FORWARD", "unmark FORWARD"]);
  });

  it("fails for a task that failed under it, and touches nothing any more", async () => {
    const world = worldAfter("replication");
    await invoke(world, 40);
    world.task(FORWARD.taskArn).broken = true;
    await assert.rejects(invoke(world), {
      message: "the forward replication: it failed while it was refreshed: no reason given",
    });
    world.takeLog();
    world.rotatedAt[secretArn("app")] = world.now - HOUR;
    await assert.rejects(invoke(world), /failed while it was refreshed/);
    assert.deepEqual(world.takeLog(), []);
  });

  for (const what of ["phase", "secrets", "services", "tasks"])
    it(`fails, and begins nothing, when ${what} cannot be read`, async () => {
      const world = worldAfter("app", "replication");
      world.unreadable[what] = true;
      await assert.rejects(invoke(world), new RegExp(`Error: ${what} cannot be read`));
      assert.deepEqual(world.log, []);
    });
});
