import assert from "node:assert/strict";
import { MINUTE } from "../support/facts";
import { everyWay, type Pass, type Scene, type Stage } from "../support/interleavings";
import { withMutant } from "../support/mutant";

/**
 * Goal: however two invocations interleave, and whatever one of them suffers at one call, nothing is
 * broken and things come to an end. Method: go every way there is, instead of some by chance.
 */

async function idle({ alone }: Stage): Promise<void> {
  await alone();
}

/** The first step has baked: the next pass promotes. */
async function ready({ world, alone }: Stage): Promise<void> {
  await alone("start");
  world.pass(MINUTE);
  await alone();
  world.pass(5 * MINUTE);
}

/** The last step has baked: the next pass completes. */
async function lastStep(stage: Stage): Promise<void> {
  await ready(stage);
  for (let step = 2; step <= 3; step++) {
    await stage.alone();
    stage.world.pass(MINUTE);
    await stage.alone();
    stage.world.pass(5 * MINUTE);
  }
}

/** The first step's weights were changed by somebody else. */
async function touched(stage: Stage): Promise<void> {
  await ready(stage);
  stage.world.weights = { blue: 63, green: 37 };
  stage.checker.sawChangedByHand();
  stage.checker.sawInPlace(stage.world.weights);
}

async function latched({ world, alone }: Stage): Promise<void> {
  await alone("start");
  await alone("rollback");
  world.pass(MINUTE);
  assert.equal((await alone()).phase, "rolled-back");
}

const asks =
  (verb: Parameters<Pass>[0]) =>
  (pass: Pass, { checker }: Stage) => {
    if (verb !== undefined) checker.sawRequest({ verb, who: "alice", why: "release 42" });
    return pass(verb);
  };
const passes = asks(undefined);

/** A person takes everything back, and the schedule's pass comes nine seconds later. */
async function asksAndPasses(pass: Pass, stage: Stage): Promise<void> {
  await asks("rollback")(pass, stage);
  stage.world.pass(9_000);
  await pass();
}

type Codes = string[];

function nothingBroken({ world, checker }: Stage): void {
  checker.throwIfBroken();
  assert.deepEqual(world.weights, world.state.weights);
}

/** Nothing was broken, and, once a rollback is on record, everything is back and latched. */
function rolledBackIfRecorded(stage: Stage): void {
  nothingBroken(stage);
  const codes: Codes = stage.world.records.map(({ code }) => code);
  if (codes.includes("roll-back")) assert.equal(stage.world.state.phase.name, "rolled-back");
}

type Row = [it: string, Omit<Scene, "troubles" | "check">, check: Scene["check"]];

const SCENES: Row[] = [
  [
    "two starts",
    { prepare: idle, invocations: [asks("start"), asks("start")] },
    (stage) => {
      nothingBroken(stage);
      const starts = stage.world.records.filter(({ code }) => code === "start");
      assert.ok(starts.length <= 1);
    },
  ],
  [
    "a promotion and a person's rollback",
    { prepare: ready, invocations: [passes, asks("rollback")] },
    rolledBackIfRecorded,
  ],
  [
    "a completion and a person's rollback",
    { prepare: lastStep, invocations: [passes, asks("rollback")] },
    rolledBackIfRecorded,
  ],
  [
    "weights set again and a person's rollback",
    { prepare: touched, invocations: [passes, asks("rollback")] },
    rolledBackIfRecorded,
  ],
  [
    "a promotion and a pause",
    { prepare: ready, invocations: [passes, asks("pause")] },
    // Weights that were not set when the pause began are left to people.
    (stage) => {
      stage.checker.throwIfBroken();
      const codes: Codes = stage.world.records.map(({ code }) => code);
      const after = codes.slice(codes.indexOf("pause") + 1);
      assert.ok(!codes.includes("pause") || !after.includes("promote"), codes.join(", "));
    },
  ],
  [
    "a clearing and a start",
    { prepare: latched, invocations: [asks("clear"), asks("start")] },
    nothingBroken,
  ],
];

/** A way that breaks something is named, so that it can be gone again. */
function naming(check: Scene["check"]): Scene["check"] {
  return (stage, way) => {
    try {
      check(stage, way);
    } catch (error) {
      throw new Error(`${way.join(", ")}: ${error instanceof Error ? error.message : error}`);
    }
  };
}

describe("every way through", () => {
  for (const [sentence, scene, check] of SCENES)
    it(`${sentence}, with one call going wrong`, async () => {
      const ways = await everyWay({ ...scene, troubles: true, check: naming(check) });
      assert.ok(ways > 200, `${ways} ways`);
    });

  const stalling: Scene = {
    prepare: ready,
    invocations: [passes, asksAndPasses],
    troubles: false,
    check: naming(rolledBackIfRecorded),
  };

  it("a promotion that stands still anywhere, and a rollback and the pass after it", async () => {
    const ways = await everyWay(stalling);
    assert.ok(ways > 200, `${ways} ways`);
  });

  for (const [mistake, file, from, to] of [
    [
      "puts no lease on record",
      "lease",
      "return { ...next, actsUntil: Math.max(next.actsUntil ?? 0, until) };",
      "return next;",
    ],
    [
      "puts a lease on record that is too short",
      "lease",
      "const until = decidedAt + LEASE_MILLISECONDS;",
      "const until = decidedAt + 1_000;",
    ],
    [
      "acts although its decision was not stored",
      "tick",
      'if (outcome !== "saved") return',
      'if (outcome === "unknown") return',
    ],
  ] as const)
    it(`finds a controller that ${mistake}`, async () => {
      const find = () => everyWay(stalling);
      await assert.rejects(
        withMutant({ mistake, file: `cutover/${file}`, from, to }, find),
        / goes on.*: .*weights/,
      );
    });
});
