import assert from "node:assert/strict";
import { decide } from "../../../lambdas/cutover/decide";
import { known } from "../../../lambdas/cutover/ports";
import type { CutoverState } from "../../../lambdas/cutover/state";
import { decisions, rolledBackTo, TOUCHED, UNREAD } from "../../support/decisions";
import * as facts from "../../support/facts";
import { idle, NOW, PLAN, request, seen, shifting, UNSEEN } from "../../support/facts";

const START = { request: request("start") };
const ROLLBACK = { request: request("rollback") };
const CLEAR = { request: request("clear") };
const START_DONE = "start: shifting, 90/10; set 90/10, notify";

describe("decide while nothing moves", () => {
  const blue = idle("blue");
  const green = idle("green");
  const refused = "refuse: idle, 100/0; nothing";
  const starting = known({ healthy: 0, unhealthy: 0, initial: 2 });
  const sick = known({ healthy: 2, unhealthy: 1, initial: 0 });
  const startSeeing = (targets: typeof sick) => ({ ...START, standby: { targets } });
  decisions([
    ["does nothing when all is as on record", blue, {}, "idle: idle, 100/0; nothing"],
    ["does nothing while the weights are unknown", blue, UNREAD, "idle: idle, 100/0; nothing"],
    [
      "puts weights back",
      blue,
      TOUCHED,
      "heal-drift: idle, 100/0; set 100/0, notify",
      "blue 63 green 37",
    ],
    ["starts with the first step", blue, START, "start: shifting, 90/10; set 90/10, notify"],
    ["says why it was started", blue, START, "start: shifting, 90/10; set 90/10, notify", "42"],
    ["starts towards blue too", green, START, "start: shifting, 10/90; set 10/90, notify"],
    ["does not start while targets are unknown", blue, startSeeing(UNSEEN), refused, "no answer"],
    ["does not start without a healthy target", blue, startSeeing(starting), refused, "none of 2"],
    ["does not start onto unhealthy targets", blue, startSeeing(sick), refused, "1 of 3 targets"],
    ["refuses to roll back when nothing runs", blue, ROLLBACK, refused, "no cutover runs"],
    ["refuses to clear when nothing is latched", blue, CLEAR, refused, "no cutover runs"],
  ]);
  const empty = { ...PLAN, steps: [] };
  decisions([["does not start a plan that cannot run", blue, START, refused, "one step"]], empty);
});

describe("decide while a step is put in place", () => {
  const early = shifting({ enteredMinutesAgo: 1 });
  const late = shifting({ enteredMinutesAgo: 36 });
  const back = rolledBackTo("blue");
  decisions([
    ["sets missing weights again", early, TOUCHED, "set-again: shifting, 90/10; set 90/10"],
    ["holds unknown ones", early, UNREAD, "hold-weights-unknown: shifting, 90/10; nothing"],
    ["begins to bake once they are in place", early, {}, "bake: shifting, 90/10; nothing"],
    [
      "takes payments back when they never are",
      late,
      TOUCHED,
      back,
      "held too long: found blue 63",
    ],
    ["takes payments back when they stay unknown", late, UNREAD, back, "weights are unknown"],
    ["takes payments back when nobody looked", late, {}, back, "not seen in place"],
  ]);

  it("counts bake time from the pass that saw the weights in place", () => {
    const { phase } = decide(early, seen(early), PLAN).next;
    assert.ok(phase.name === "shifting" && phase.cutover.bakingSince === NOW);
  });
});

describe("decide while a step bakes", () => {
  const baking = shifting({ enteredMinutesAgo: 4, bakingMinutesAgo: 3 });
  const baked = shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const last = shifting({ stepIndex: 2, enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const bakes = "hold-baking: shifting, 90/10; nothing";
  const promoted = "promote: shifting, 50/50; set 50/50, notify";
  const refused = "refuse: shifting, 90/10; nothing";
  decisions([
    ["does not promote before the bake time is over", baking, {}, bakes],
    ["does not promote a millisecond too early", baked, { now: NOW - 1 }, bakes],
    ["promotes when the bake time is over", baked, {}, promoted, "50 % to green"],
    ["puts touched weights back", baked, TOUCHED, "heal-drift: shifting, 90/10; set 90/10, notify"],
    [
      "tells people once, while they do not stay",
      { ...baked, lastCode: "heal-drift" },
      TOUCHED,
      "heal-drift: shifting, 90/10; set 90/10",
    ],
    ["holds unknown ones", baked, UNREAD, "hold-weights-unknown: shifting, 90/10; nothing"],
    ["refuses a second start", baked, START, refused, "a cutover to green runs"],
    ["refuses to clear", baked, CLEAR, refused, "a cutover to green runs"],
    ["makes green live at the end", last, {}, "complete: idle, 0/100; notify", "green is live"],
  ]);

  it("keeps the plan that the cutover started with", () => {
    const other = { ...PLAN, steps: [{ weightPercent: 100, bakeMinutes: 0 }] };
    assert.deepEqual(decide(baked, seen(baked), other), decide(baked, seen(baked), PLAN));
  });

  it("gives the next step its own time", () => {
    const { phase } = decide(baked, seen(baked), PLAN).next;
    assert.ok(phase.name === "shifting");
    assert.equal(phase.cutover.stepEnteredAt, NOW);
    assert.equal("bakingSince" in phase.cutover, false);
  });

  it("makes the target live when the cutover is complete, and not before", () => {
    assert.equal(decide(baked, seen(baked), PLAN).next.live, "blue");
    assert.equal(decide(last, seen(last), PLAN).next.live, "green");
  });
});

describe("decide for a person who slows a cutover down, or hurries it on", () => {
  const asks = (verb: "pause" | "resume" | "skip-bake") => ({ request: request(verb) });
  const young = shifting({ enteredMinutesAgo: 1 });
  const baking = shifting({ stepIndex: 1, enteredMinutesAgo: 4, bakingMinutesAgo: 3 });
  const skipped = shifting({
    stepIndex: 1,
    enteredMinutesAgo: 4,
    bakingMinutesAgo: 3,
    marks: { bakeSkipped: true },
  });
  const paused = shifting({
    stepIndex: 1,
    enteredMinutesAgo: 500,
    bakingMinutesAgo: 499,
    marks: { pausedBy: "bob" },
  });
  const refused = "refuse: shifting, 50/50; nothing";
  const holds = "hold-paused: shifting, 50/50; nothing";
  const few = { traffic: facts.FEW };
  const failing = { traffic: facts.FAILING };
  decisions([
    ["pauses", baking, asks("pause"), "pause: shifting, 50/50; notify", "alice paused"],
    ["stays paused, however long", paused, {}, holds, "bob paused"],
    ["leaves weights alone while it is paused", paused, TOUCHED, holds],
    ["holds while it is paused and sees nothing", paused, UNREAD, holds],
    ["takes payments back although it is paused", paused, failing, rolledBackTo("blue")],
    ["takes them back for a person, too", paused, ROLLBACK, rolledBackTo("blue"), "alice asked"],
    ["is not paused twice", paused, asks("pause"), refused, "bob paused"],
    ["hurries nothing that is paused", paused, asks("skip-bake"), refused, "bob paused"],
    [
      "begins the step anew when it is resumed",
      paused,
      asks("resume"),
      "resume: shifting, 50/50; set 50/50, notify",
      "begins anew",
    ],
    ["resumes nothing that runs", baking, asks("resume"), refused, "is not paused"],
    ["ends a bake time", baking, asks("skip-bake"), "skip-bake: shifting, 50/50; notify"],
    ["ends none that has not begun", young, asks("skip-bake"), "refuse: shifting, 90/10; nothing"],
    ["ends none twice", skipped, asks("skip-bake"), refused, "ended already"],
    [
      "goes on when the bake time was ended",
      skipped,
      {},
      "promote: shifting, 0/100; set 0/100, notify",
    ],
    ["goes on with evidence only", skipped, few, "hold-few-payments: shifting, 50/50; nothing"],
    ["pauses nothing while idle", idle(), asks("pause"), "refuse: idle, 100/0; nothing"],
  ]);

  it("forgets the pause and the ended bake time with the step", () => {
    for (const [state, changes] of [
      [paused, asks("resume")],
      [skipped, {}],
    ] as const) {
      const { phase } = decide(state, seen(state, changes), PLAN).next;
      assert.ok(phase.name === "shifting");
      const { bakeSkipped, pausedBy, bakingSince, stepEnteredAt } = phase.cutover;
      assert.deepEqual([bakeSkipped, pausedBy, bakingSince], [undefined, undefined, undefined]);
      assert.equal(stepEnteredAt, NOW);
    }
  });
});

describe("decide on a step that asks for approval", () => {
  const approve = { request: request("approve") };
  const asking = {
    ...PLAN,
    steps: PLAN.steps.map((step, index) => ({
      ...step,
      ...(index === 1 && { approval: "May everybody get it?" }),
    })),
  };
  const at = (enteredMinutesAgo: number, bakingMinutesAgo: number, marks = {}) =>
    shifting({ stepIndex: 1, enteredMinutesAgo, bakingMinutesAgo, marks, plan: asking });
  const baking = at(4, 3);
  const baked = at(7, 6);
  const asked = at(7, 6, { approvalAsked: true });
  const approved = at(7, 6, { approvedBy: "bob" });
  const forgotten = at(36, 35.5, { approvalAsked: true });
  const promoted = "promote: shifting, 0/100; set 0/100, notify";
  const refused = "refuse: shifting, 50/50; nothing";
  const failing = { traffic: facts.FAILING };
  const few = { traffic: facts.FEW };
  decisions([
    ["asks when all else is done", baked, {}, "ask-approval: shifting, 50/50; notify", "everybody"],
    ["asks nobody before", baking, {}, "hold-baking: shifting, 50/50; nothing"],
    ["asks nobody on too little", baked, few, "hold-few-payments: shifting, 50/50; nothing"],
    ["asks once", asked, {}, "hold-approval: shifting, 50/50; nothing", "everybody"],
    ["notes who agrees", asked, approve, "approve: shifting, 50/50; notify", "alice approved"],
    ["lets people agree beforehand", baking, approve, "approve: shifting, 50/50; notify"],
    ["goes on when somebody agreed", approved, {}, promoted],
    ["lets nobody agree twice", approved, approve, refused, "bob has approved"],
    ["takes back what hurts, approved or not", approved, failing, rolledBackTo("blue")],
    ["takes back what nobody approves", forgotten, {}, rolledBackTo("blue"), "nobody approved it"],
    [
      "asks nobody where the plan does not",
      shifting({ enteredMinutesAgo: 4, bakingMinutesAgo: 3 }),
      approve,
      "refuse: shifting, 90/10; nothing",
      "asks nobody",
    ],
  ]);

  it("wants another approval for another step", () => {
    const { phase } = decide(approved, seen(approved, {}), asking).next;
    assert.ok(phase.name === "shifting");
    const { approvedBy, approvalAsked } = phase.cutover;
    assert.deepEqual([approvedBy, approvalAsked], [undefined, undefined]);
  });
});

describe("decide while payments are taken back", () => {
  const state = facts.rollingBack();
  const again = "set-again: rolling-back, 100/0; set 100/0";
  const over = "rolled-back: rolled-back, 100/0; notify";
  decisions([
    ["sets the weights until they are in place", state, TOUCHED, again, "found blue 63"],
    ["sets the weights while they are unknown", state, UNREAD, again, "weights are unknown"],
    ["lets no start stand in the way", state, { ...TOUCHED, ...START }, again],
    ["ends when the weights are read back", state, {}, over],
    ["does not end unlatched when a person clears too early", state, CLEAR, over],
  ]);
});

describe("decide while latched", () => {
  const state = facts.latched();
  const refused = "refuse: rolled-back, 100/0; nothing";
  const stays = "latched: rolled-back, 100/0; nothing";
  decisions([
    ["stays latched", state, {}, stays, "9 of 10 payments failed"],
    ["puts weights back", state, TOUCHED, "heal-drift: rolled-back, 100/0; set 100/0, notify"],
    ["does not start", state, START, refused, "clear it first"],
    ["refuses a second rollback", state, ROLLBACK, refused, "clear it first"],
    ["is cleared by a person", state, CLEAR, "clear: idle, 100/0; notify", "alice cleared"],
  ]);
});

describe("decide on a start that much stands against", () => {
  it("says all of it", () => {
    const plan = { ...PLAN, steps: [{ weightPercent: 50, bakeMinutes: -1 }] };
    const standby = { targets: known({ healthy: 2, unhealthy: 1, initial: 0 }) };
    const { code, reason } = decide(idle(), seen(idle(), { ...START, standby }), plan);
    assert.equal(code, "refuse");
    for (const part of ["bakeMinutes must be", "must have weightPercent 100", "1 of 3 targets"])
      assert.ok(reason.includes(part), reason);
  });
});

describe("decide on a state that it does not know", () => {
  it("throws when the phase is unknown", () => {
    const state = { ...idle(), phase: { name: "paused" } } as unknown as CutoverState;
    assert.throws(() => decide(state, seen(idle()), PLAN), /unexpected value \{"name":"paused"\}/);
  });

  it("throws when the plan lacks the step", () => {
    const state = shifting({ stepIndex: 3 });
    assert.throws(() => decide(state, seen(state), PLAN), /the plan has no step 4/);
  });
});

describe("decide while another pass may still be setting weights", () => {
  const until = (state: CutoverState, actsUntil: number) => ({ ...state, actsUntil });
  const baked = shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const last = shifting({ stepIndex: 2, enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const late = shifting({ enteredMinutesAgo: 36, bakingMinutesAgo: 35 });
  const back = facts.rollingBack("blue");
  const red = { standby: { redAlarms: facts.red("green-5xx") } };
  const [soon, past] = [NOW + 1, NOW];
  const promoted = "promote: shifting, 50/50; set 50/50, notify";
  const latched = "rolled-back: rolled-back, 100/0; notify";
  decisions([
    ["does not promote", until(baked, soon), {}, "hold-lease: shifting, 90/10; nothing", "1 s at"],
    ["promotes afterwards", until(baked, past), {}, promoted],
    ["does not complete", until(last, soon), {}, "hold-lease: shifting, 0/100; nothing"],
    ["completes afterwards", until(last, past), {}, "complete: idle, 0/100; notify"],
    [
      "does not take back what waits for that alone",
      until(late, soon),
      {},
      "hold-lease: shifting, 90/10; nothing",
    ],
    ["takes back what hurts payments", until(baked, soon), red, rolledBackTo("blue")],
    ["takes everything back for a person", until(baked, soon), ROLLBACK, rolledBackTo("blue")],
    [
      "puts weights back",
      until(baked, soon),
      TOUCHED,
      "heal-drift: shifting, 90/10; set 90/10, notify",
    ],
    ["does not end a rollback", until(back, soon), {}, "hold-lease: rolling-back, 100/0; nothing"],
    [
      "goes on with a rollback",
      until(back, soon),
      TOUCHED,
      "set-again: rolling-back, 100/0; set 100/0",
    ],
    ["ends a rollback afterwards", until(back, past), {}, latched],
  ]);
});

describe("decide when it notifies", () => {
  it("keeps the subject within a hundred characters, whatever the operator wrote", () => {
    const asked = { verb: "start" as const, who: "alice", why: "x".repeat(500) };
    const { actions, reason } = decide(idle(), seen(idle(), { request: asked }), PLAN);
    const message = actions.find((action) => action.kind === "notify");
    assert.ok(message?.kind === "notify");
    assert.deepEqual([message.subject.length, message.message], [100, reason]);
  });
});

describe("decide while a freeze forbids to move payments on", () => {
  // NOW is a Thursday, 12:00 in UTC.
  const freezing = {
    ...PLAN,
    freeze: {
      timeZone: "UTC",
      windows: [{ days: ["thu" as const], from: "12:00", to: "13:00" }],
    },
  };
  const later = NOW + 60 * facts.MINUTE;
  const served = { standby: { payments: 1000 }, live: { payments: 1000 } };
  const over = { now: later, traffic: facts.served({ ...served, at: later - 20_000 }) };
  const at = (stepIndex: number, enteredMinutesAgo: number, marks = {}) =>
    shifting({
      stepIndex,
      enteredMinutesAgo,
      bakingMinutesAgo: enteredMinutesAgo - 1,
      marks,
      plan: freezing,
    });
  const baked = at(1, 7);
  const frozen = at(1, 500, { frozen: true });
  const last = at(2, 7);
  const few = { traffic: facts.FEW };
  const failing = { traffic: facts.FAILING };
  const holds = "hold-freeze: shifting, 50/50; nothing";
  const anew = "begin-anew: shifting, 50/50; set 50/50, notify";
  const promoted = "promote: shifting, 0/100; set 0/100, notify";
  const refused = "refuse: idle, 100/0; nothing";
  decisions(
    [
      ["starts nothing", idle(), START, refused, "from 12:00 to 13:00 on thu (UTC)"],
      ["starts before it", idle(), { ...START, now: NOW - 1 }, START_DONE],
      ["starts when it is over", idle(), { ...START, ...over }, START_DONE],
      ["holds what is ready", baked, {}, holds, "nothing moves"],
      ["bakes first", at(1, 3), {}, "hold-baking: shifting, 50/50; nothing"],
      ["holds however long it lasts", frozen, {}, holds],
      ["goes on when it is over", frozen, over, promoted],
      ["makes green live, which moves nothing", last, {}, "complete: idle, 0/100; notify"],
      ["takes back what hurts payments", frozen, failing, rolledBackTo("blue")],
      ["takes everything back for a person", frozen, ROLLBACK, rolledBackTo("blue")],
      ["waits for the morning with what lacks payments", frozen, few, holds, "10 payments"],
      [
        "waits with what nobody approves, and with what is lacking for long",
        at(1, 500),
        few,
        holds,
      ],
      ["waits with what cannot be read for once", frozen, UNREAD, holds, "weights are unknown"],
      [
        "puts weights back all the same",
        frozen,
        TOUCHED,
        "heal-drift: shifting, 50/50; set 50/50, notify",
      ],
      ["begins anew what lacks something when it is over", frozen, { ...over, ...few }, anew],
    ],
    freezing,
  );

  it("notes that only the freeze keeps a step, and forgets it with the step", () => {
    for (const [state, changes, mark] of [
      [baked, {}, true],
      [frozen, over, undefined],
      [frozen, few, true],
      [frozen, { ...over, ...few }, undefined],
    ] as const) {
      const { phase } = decide(state, seen(state, changes), freezing).next;
      assert.ok(phase.name === "shifting");
      assert.equal(phase.cutover.frozen, mark);
    }
  });

  it("gives what begins anew its whole time", () => {
    const { phase } = decide(frozen, seen(frozen, { ...over, ...UNREAD }), freezing).next;
    assert.ok(phase.name === "shifting");
    assert.equal(phase.cutover.stepEnteredAt, later);
    assert.equal(phase.cutover.bakingSince, undefined);
  });

  it("keeps what somebody agreed to, however often the step begins", () => {
    const agreed = at(1, 500, { frozen: true, approvedBy: "bob" });
    const { phase } = decide(agreed, seen(agreed, { ...over, ...few }), freezing).next;
    assert.deepEqual(phase.name === "shifting" && phase.cutover.approvedBy, "bob");
  });
});
