import assert from "node:assert/strict";
import { DEFAULT_LIMITS, type Verb } from "../../../lambdas/cutover/contract";
import { type CutoverState, parseState, SCHEMA_VERSION } from "../../../lambdas/cutover/state";
import { MINUTE, request } from "../../support/facts";
import { readHistories } from "../../support/histories";
import { watchedWorld } from "../../support/watchedWorld";

/**
 * Goal: a controller that is deployed in mid-cutover reads what the one before it stored, and brings
 * it to an end. Method: what controllers of each shape really stored is replayed, state by state.
 */

const histories = readHistories();

/** What a person does about a state that waits for one. */
function help({ phase }: CutoverState): Verb | undefined {
  if (phase.name !== "shifting") return undefined;
  const { pausedBy, approvalAsked, approvedBy } = phase.cutover;
  if (pausedBy !== undefined) return "resume";
  return approvalAsked && approvedBy === undefined ? "approve" : undefined;
}

/** What people had asked for, and the state keeps. */
function askedBefore({ phase }: CutoverState): Verb[] {
  if (phase.name !== "shifting") return [];
  const { approvedBy, bakeSkipped } = phase.cutover;
  return [
    ...(approvedBy ? (["approve"] as const) : []),
    ...(bakeSkipped ? (["skip-bake"] as const) : []),
  ];
}

/** Goes on from that state, ten seconds after it was stored, with all well. Resolves to the end. */
async function goOn(state: CutoverState, storedAt: number): Promise<CutoverState> {
  const { world, checker, alone } = watchedWorld(state);
  world.now = storedAt;
  for (const verb of askedBefore(state)) checker.sawRequest(request(verb));
  world.pass(10_000);
  const endsAt = world.now + 3 * 60 * MINUTE;
  for (; world.now < endsAt; world.pass(MINUTE / 2)) {
    await alone(help(world.state));
    checker.throwIfBroken();
    if (["idle", "rolled-back"].includes(world.state.phase.name)) break;
  }
  assert.deepEqual(world.weights, world.state.weights);
  return world.state;
}

/** Where a state has to lead to when all is well. */
function dueEnd({ phase, live }: CutoverState): [phase: string, live: string] {
  if (phase.name === "shifting") return ["idle", phase.cutover.target];
  return [phase.name === "rolling-back" ? "rolled-back" : phase.name, live];
}

/** What a plan of shapes 1 and 2 does not say. */
function withNewLimits(state: CutoverState): CutoverState {
  const { phase } = state;
  // Clients have been led by none of the recorded controllers.
  if (!("cutover" in phase)) return state;
  const { plan } = phase.cutover;
  const limits = { ...DEFAULT_LIMITS, ...plan.limits };
  return {
    ...state,
    phase: { ...phase, cutover: { ...phase.cutover, plan: { ...plan, limits } } },
  };
}

describe("histories", () => {
  it("are there for each shape that this controller reads", () => {
    const shapes = new Set(histories.map(([, { schemaVersion }]) => schemaVersion));
    assert.deepEqual(
      [...shapes].sort(),
      Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1),
    );
  });

  it("have every phase of each shape", () => {
    for (let shape = 1; shape <= SCHEMA_VERSION; shape++) {
      const phases = histories
        .filter(([, { schemaVersion }]) => schemaVersion === shape)
        .flatMap(([, { stored }]) => stored.map(({ body }) => parseState(body).phase.name));
      assert.equal(new Set(phases).size, 4, `shape ${shape}: ${[...new Set(phases)].join(", ")}`);
    }
  });

  for (const [name, { schemaVersion, stored }] of histories)
    describe(name, () => {
      it("is read as it was stored, in today's shape", () => {
        assert.ok(stored.length > 4, `${stored.length} states`);
        for (const { body } of stored) {
          const written = JSON.parse(body) as CutoverState;
          assert.equal(written.schemaVersion, schemaVersion);
          const asOfToday = { ...written, schemaVersion: SCHEMA_VERSION };
          assert.deepEqual(parseState(body), withNewLimits(asOfToday));
        }
      });

      it("goes on from each state to its end, and breaks nothing", async () => {
        for (const { body, record } of stored) {
          const state = parseState(body);
          const { phase, live } = await goOn(state, record.at);
          assert.deepEqual([phase.name, live], dueEnd(state), `${record.code}: ${body}`);
        }
      });
    });
});
