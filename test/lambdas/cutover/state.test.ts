import assert from "node:assert/strict";
import type { Limits } from "../../../lambdas/cutover/contract";
import { initialState, parseState, standby } from "../../../lambdas/cutover/state";
import { idle, latched, PLAN, rollingBack, shifting } from "../../support/facts";

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

  for (const schemaVersion of [0, 4, undefined])
    it(`does not read schema version ${schemaVersion}, and says what to do`, () => {
      const text = JSON.stringify({ ...idle(), schemaVersion });
      const message = new RegExp(
        `schema version ${schemaVersion}, this controller reads 3: deploy the controller that wrote it`,
      );
      assert.throws(() => parseState(text), message);
    });

  it("reads what a controller stored that knew no pause, and stores it in the new shape", () => {
    const stored = { ...shifting(), schemaVersion: 1 };
    assert.deepEqual(parseState(JSON.stringify(stored)), { ...stored, schemaVersion: 3 });
  });

  it("gives the plan of an older controller the limits that it did not know", () => {
    const limits = { maxErrorsPerThousand: 5, minimumPayments: 100, longestHoldMinutes: 10 };
    const plan = { ...PLAN, limits: limits as Limits };
    for (const schemaVersion of [1, 2]) {
      const stored = { ...shifting({ plan }), schemaVersion };
      const { phase } = parseState(JSON.stringify(stored));
      assert.ok(phase.name === "shifting");
      const { limits: read } = phase.cutover.plan;
      assert.deepEqual(read, {
        ...limits,
        maxP99Milliseconds: 500,
        releasesPerFalseRollback: 1000,
        stepsPerFalsePromotion: 20,
      });
    }
  });

  it("does not read what is no JSON", () => {
    assert.throws(() => parseState("{"), SyntaxError);
  });
});
