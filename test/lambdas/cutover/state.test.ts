import assert from "node:assert/strict";
import { initialState, parseState, standby } from "../../../lambdas/cutover/state";
import { idle, latched, rollingBack, shifting } from "../../support/facts";

describe("initialState", () => {
  it("gives the live color everything, and has never been stored", () => {
    const { version, live, weights, phase } = initialState("green");
    assert.deepEqual([version, live, phase.name], [0, "green", "idle"]);
    assert.deepEqual(weights, { blue: 0, green: 100 });
  });

  it("has the other color on standby", () => {
    assert.deepEqual([standby(idle("blue")), standby(idle("green"))], ["green", "blue"]);
  });
});

describe("parseState", () => {
  for (const state of [initialState("blue"), shifting(), rollingBack(), latched()])
    it(`reads back what was stored while ${state.phase.name}`, () => {
      assert.deepEqual(parseState(JSON.stringify(state)), state);
    });

  for (const schemaVersion of [0, 3, undefined])
    it(`does not read schema version ${schemaVersion}, and says what to do`, () => {
      const text = JSON.stringify({ ...idle(), schemaVersion });
      const message = new RegExp(
        `schema version ${schemaVersion}, this controller reads 2: deploy the controller that wrote it`,
      );
      assert.throws(() => parseState(text), message);
    });

  it("reads what a controller stored that knew no pause, and stores it in the new shape", () => {
    const stored = { ...shifting(), schemaVersion: 1 };
    assert.deepEqual(parseState(JSON.stringify(stored)), { ...stored, schemaVersion: 2 });
  });

  it("does not read what is no JSON", () => {
    assert.throws(() => parseState("{"), SyntaxError);
  });
});
