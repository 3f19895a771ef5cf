import assert from "node:assert/strict";
import { COLORS } from "../../../lambdas/cutover/contract";
import { FAULTS, type Fault, SwitchoverWorld } from "./world";

/** Passes of one story: there, a wait for old statements, and back. */
const PASSES = 44;
/** Passes between a fault and the one after it, at most. */
const APART = 7;

type Faults = { [pass: number]: Fault };

/** Plays a story, and what comes after it until all that is late has come. */
function play(faults: Faults, passes = PASSES): SwitchoverWorld {
  const world = new SwitchoverWorld();
  for (let pass = 0; pass < passes; pass++) world.pass(faults[pass]);
  return world;
}

function* oneFault(): Generator<Faults> {
  for (let pass = 0; pass < PASSES; pass++) for (const fault of FAULTS) yield { [pass]: fault };
}

function* twoFaults(): Generator<Faults> {
  for (let pass = 0; pass < PASSES / 2; pass++)
    for (const first of FAULTS)
      for (let apart = 1; apart <= APART; apart++)
        for (const second of FAULTS) yield { [pass]: first, [pass + apart]: second };
}

/**
 * Goal: whatever happens to statements, readings and databases, no payment is lost and no two
 * clusters take payments. Method: the decisions on two clusters in memory, in every story with one
 * fault at any pass, and with two near each other, held against rules that know nothing of them.
 */
describe("a switchover in a world with faults", function () {
  this.timeout(120_000);

  it("goes there and back when nothing goes wrong, through each step", () => {
    const world = play({});
    assert.deepEqual(world.broken, []);
    const steps = world.visited.filter((name, index) => name !== world.visited[index - 1]);
    const way = [
      "fencing",
      "fenced",
      "draining",
      "drained",
      "sealed",
      "opening",
      "reversing",
      "steady",
    ];
    assert.deepEqual(steps.slice(0, 16), [...way, ...way]);
  });

  for (const [name, stories, atLeast] of [
    ["one fault", oneFault, 400],
    ["two faults", twoFaults, 15_000],
  ] as const)
    it(`loses nothing and opens one writer at a time with ${name}`, () => {
      let played = 0;
      for (const faults of stories()) {
        const { broken } = play(faults);
        assert.deepEqual(broken, [], JSON.stringify(faults));
        played++;
      }
      assert.ok(played >= atLeast, `${played} stories`);
    });

  it("comes to rest with one open writer after any fault", () => {
    for (const faults of oneFault()) {
      const world = play(faults);
      let rested = false;
      for (let pass = 0; pass < 40 && !rested; pass++) {
        world.pass();
        const { name } = world.state.phase;
        const open = COLORS.filter((color) => world.canWrite(color));
        rested = (name === "prepared" || name === "steady") && open.length === 1;
      }
      assert.ok(rested, `${JSON.stringify(faults)}: ${world.visited}`);
    }
  });
});
