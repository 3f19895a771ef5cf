import assert from "node:assert/strict";
import { type Color, type Weights, weightsFor } from "../../lambdas/cutover/contract";
import { type CutoverState, initialState, type Phase } from "../../lambdas/cutover/state";
import { type Checker, createChecker, Violation } from "../../simulation/checker";
import { LIMITS } from "../support/facts";

const CUTOVER = {
  id: "one",
  target: "green" as const,
  plan: {
    steps: [],
    limits: LIMITS,
  },
  requestedBy: "operator",
  stepIndex: 0,
  stepEnteredAt: 0,
};

const PHASES: { [name in Phase["name"]]: Phase } = {
  idle: { name: "idle" },
  shifting: { name: "shifting", cutover: CUTOVER },
  "rolling-back": { name: "rolling-back", cutover: CUTOVER, cause: "it failed" },
  "rolled-back": { name: "rolled-back", cutover: CUTOVER, cause: "it failed" },
};

function state(phase: Phase["name"], weights: Weights, live: Color = "blue"): CutoverState {
  return { ...initialState(live), weights, phase: PHASES[phase] };
}

/** Stores the intent, sets the weights and sees them in place. */
function move(checker: Checker, phase: Phase["name"], weights: Weights): void {
  checker.sawStored(state(phase, weights));
  checker.sawWrite(weights);
  checker.sawInPlace(weights);
}

function expectViolation(act: (checker: Checker) => void, message: RegExp): void {
  const checker = createChecker("blue");
  act(checker);
  assert.throws(
    () => checker.throwIfBroken(),
    (error) => error instanceof Violation && message.test(error.message),
  );
}

describe("checker", () => {
  it("accepts a cutover that completes", () => {
    const checker = createChecker("blue");
    move(checker, "shifting", weightsFor("green", 10));
    move(checker, "shifting", weightsFor("green", 100));
    checker.sawStored(state("idle", weightsFor("green", 100), "green"));
    checker.throwIfBroken();
  });

  it("accepts a rollback that is set twice, cleared, and started anew", () => {
    const checker = createChecker("blue");
    move(checker, "shifting", weightsFor("green", 10));
    move(checker, "rolling-back", weightsFor("blue", 100));
    checker.sawWrite(weightsFor("blue", 100));
    checker.sawStored(state("rolled-back", weightsFor("blue", 100)));
    checker.sawStored(state("idle", weightsFor("blue", 100)));
    move(checker, "shifting", weightsFor("green", 10));
    checker.throwIfBroken();
  });

  it("refuses weights in place that do not add up to 100", () => {
    expectViolation((checker) => checker.sawInPlace({ blue: 0, green: 0 }), /blue 0 green 0/);
    expectViolation((checker) => checker.sawInPlace({ blue: 120, green: -20 }), /green -20/);
  });

  it("refuses a write of weights that do not add up to 100", () => {
    const weights = { blue: 90, green: 20 };
    expectViolation((checker) => move(checker, "shifting", weights), /blue 90 green 20/);
  });

  it("refuses a write whose intent is not on record", () => {
    const weights = weightsFor("green", 10);
    expectViolation((checker) => checker.sawWrite(weights), /without that intent/);
    expectViolation((checker) => {
      checker.sawStored(state("shifting", weightsFor("green", 50)));
      checker.sawWrite(weights);
    }, /without that intent/);
  });

  it("refuses to give the standby color more after a rollback was decided", () => {
    expectViolation((checker) => {
      move(checker, "shifting", weightsFor("green", 10));
      move(checker, "rolling-back", weightsFor("green", 50));
    }, /rose from 10 to 50/);
    expectViolation((checker) => {
      move(checker, "shifting", weightsFor("green", 50));
      move(checker, "rolling-back", weightsFor("blue", 100));
      move(checker, "rolled-back", weightsFor("green", 10));
    }, /rose from 0 to 10/);
  });

  it("refuses another live color before everything is on it", () => {
    expectViolation((checker) => {
      move(checker, "shifting", weightsFor("green", 90));
      checker.sawStored(state("idle", weightsFor("green", 100), "green"));
    }, /live became green while the weights in place were blue 10 green 90/);
  });

  it("refuses another live color in mid-cutover, and a completion without one", () => {
    expectViolation((checker) => {
      move(checker, "shifting", weightsFor("green", 100));
      checker.sawStored(state("shifting", weightsFor("green", 100), "green"));
    }, /live became green as the phase went from shifting to shifting/);
    expectViolation((checker) => {
      move(checker, "shifting", weightsFor("green", 100));
      checker.sawStored(state("idle", weightsFor("green", 100)));
    }, /live became blue as the phase went from shifting to idle/);
  });

  it("refuses a phase that nothing leads to", () => {
    expectViolation((checker) => {
      checker.sawStored(state("rolled-back", weightsFor("blue", 100)));
    }, /from idle to rolled-back/);
  });
});
