import assert from "node:assert/strict";
import { serve } from "../../../lambdas/refresh/handler";
import { pass } from "../../../lambdas/refresh/pass";
import { known } from "../../../lambdas/refresh/ports";
import { type Random, seededRandom } from "../../../simulation/random";
import { MINUTE } from "../../support/facts";
import { serviceNamed, taskNamed } from "./facts";
import { FakeWorld, type Fault } from "./world";

/**
 * Goal: whatever happens, and wherever processes die, nobody is disturbed who must not be, and once
 * things calm down every consumer comes to use the current credentials. Method: first chaos, of
 * which each seed makes another, then quiet. The world itself notes what is forbidden.
 */

const SEEDS = 200;
const CHAOS_ROUNDS = 60;
/** Four consumers, one at a time, one invocation each; and as many for what chaos left behind. */
const QUIET_ROUNDS = 12;
const INTERVAL = 15 * MINUTE;

const FAULTS: Fault[] = ["fails", "lost", "unanswered", "dies"];
const PHASES = ["idle", "idle", "idle", "rolled-back", "shifting", "rolling-back"];
const READS = ["phase", "secrets", "services", "tasks"];

function newWorld(): FakeWorld {
  return new FakeWorld([
    serviceNamed("blue", "blue-app", "green-app"),
    serviceNamed("green", "blue-app", "green-app"),
    taskNamed("forward", "blue-source", "green-target"),
    taskNamed("reverse", "green-source", "blue-target"),
  ]);
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** What the rest of the world does between two invocations. */
function disturb(world: FakeWorld, random: Random): void {
  if (random() < 0.3) world.phase = known(pick(random, PHASES));
  for (const arn of Object.keys(world.rotatedAt))
    if (random() < 0.04) world.rotatedAt[arn] = world.now - Math.floor(random() * INTERVAL);
  for (const arn of Object.keys(world.services)) if (random() < 0.04) world.deploy(arn);
  for (const arn of Object.keys(world.tasks)) {
    const { status, markedAt } = world.task(arn);
    if (markedAt !== undefined) continue;
    if (status === "running" && random() < 0.05) world.stopTask(arn);
    if (status === "stopped" && random() < 0.3) world.startTask(arn);
  }
  world.faults.length = 0;
  while (random() < 0.6) world.faults.push(random() < 0.4 ? pick(random, FAULTS) : undefined);
  for (const read of READS) world.unreadable[read] = random() < 0.03;
}

/** One invocation, which may die; in the middle of it a cutover may begin. */
async function invoke(world: FakeWorld, random: Random): Promise<void> {
  const end = world.now + 300_000;
  const context = { getRemainingTimeInMillis: () => end - world.now };
  world.alive = true;
  world.beforeCall = async () => {
    if (random() < 0.02) world.phase = known("shifting");
    if (random() < 0.01) world.alive = false;
    if (!world.alive) throw new Error("the process is dead");
  };
  await serve(world.ports, world.consumers, context).catch(() => {});
}

/** Two passes at once, as when an event is delivered twice; their calls come in any order. */
async function invokeTwice(world: FakeWorld, random: Random): Promise<void> {
  world.alive = true;
  world.beforeCall = async () => {
    for (let turns = Math.floor(random() * 40); turns > 0; turns--) await undefined;
  };
  world.faults.length = 0;
  await Promise.all([pass(world.ports, world.consumers), pass(world.ports, world.consumers)]);
}

async function chaos(world: FakeWorld, random: Random): Promise<void> {
  for (let round = 0; round < CHAOS_ROUNDS; round++) {
    const next = world.now + INTERVAL;
    disturb(world, random);
    await (random() < 0.2 ? invokeTwice : invoke)(world, random);
    world.pass(next - world.now);
  }
}

/** Nothing fails any more, no cutover runs, and who was stopped by others is started by them. */
async function quiet(world: FakeWorld): Promise<void> {
  world.phase = known("idle");
  world.faults.length = 0;
  for (const read of READS) world.unreadable[read] = false;
  world.beforeCall = async () => {};
  world.pass(INTERVAL);
  for (let round = 0; round < QUIET_ROUNDS; round++) {
    const end = world.now + 300_000;
    for (const [arn, { status, markedAt }] of Object.entries(world.tasks))
      if (markedAt === undefined && status === "stopped") world.startTask(arn);
    world.alive = true;
    const context = { getRemainingTimeInMillis: () => end - world.now };
    const served = serve(world.ports, world.consumers, context);
    // It complains of what chaos held up, and must have nothing to complain of in the end.
    await (round < QUIET_ROUNDS - 1 ? served.catch(() => {}) : served);
    world.pass(INTERVAL);
  }
}

/** Consumers that still use replaced credentials, are not running, or carry the tag. */
function unserved(world: FakeWorld): string[] {
  return world.consumers.flatMap((consumer) => {
    const rotations = consumer.secretArns.map((arn) => world.rotatedAt[arn] ?? 0);
    if (consumer.kind === "service") {
      const service = world.services[consumer.serviceArn];
      return service && service.startedAt > Math.max(...rotations) ? [] : [consumer.name];
    }
    const { status, startedAt, markedAt } = world.task(consumer.taskArn);
    const served = status === "running" && markedAt === undefined;
    return served && startedAt > Math.max(...rotations) ? [] : [consumer.name];
  });
}

describe("the refresh in chaos", () => {
  const { log } = console;
  const effects: { [effect: string]: number } = {};
  before(() => {
    console.log = () => {};
  });
  after(() => {
    console.log = log;
  });

  it(`disturbs nobody wrongly, and serves all once it is quiet, for ${SEEDS} seeds`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = newWorld();
      const random = seededRandom(seed);
      await chaos(world, random);
      await quiet(world);
      assert.deepEqual(world.violations, [], `seed ${seed}`);
      assert.deepEqual(unserved(world), [], `seed ${seed}`);
      for (const effect of world.log) effects[effect] = (effects[effect] ?? 0) + 1;
    }
  });

  it("was chaos enough: each effect came about, and each that came too late", () => {
    for (const kind of ["mark", "stop", "stop", "resume", "unmark"])
      for (const name of ["FORWARD", "REVERSE"])
        assert.ok((effects[`${kind} ${name}`] ?? 0) > SEEDS, `${kind} ${name}`);
    for (const name of ["blue", "green"])
      assert.ok((effects[`restart ${name}`] ?? 0) > SEEDS, `restart ${name}`);
    for (const late of ["stop FORWARD, changed", "resume FORWARD, changed"])
      assert.ok((effects[late] ?? 0) > 0, late);
    const given = (effects["mark FORWARD"] ?? 0) - (effects["stop FORWARD"] ?? 0);
    assert.ok(given > 10, `only ${given} intents without a stop`);
  });
});
