import assert from "node:assert/strict";
import { observe } from "../../../lambdas/refresh/observe";
import { known, unknown } from "../../../lambdas/refresh/ports";
import { BEFORE, ROTATED, secretArn, serviceNamed, taskNamed } from "./facts";
import { FakeWorld } from "./world";

const BLUE = serviceNamed("blue", "first", "second");
const FORWARD = taskNamed("forward", "second", "third");

function newWorld(): FakeWorld {
  return new FakeWorld([BLUE, FORWARD]);
}

/** When the last secret of each consumer was rotated. */
async function rotations(world: FakeWorld) {
  const { sightings } = await observe(world.ports, world.consumers);
  return sightings.map(({ rotatedAt }) => rotatedAt);
}

describe("observe", () => {
  it("sees the time, the cutover's phase, and each consumer in order", async () => {
    const world = newWorld();
    world.phase = known("shifting");
    const rotatedAt = known(undefined);
    const seen = await observe(world.ports, world.consumers);
    assert.deepEqual([seen.now, seen.cutoverPhase], [world.now, known("shifting")]);
    assert.deepEqual(
      seen.sightings.map(({ kind, consumer, rotatedAt }) => [kind, consumer, rotatedAt]),
      [
        ["service", BLUE, rotatedAt],
        ["replicationTask", FORWARD, rotatedAt],
      ],
    );
    for (const { facts } of seen.sightings)
      assert.ok(facts.known && facts.value.startedAt === BEFORE);
  });

  it("takes the last rotation of several secrets, in whichever order", async () => {
    const world = newWorld();
    world.rotatedAt[secretArn("first")] = ROTATED;
    world.rotatedAt[secretArn("second")] = BEFORE;
    assert.deepEqual(await rotations(world), [known(ROTATED), known(BEFORE)]);
    world.rotatedAt[secretArn("third")] = ROTATED;
    assert.deepEqual(await rotations(world), [known(ROTATED), known(ROTATED)]);
  });

  it("does not know the last rotation as long as it does not know one of them", async () => {
    const world = newWorld();
    const { readRotatedAt } = world.ports.secrets;
    world.rotatedAt[secretArn("second")] = ROTATED;
    world.ports.secrets.readRotatedAt = async (arn) =>
      arn === secretArn("third") ? unknown("no answer") : readRotatedAt(arn);
    assert.deepEqual(await rotations(world), [known(ROTATED), unknown("no answer")]);
  });

  it("makes unknown what fails to be read, with the reason, and reads all the rest", async () => {
    const world = newWorld();
    world.unreadable.tasks = true;
    world.unreadable.phase = true;
    const { cutoverPhase, sightings } = await observe(world.ports, world.consumers);
    assert.deepEqual(cutoverPhase, unknown("Error: phase cannot be read"));
    assert.equal(sightings[0]?.facts.known, true);
    assert.deepEqual(sightings[1]?.facts, unknown("Error: tasks cannot be read"));
  });
});
