import assert from "node:assert/strict";
import { type Plan, planMistakes } from "../../../lambdas/cutover/contract";
import { decide } from "../../../lambdas/cutover/decide";
import { known, type SwitchoverStanding } from "../../../lambdas/cutover/ports";
import type { AskedSwitchover, CutoverState } from "../../../lambdas/cutover/state";
import { tick } from "../../../lambdas/cutover/tick";
import { decisions, inWords, rolledBackTo } from "../../support/decisions";
import {
  FAILING,
  FEW,
  idle,
  LIMITS,
  MINUTE,
  NOW,
  PLAN,
  request,
  type SeenChanges,
  seen,
  shifting,
  UNSEEN,
} from "../../support/facts";
import { FakeWorld } from "../../support/fakePorts";

const [FIRST = { weightPercent: 10, bakeMinutes: 5 }, SECOND = FIRST, LAST = FIRST] = PLAN.steps;
const SWITCHING: Plan = {
  ...PLAN,
  steps: [FIRST, { ...SECOND, switchover: true }, LAST],
};

/** A step with a switchover that has baked long enough. */
function baked(switchover?: AskedSwitchover, enteredMinutesAgo = 7): CutoverState {
  const marks = switchover && { switchover };
  const where = { stepIndex: 1, enteredMinutesAgo, bakingMinutesAgo: 6, plan: SWITCHING };
  return shifting({ ...where, ...(marks && { marks }) });
}

function asked(minutesAgo = 0.5): AskedSwitchover {
  return { askedAt: NOW - minutesAgo * MINUTE, epochBefore: 3 };
}

function standing(changes: Partial<SwitchoverStanding> = {}): SeenChanges {
  const before = { phase: "prepared", isAtRest: true, writer: "blue" as const, epoch: 3 };
  return { switchover: known({ ...before, reason: "blue takes all writes.", ...changes }) };
}

const ENDED = { phase: "steady", writer: "green", epoch: 4 } as const;

describe("decide on a step with a switchover", () => {
  decisions(
    [
      [
        "asks for it once the step has baked",
        baked(),
        standing(),
        "ask-switchover: shifting, 50/50; ask-switchover",
      ],
      [
        "asks for nothing before that",
        shifting({ stepIndex: 1, bakingMinutesAgo: 4, plan: SWITCHING }),
        standing(),
        "hold-baking: shifting, 50/50; nothing",
      ],
      [
        "asks for nothing while it is unknown where the writer is",
        baked(),
        { switchover: UNSEEN },
        "hold-switchover: shifting, 50/50; nothing",
        "no answer",
      ],
      [
        "asks for nothing while one is under way that somebody else began",
        baked(),
        standing({ phase: "draining", isAtRest: false, epoch: 4 }),
        "hold-switchover: shifting, 50/50; nothing",
        "the switchover to green is draining",
      ],
      [
        "waits for its beginning",
        baked(asked()),
        standing({ reason: "Refused to switch over: x." }),
        "hold-switchover: shifting, 50/50; nothing",
        "has not begun: Refused to switch over: x.",
      ],
      [
        "asks once more after a minute: a request may get lost",
        baked(asked(1)),
        standing(),
        "ask-switchover: shifting, 50/50; ask-switchover",
      ],
      [
        "waits for its end",
        baked(asked(3)),
        standing({ phase: "reversing", isAtRest: false, writer: "green", epoch: 4 }),
        "hold-switchover: shifting, 50/50; nothing",
      ],
      [
        "bakes once more when it has ended",
        baked(asked()),
        standing(ENDED),
        "switched-over: shifting, 50/50; set 50/50, notify",
        "green's cluster takes all writes",
      ],
      [
        "waits for its end whatever the pause has shown",
        baked(asked(3)),
        { ...standing({ phase: "fenced", isAtRest: false, epoch: 4 }), traffic: FEW },
        "hold-switchover: shifting, 50/50; nothing",
      ],
      [
        "bakes once more whatever the pause has shown",
        baked(asked()),
        { ...standing(ENDED), traffic: FEW },
        "switched-over: shifting, 50/50; set 50/50, notify",
      ],
      [
        "asks for nothing while payments show too little",
        baked(),
        { ...standing(), traffic: FEW },
        "hold-few-payments: shifting, 50/50; nothing",
      ],
      [
        "takes the payments back when it was aborted",
        baked(asked(2)),
        standing({ epoch: 4, reason: "blue takes all writes again, nothing was lost: x." }),
        rolledBackTo("blue"),
        "nothing was lost: x",
      ],
      [
        "goes on where the writer is there already",
        baked(),
        standing(ENDED),
        "promote: shifting, 0/100; set 0/100, notify",
      ],
      [
        "goes on when it has baked once more",
        baked({ ...asked(9), isDone: true }),
        standing(ENDED),
        "promote: shifting, 0/100; set 0/100, notify",
      ],
      [
        "goes on from there even if somebody moves the writer back",
        baked({ ...asked(9), isDone: true }),
        standing({ epoch: 5 }),
        "promote: shifting, 0/100; set 0/100, notify",
      ],
      [
        "takes the payments back when it does not end within the longest hold",
        baked(asked(), 5 + LIMITS.longestHoldMinutes + 1),
        standing({ phase: "reversing", isAtRest: false, writer: "green", epoch: 4 }),
        rolledBackTo("blue"),
        "its switchover has not ended",
      ],
      [
        "takes the payments back for what they show, whatever the writer does",
        baked(asked()),
        { ...standing({ phase: "fenced", isAtRest: false, epoch: 4 }), traffic: FAILING },
        rolledBackTo("blue"),
      ],
    ],
    SWITCHING,
  );

  it("remembers how many attempts there had been, and when it asked", () => {
    const { next, actions } = decide(baked(), seen(baked(), standing()), SWITCHING);
    assert.ok(next.phase.name === "shifting" && "cutover" in next.phase);
    assert.deepEqual(next.phase.cutover.switchover, { askedAt: NOW, epochBefore: 3 });
    const [ask] = actions;
    assert.ok(ask?.kind === "ask-switchover" && ask.to === "green");
  });

  it("keeps that it has been asked for when the step begins anew", () => {
    const marks = { switchover: asked(), pausedBy: "alice" };
    const state = shifting({ stepIndex: 1, bakingMinutesAgo: 6, plan: SWITCHING, marks });
    const resumed = decide(state, seen(state, { request: request("resume") }), SWITCHING);
    assert.match(inWords(resumed), /^resume: shifting, 50\/50/);
    assert.ok(resumed.next.phase.name === "shifting" && "cutover" in resumed.next.phase);
    assert.deepEqual(resumed.next.phase.cutover.switchover, asked());
  });

  it("forgets it with the next step", () => {
    const state = baked({ ...asked(), isDone: true });
    const { next } = decide(state, seen(state, standing(ENDED)), SWITCHING);
    assert.ok(next.phase.name === "shifting" && "cutover" in next.phase);
    assert.equal(next.phase.cutover.switchover, undefined);
  });

  it("does not start where nobody can move the writer", () => {
    const state = idle();
    const { code, reason } = decide(state, seen(state, { request: request("start") }), SWITCHING);
    assert.equal(code, "refuse");
    assert.match(reason, /the plan has a switchover, and there is no function for it/);
  });

  it("starts where somebody can", () => {
    const state = idle();
    const changes = { ...standing(), request: request("start") };
    assert.equal(decide(state, seen(state, changes), SWITCHING).code, "start");
  });
});

describe("a pass in a step with a switchover", () => {
  function world(state: CutoverState): FakeWorld {
    const made = new FakeWorld(state);
    const { switchover = UNSEEN } = standing();
    made.standing = switchover;
    return made;
  }
  const pass = (made: FakeWorld) => tick(made.ports, { plan: PLAN, initialLive: "blue" });

  it("puts on record that it asks, and asks", async () => {
    const made = world(baked());
    await pass(made);
    assert.deepEqual(made.log, [
      "record ask-switchover",
      "ask green as cutover controller: a step of the cutover to green that began 2026-01-15T11:00:00.000Z",
    ]);
  });

  for (const fault of ["lost", "unanswered", "fails"] as const)
    it(`says so when that is not certain (${fault})`, async () => {
      const made = world(baked());
      made.faults.askSwitchover = [fault];
      const { problems } = await pass(made);
      assert.match(problems.join(), /switchover/);
    });

  it("holds while nobody can say where the writer is", async () => {
    const made = world(baked());
    made.faults.readSwitchover = ["fails"];
    const { code, reason } = await pass(made);
    assert.equal(code, "hold-switchover");
    assert.match(reason, /readSwitchover failed/);
  });

  it("does not look for the writer in other steps", async () => {
    const made = world(shifting({ bakingMinutesAgo: 6, plan: SWITCHING }));
    made.faults.readSwitchover = ["fails"];
    assert.equal((await pass(made)).code, "promote");
    assert.equal(made.faults.readSwitchover.length, 1);
  });
});

describe("a plan with a switchover", () => {
  it("is one that can be carried out", () => {
    assert.deepEqual(planMistakes(SWITCHING), []);
  });

  it("has it in one step, and not in the last", () => {
    const steps = PLAN.steps.map((step) => ({ ...step, switchover: true as const }));
    assert.deepEqual(planMistakes({ ...PLAN, steps }), [
      "only one step can have a switchover",
      "the last step can have no switchover: give it to a step below 100",
    ]);
  });
});
