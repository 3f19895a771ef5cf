import assert from "node:assert/strict";
import { serve } from "../../../lambdas/bootstrap/handler";
import { FakeWorld, FORWARD, LEGACY, prepareRequest, REVERSE, startRequest } from "./world";

/** Both clusters prepared, and the secrets rotated once, so that there are twins. */
async function preparedWorld(twins = true): Promise<FakeWorld> {
  const world = new FakeWorld();
  for (const color of ["blue", "green"] as const) {
    await serve(world.ports, prepareRequest(color));
    const { accounts } = world.cluster(color);
    for (const name of twins ? ["app", "dms_source", "dms_target"] : [])
      accounts[`${name}_clone`] = { password: "x", locked: false, grants: [] };
  }
  world.takeLog();
  return world;
}

const lockOf = (color: string, name: string) => `${color}: ALTER USER '${name}'@'%' ACCOUNT LOCK`;
const LOCKS = [
  lockOf("green", "app"),
  lockOf("green", "app_clone"),
  lockOf("blue", "dms_target"),
  lockOf("blue", "dms_target_clone"),
];
const STARTED = { verb: "start", started: [FORWARD], reason: "no task had ever run" };

describe("start", () => {
  it("first locks who must not write, then starts the task that reads the first writer", async () => {
    const world = await preparedWorld();
    assert.deepEqual(await serve(world.ports, startRequest()), STARTED);
    assert.deepEqual(world.log, [...LOCKS, "start FORWARD"]);
    assert.deepEqual(world.locked("blue"), ["dms_target", "dms_target_clone"]);
    assert.deepEqual(world.locked("green"), ["app", "app_clone"]);
  });

  it("locks twins only where there are any", async () => {
    const world = await preparedWorld(false);
    await serve(world.ports, startRequest());
    const locks = [lockOf("green", "app"), lockOf("blue", "dms_target")];
    assert.deepEqual(world.log, [...locks, "start FORWARD"]);
  });

  it("changes nothing the second time", async () => {
    const world = await preparedWorld();
    await serve(world.ports, startRequest());
    world.takeLog();
    const reason = `${FORWARD} is starting: replication has begun before, and only the controller moves it now`;
    const answer = { verb: "start", started: [], reason };
    assert.deepEqual(await serve(world.ports, startRequest()), answer);
    assert.deepEqual(world.log, []);
  });

  const OTHERS = ["starting", "running", "stopping", "stopped", "failed", "deleting", "moving"];
  for (const task of [FORWARD, REVERSE])
    for (const status of [...OTHERS, "failed-move", "what AWS thinks of next"])
      it(`changes nothing while ${task.split(":").pop()} is ${status}, and says so`, async () => {
        const world = await preparedWorld();
        world.tasks[task] = status;
        const reason = `${task} is ${status}: replication has begun before, and only the controller moves it now`;
        const answer = { verb: "start", started: [], reason };
        assert.deepEqual(await serve(world.ports, startRequest()), answer);
        assert.deepEqual([world.log, world.locked("blue"), world.locked("green")], [[], [], []]);
      });

  for (const status of ["creating", "testing", "modifying"])
    it(`waits while a task is ${status}`, async () => {
      const world = await preparedWorld();
      world.tasks[REVERSE] = status;
      let pauses = 0;
      world.onSleep = () => {
        if (++pauses === 3) world.tasks[REVERSE] = "ready";
      };
      assert.deepEqual(await serve(world.ports, startRequest()), STARTED);
      assert.equal(pauses, 3);
    });

  it("does not wait for ever, and has then done nothing", async () => {
    const world = await preparedWorld();
    world.tasks[FORWARD] = "creating";
    const message = `${FORWARD} is still creating: run this again when it is ready`;
    await assert.rejects(serve(world.ports, startRequest()), { message });
    assert.ok(world.timeLeft >= 20_000, `${world.timeLeft} ms are left to end in`);
    assert.deepEqual(world.log, []);
  });

  it("refuses a cluster that was not prepared", async () => {
    const world = new FakeWorld();
    const message =
      "arn:aws:rds:us-east-1:111122223333:cluster:green has no user app: prepare it first";
    await assert.rejects(serve(world.ports, startRequest()), { message });
    assert.deepEqual(world.log, []);
  });

  it("takes a start for done whose answer was lost", async () => {
    const world = await preparedWorld();
    world.faults[world.effects + LOCKS.length] = "unanswered";
    assert.deepEqual(await serve(world.ports, startRequest()), STARTED);
    assert.equal(world.tasks[FORWARD], "starting");
  });

  for (const fault of ["dies-before", "dies-after"] as const)
    for (let effect = 0; effect < LOCKS.length; effect++)
      it(`starts nothing when it ${fault} lock ${effect}, and the next run does it all`, async () => {
        const world = await preparedWorld();
        world.faults[world.effects + effect] = fault;
        await assert.rejects(serve(world.ports, startRequest()), /could not lock user .*: died$/);
        assert.equal(world.tasks[FORWARD], "ready");
        world.takeLog();
        assert.deepEqual(await serve(world.ports, startRequest()), STARTED);
        assert.deepEqual(world.log, [...LOCKS, "start FORWARD"]);
      });

  it("fails when the task cannot be started, and the next run does it all", async () => {
    const world = await preparedWorld();
    world.faults[world.effects + LOCKS.length] = "dies-before";
    await assert.rejects(serve(world.ports, startRequest()), /^Error: died$/);
    world.takeLog();
    assert.deepEqual(await serve(world.ports, startRequest()), STARTED);
    assert.deepEqual(world.log, [...LOCKS, "start FORWARD"]);
  });
});

describe("start with an on-premises database", () => {
  let world: FakeWorld;
  beforeEach(async () => {
    world = await preparedWorld();
    world.tasks[LEGACY] = "ready";
  });
  const appLocks = LOCKS.slice(0, 2);

  it("starts its task too, and leaves the user open as whom it writes", async () => {
    const answer = { ...STARTED, started: [LEGACY, FORWARD] };
    assert.deepEqual(await serve(world.ports, startRequest(LEGACY)), answer);
    assert.deepEqual(world.log, [...appLocks, "start LEGACY", "start FORWARD"]);
  });

  it("goes on where it ended between the two starts", async () => {
    world.faults[world.effects + appLocks.length + 1] = "dies-before";
    await assert.rejects(serve(world.ports, startRequest(LEGACY)), /died/);
    assert.equal(world.tasks[LEGACY], "starting");
    assert.deepEqual(await serve(world.ports, startRequest(LEGACY)), STARTED);
    assert.equal(world.tasks[FORWARD], "starting");
  });

  it("does not start its task again", async () => {
    world.tasks[LEGACY] = "stopped";
    assert.deepEqual(await serve(world.ports, startRequest(LEGACY)), STARTED);
    assert.equal(world.tasks[LEGACY], "stopped");
  });

  it("changes nothing once replication between the clusters has begun", async () => {
    world.tasks[REVERSE] = "running";
    await serve(world.ports, startRequest(LEGACY));
    assert.deepEqual([world.log, world.tasks[LEGACY]], [[], "ready"]);
  });
});
