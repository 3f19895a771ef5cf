import assert from "node:assert/strict";
import {
  type Color,
  type Step,
  type Verb,
  type Weights,
  weightsFor,
} from "../../lambdas/cutover/contract";
import {
  type Cutover,
  type DecisionRecord,
  initialState,
  type Phase,
} from "../../lambdas/cutover/state";
import { type Checker, createChecker, Violation } from "../../simulation/checker";
import { LIMITS, NOW, request } from "../support/facts";

const CUTOVER = {
  id: "one",
  target: "green" as const,
  plan: {
    steps: [
      { weightPercent: 10, bakeMinutes: 0 },
      { weightPercent: 50, bakeMinutes: 0 },
      { weightPercent: 100, bakeMinutes: 0 },
    ],
    limits: LIMITS,
  },
  requestedBy: "operator",
  stepIndex: 0,
  stepEnteredAt: 0,
};

/** Each step of that plan, and what is on record where there is none. */
const STEPS: { [greenPercent: number]: number } = { 10: 0, 50: 1, 100: 2 };

interface Changes {
  live?: Color;
  /** What differs in the cutover. */
  cutover?: Partial<Cutover>;
  record?: Partial<DecisionRecord>;
  /** @default the version after the last one */
  version?: number;
}

/** A checker, the time that it goes by, and what is told to it in one breath. */
class Watched {
  now = NOW;
  version = 0;
  readonly checker: Checker = createChecker("blue", () => this.now);

  store(name: Phase["name"], weights: Weights, changes: Changes = {}): void {
    const { live = "blue" } = changes;
    this.version = changes.version ?? this.version + 1;
    const stepIndex = STEPS[weights.green] ?? 0;
    const cutover = { ...CUTOVER, stepIndex, stepEnteredAt: this.version, ...changes.cutover };
    const phase = { name, ...(name !== "idle" && { cutover, cause: "it failed" }) } as Phase;
    const next = { ...initialState(live), version: this.version, weights, phase, lastCode: name };
    const record = { at: this.now, code: name, reason: "So.", who: "alice", weights };
    this.checker.sawStored(next, { ...record, ...changes.record });
  }

  /** Sets the weights and sees them in place. */
  set(weights: Weights): void {
    this.checker.sawWrite(weights);
    this.checker.sawInPlace(weights);
  }

  move(name: Phase["name"], weights: Weights, changes: Changes = {}): void {
    this.store(name, weights, changes);
    this.set(weights);
  }

  start(cutover: Partial<Cutover> = {}): void {
    this.checker.sawRequest(request("start"));
    this.move("shifting", GREEN_10, { cutover });
  }
}

const [GREEN_10, GREEN_50, GREEN_100] = [10, 50, 100].map((percent) =>
  weightsFor("green", percent),
) as [Weights, Weights, Weights];
const BLUE_100 = weightsFor("blue", 100);
const MINUTE = 60_000;

function expectViolation(act: (watched: Watched) => void, message: RegExp): void {
  const watched = new Watched();
  act(watched);
  assert.throws(
    () => watched.checker.throwIfBroken(),
    (error) => error instanceof Violation && message.test(error.message),
    watched.checker.broken().join("; ") || "nothing is broken",
  );
}

function expectNone(act: (watched: Watched) => void): void {
  const watched = new Watched();
  act(watched);
  watched.checker.throwIfBroken();
}

/** A rollback from 10 % that is latched. */
function rollBack(watched: Watched): void {
  watched.start();
  watched.move("rolling-back", BLUE_100);
  watched.store("rolled-back", BLUE_100);
}

describe("checker", () => {
  it("accepts a cutover that completes", () => {
    expectNone((watched) => {
      watched.start();
      watched.move("shifting", GREEN_50);
      watched.move("shifting", GREEN_100);
      watched.store("idle", GREEN_100, { live: "green" });
    });
  });

  it("accepts a rollback that is set twice, cleared, and started anew", () => {
    expectNone((watched) => {
      rollBack(watched);
      watched.set(BLUE_100);
      watched.checker.sawRequest(request("clear"));
      watched.store("idle", BLUE_100);
      watched.start();
    });
  });

  it("refuses weights in place that do not add up to 100", () => {
    expectViolation(({ checker }) => checker.sawInPlace({ blue: 0, green: 0 }), /blue 0 green 0/);
    expectViolation(({ checker }) => checker.sawInPlace({ blue: 120, green: -20 }), /green -20/);
  });

  it("refuses a write of weights that do not add up to 100", () => {
    const weights = { blue: 90, green: 20 };
    expectViolation((watched) => watched.move("shifting", weights), /were set to blue 90 green 20/);
  });

  it("refuses a write whose intent is not on record", () => {
    expectViolation(({ checker }) => checker.sawWrite(GREEN_10), /without that intent/);
    expectViolation((watched) => {
      watched.start();
      watched.set(GREEN_50);
    }, /without that intent/);
  });

  it("refuses a write that comes long after its record", () => {
    const late = (milliseconds: number) => (watched: Watched) => {
      watched.start();
      watched.now += milliseconds;
      watched.set(GREEN_10);
    };
    expectNone(late(18_000));
    expectViolation(late(18_001), /without that intent/);
  });

  it("refuses to give the standby color anything after a rollback was decided", () => {
    expectViolation((watched) => {
      watched.start();
      watched.move("rolling-back", GREEN_50);
    }, /on record are blue 50 green 50 while blue is live/);
    expectViolation((watched) => {
      rollBack(watched);
      watched.set(GREEN_10);
    }, /given 10 % in phase rolled-back, where 0 % is on record/);
  });

  it("excuses what was decided before the rollback, until it is latched or long ago", () => {
    const rollingBack = (milliseconds: number) => (watched: Watched) => {
      watched.start();
      watched.move("rolling-back", BLUE_100);
      watched.now += milliseconds;
      watched.set(GREEN_10);
    };
    expectNone(rollingBack(18_000));
    expectViolation(rollingBack(18_001), /given 10 % in phase rolling-back/);
  });

  it("refuses another live color before everything is on it", () => {
    expectViolation((watched) => {
      watched.start();
      watched.move("shifting", GREEN_50);
      watched.store("shifting", GREEN_100);
      watched.store("idle", GREEN_100, { live: "green" });
    }, /live became green while the weights in place were blue 50 green 50/);
  });

  it("refuses the end of a rollback before everything is back, unless by another's hand", () => {
    const end = (byHand: boolean) => (watched: Watched) => {
      watched.start();
      watched.store("rolling-back", BLUE_100);
      watched.now += 4_001;
      if (byHand) watched.checker.sawChangedByHand();
      watched.store("rolled-back", BLUE_100);
    };
    expectViolation(end(false), /rollback ended while the weights in place were blue 90 green 10/);
    expectNone(end(true));
  });

  it("excuses a write that has not reached the load balancer's nodes yet", () => {
    const end = (milliseconds: number) => (watched: Watched) => {
      watched.start();
      watched.store("rolling-back", BLUE_100);
      watched.checker.sawWrite(BLUE_100);
      watched.now += milliseconds;
      watched.store("rolled-back", BLUE_100);
    };
    expectNone(end(4_000));
    expectViolation(end(4_001), /rollback ended while/);
  });

  it("refuses another live color in mid-cutover, and a completion without one", () => {
    expectViolation((watched) => {
      watched.start();
      watched.move("shifting", GREEN_10, { live: "green" });
    }, /live became green as the phase went from shifting to shifting/);
    expectViolation((watched) => {
      watched.start();
      watched.move("idle", BLUE_100);
    }, /live became blue as the phase went from shifting to idle/);
  });

  it("refuses a phase that nothing leads to", () => {
    expectViolation(
      (watched) => watched.store("rolled-back", BLUE_100),
      /from idle to rolled-back/,
    );
  });

  it("refuses a start and a clearing that nobody asked for, or asked for long ago", () => {
    expectViolation(
      (watched) => watched.move("shifting", GREEN_10),
      /to shifting and nobody asked/,
    );
    expectViolation((watched) => {
      rollBack(watched);
      watched.checker.sawRequest(request("clear"));
      watched.now += MINUTE + 1;
      watched.store("idle", BLUE_100);
    }, /from rolled-back to idle and nobody asked/);
  });

  it("refuses a gap in the versions, and a record of something else", () => {
    expectViolation((watched) => watched.store("idle", BLUE_100, { version: 2 }), /2 follows 0/);
    for (const record of [{ code: "other" }, { weights: GREEN_10 }, { reason: "" }])
      expectViolation((watched) => watched.store("idle", BLUE_100, { record }), /audit trail says/);
  });
});

describe("checker of promotions", () => {
  const { plan } = CUTOVER;
  const [first, ...rest] = plan.steps;
  const withFirst = (changes: Partial<Step>) => ({
    plan: {
      ...plan,
      steps: [{ weightPercent: 10, bakeMinutes: 0, ...first, ...changes }, ...rest],
    },
  });

  /** Starts by a plan with that first step, lets minutes pass, and promotes. */
  function promote(cutover: Partial<Cutover>, minutes: number, ...asked: Verb[]) {
    return (watched: Watched) => {
      watched.start(cutover);
      for (const verb of asked) watched.checker.sawRequest(request(verb));
      watched.now += minutes * MINUTE;
      watched.move("shifting", GREEN_50, { cutover });
    };
  }

  it("refuses a step that ends before its bake time, unless a person ended that", () => {
    const baking = withFirst({ bakeMinutes: 5 });
    expectViolation(promote(baking, 4.9), /step 1 ended before its bake time of 5 min/);
    expectNone(promote(baking, 4.9, "skip-bake"));
    expectNone(promote(baking, 5));
  });

  it("refuses a step that ends without the approval that it asks for", () => {
    const asking = withFirst({ approval: "Go on?" });
    expectViolation(promote(asking, 1), /step 1 ended and nobody approved it/);
    expectNone(promote(asking, 1, "approve"));
  });

  it("refuses to move payments on in a pause", () => {
    expectViolation((watched) => {
      watched.start({ stepEnteredAt: 1 });
      watched.store("shifting", GREEN_10, { cutover: { pausedBy: "bob", stepEnteredAt: 1 } });
      watched.move("shifting", GREEN_50);
    }, /moved on while the cutover was paused/);
  });

  it("refuses to start and to promote in a freeze", () => {
    // NOW is a Thursday, 12:00 in UTC.
    const freezing = (from: string, to: string) => ({
      plan: {
        ...plan,
        freeze: { timeZone: "UTC", windows: [{ days: ["thu" as const], from, to }] },
      },
    });
    expectViolation(promote(freezing("12:00", "12:01"), 5), /moved on in a freeze/);
    expectViolation(promote(freezing("12:05", "12:06"), 5), /moved on in a freeze/);
    expectNone(promote(freezing("12:01", "12:05"), 5));
  });

  it("refuses a step that is skipped, and a share that is not planned", () => {
    expectViolation((watched) => {
      watched.start();
      watched.move("shifting", GREEN_100);
    }, /step 3 was entered, and step 2 was due/);
    expectViolation((watched) => {
      watched.start();
      watched.move("shifting", weightsFor("green", 60), { cutover: { stepIndex: 1 } });
    }, /step 2 gives 60 %, planned is 50/);
  });

  it("refuses to complete before the last step", () => {
    expectViolation((watched) => {
      watched.start();
      watched.move("shifting", GREEN_50);
      watched.checker.sawInPlace(GREEN_100);
      watched.store("idle", GREEN_100, { live: "green" });
    }, /completed at step 2 of 3/);
  });
});
