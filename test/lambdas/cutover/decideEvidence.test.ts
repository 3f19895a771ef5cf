import assert from "node:assert/strict";
import type { Plan } from "../../../lambdas/cutover/contract";
import { decide } from "../../../lambdas/cutover/decide";
import { known } from "../../../lambdas/cutover/ports";
import type { CutoverState } from "../../../lambdas/cutover/state";
import { decisions, rolledBackTo, UNREAD } from "../../support/decisions";
import {
  FAILING,
  FEW,
  idle,
  MINUTE,
  NO_TRAFFIC,
  NOW,
  PLAN,
  red,
  request,
  type SeenChanges,
  seen,
  served,
  shifting,
  UNSEEN,
} from "../../support/facts";

/** What is not known, or not yet; each must hold a step, and none may end it. */
const LACKING: { [code: string]: SeenChanges } = {
  "targets-unknown": { standby: { targets: UNSEEN } },
  "no-healthy-targets": { standby: { targets: known({ healthy: 0, unhealthy: 0, initial: 3 }) } },
  "alarms-unknown": { standby: { redAlarms: UNSEEN } },
  "traffic-unknown": { traffic: { application: UNSEEN, loadBalancer: UNSEEN } },
  "few-payments": { traffic: FEW },
  unproven: { traffic: served({ standby: { payments: 250 }, live: { payments: 250 } }) },
  "unproven-speed": { traffic: served({ standby: { payments: 1000, timed: 50 } }) },
  "stale-payments": { traffic: served({ standby: { payments: 1000 }, at: NOW - 3 * MINUTE }) },
};

/** What shows that the standby color hurts payments. */
const WORSE: { [fault: string]: SeenChanges } = {
  "an unhealthy target": { standby: { targets: known({ healthy: 2, unhealthy: 1, initial: 0 }) } },
  "a red alarm": { standby: { redAlarms: red("green-5xx") } },
  "failed payments": { traffic: FAILING },
  "slow payments": {
    traffic: served({ standby: { payments: 1000, slow: 100 }, live: { payments: 1000 } }),
  },
};

describe("decide on evidence that is missing", () => {
  const baking = shifting({ enteredMinutesAgo: 4, bakingMinutesAgo: 3 });
  const baked = shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const last = shifting({ stepIndex: 2, enteredMinutesAgo: 6, bakingMinutesAgo: 5 });
  const nearlyLate = shifting({ enteredMinutesAgo: 35, bakingMinutesAgo: 34 });
  const late = shifting({ enteredMinutesAgo: 36, bakingMinutesAgo: 35 });
  const back = rolledBackTo("blue");
  for (const [code, facts] of Object.entries(LACKING)) {
    const held = `hold-${code}: shifting, 90/10; nothing`;
    decisions([
      [`holds on ${code} while the step bakes`, baking, facts, held],
      [`does not promote on ${code}, though baked`, baked, facts, held],
      [`does not complete on ${code}`, last, facts, `hold-${code}: shifting, 0/100; nothing`],
      [`holds on ${code} to the end of the longest hold`, nearlyLate, facts, held],
      [`takes payments back when ${code} outlasts it`, late, facts, back, "held too long"],
    ]);
  }
});

describe("decide on a healthy color after a long time", () => {
  const unwatched = shifting({ enteredMinutesAgo: 90, bakingMinutesAgo: 89 });
  const slow = shifting({ enteredMinutesAgo: 36, bakingMinutesAgo: 4 });
  const promoted = "promote: shifting, 50/50; set 50/50, notify";
  const bakes = "hold-baking: shifting, 90/10; nothing";
  decisions([
    ["does not take payments back because nobody looked for long", unwatched, {}, promoted],
    ["lets it bake to the end when its weights came late", slow, {}, bakes],
  ]);
});

describe("decide on a color that is worse", () => {
  const back = rolledBackTo("blue");
  const states = {
    "before the step is in place": shifting(),
    "while it bakes": shifting({ enteredMinutesAgo: 4, bakingMinutesAgo: 3 }),
    "when it could be promoted": shifting({ enteredMinutesAgo: 6, bakingMinutesAgo: 5 }),
    "when it was held too long": shifting({ enteredMinutesAgo: 90, bakingMinutesAgo: 89 }),
    "on the last step": shifting({ stepIndex: 2, enteredMinutesAgo: 6, bakingMinutesAgo: 5 }),
  };
  const blind = {
    standby: { targets: UNSEEN, redAlarms: UNSEEN },
    live: { targets: UNSEEN, redAlarms: UNSEEN },
    traffic: { application: UNSEEN, loadBalancer: UNSEEN },
  };
  for (const [fault, facts] of Object.entries(WORSE))
    for (const [when, state] of Object.entries(states)) {
      // A step's first minute is slow, and no evidence.
      if (fault === "slow payments" && when === "before the step is in place") continue;
      const standby = { ...blind.standby, ...facts.standby };
      const amongUnknown = { ...blind, ...facts, standby };
      const asked = { ...facts, request: request("start") };
      decisions([
        [`takes payments back for ${fault} ${when}`, state, facts, back, "on green, "],
        [`... though the weights are unknown`, state, { ...facts, ...UNREAD }, back, "on green, "],
        [`... though all else is unknown`, state, amongUnknown, back, "on green, "],
        [`... though a person asks to start`, state, asked, back, "on green, "],
      ]);
    }

  const state = shifting({ bakingMinutesAgo: 1 });
  const green = shifting({ live: "green", bakingMinutesAgo: 1 });
  const asked = { request: request("rollback") };
  const askedBlind = { ...asked, ...UNREAD, ...blind };
  decisions([
    [
      "takes payments back when a person asks",
      state,
      asked,
      back,
      "alice asked for it (release 42)",
    ],
    ["... though nothing can be seen", state, askedBlind, back, "alice asked for it (release 42)"],
    ["gives payments back to green where green is live", green, asked, rolledBackTo("green")],
  ]);
});

describe("decide on an alarm that is red since before the start", () => {
  const old = shifting({
    bakingMinutesAgo: 5,
    enteredMinutesAgo: 6,
    marks: { redBefore: ["green-5xx"] },
  });
  const standby = { redAlarms: red("green-5xx") };
  const fresh = { redAlarms: red("green-5xx", "green-p99") };
  const quiet = { redAlarms: known([]) };
  decisions([
    [
      "goes on by what the payments show",
      old,
      { standby },
      "promote: shifting, 50/50; set 50/50, notify",
      "green-5xx is red, as before the start",
    ],
    [
      "takes payments back by what they show",
      old,
      { standby, traffic: FAILING },
      rolledBackTo("blue"),
      "failed",
    ],
    [
      "takes them back for another alarm",
      old,
      { standby: fresh },
      rolledBackTo("blue"),
      "green-p99 is red",
    ],
    [
      "notes that it turned quiet",
      old,
      { standby: quiet },
      "alarm-quiet: shifting, 90/10; nothing",
      "from now on it counts",
    ],
    [
      "takes payments back when it was quiet and is red again",
      shifting({ bakingMinutesAgo: 5, enteredMinutesAgo: 6, marks: { redBefore: [] } }),
      { standby },
      rolledBackTo("blue"),
    ],
  ]);

  it("is noted at the start, and carried from step to step", () => {
    const started = decide(idle(), seen(idle(), { standby, request: request("start") }), PLAN).next;
    const promoted = decide(old, seen(old, { standby }), PLAN).next;
    for (const { phase } of [started, promoted])
      assert.deepEqual(phase.name === "shifting" && phase.cutover.redBefore, ["green-5xx"]);
  });
});

describe("decide on an outage of both colors", () => {
  const state = shifting({ enteredMinutesAgo: 4, bakingMinutesAgo: 3 });
  const alarms = { standby: { redAlarms: red("green-5xx") }, live: { redAlarms: red("blue-5xx") } };
  const outage = { payments: 1000, failures: 200 };
  const traffic = served({ standby: outage, live: outage });
  const standby = { redAlarms: red("green-errors") };
  const held = "hold-shared-trouble: shifting, 90/10; nothing";
  decisions([
    ["holds", state, { traffic }, held, "both colors are in trouble"],
    ["holds for alarms of both", state, alarms, held, "green-5xx and blue-5xx are red"],
    ["holds though the alarm of one color turned red first", state, { traffic, standby }, held],
    [
      "takes payments back for the alarm when the payments say nothing of it",
      state,
      { standby },
      rolledBackTo("blue"),
    ],
  ]);
});

describe("decide on an outage of both colors that lasts", () => {
  const outage = { payments: 1000, failures: 200 };
  const traffic = served({ standby: outage, live: outage });
  const at = (enteredMinutesAgo: number, troubledMinutesAgo?: number) =>
    shifting({
      stepIndex: 1,
      enteredMinutesAgo,
      bakingMinutesAgo: enteredMinutesAgo - 1,
      marks: {
        ...(troubledMinutesAgo && { troubledSince: NOW - troubledMinutesAgo * MINUTE }),
      },
    });
  const anew = "begin-anew: shifting, 50/50; set 50/50, notify";
  decisions([
    ["holds at first", at(4), { traffic }, "hold-shared-trouble: shifting, 50/50; nothing"],
    ["begins anew, so that its counts do not spoil the step", at(6), { traffic }, anew],
    ["begins anew again", at(6, 20), { traffic }, anew],
    [
      "gives up after the longest hold",
      at(6, 36),
      { traffic },
      rolledBackTo("blue"),
      "held too long",
    ],
    ["goes on when it is over", at(6, 20), {}, "promote: shifting, 0/100; set 0/100, notify"],
  ]);

  it("counts from the step in which it began, and not from one before", () => {
    const marked = (state: CutoverState, changes: SeenChanges) => {
      const { phase } = decide(state, seen(state, changes), PLAN).next;
      return phase.name === "shifting" ? phase.cutover.troubledSince : undefined;
    };
    assert.equal(marked(at(6), { traffic }), NOW - 6 * MINUTE);
    assert.equal(marked(at(6, 20), { traffic }), NOW - 20 * MINUTE);
    assert.equal(marked(at(6, 20), {}), undefined);
  });
});

describe("decide on a plan without evidence", () => {
  const { steps, limits } = PLAN;
  const plan: Plan = { steps, limits, withoutEvidence: true };
  const state = shifting({ bakingMinutesAgo: 5, enteredMinutesAgo: 6, plan });
  const silent = { redAlarms: UNSEEN };
  const promoted = "promote: shifting, 50/50; set 50/50, notify";
  decisions([
    ["goes on without payments", state, { traffic: NO_TRAFFIC }, promoted, "asks for no evidence"],
    [
      "goes on without data for the alarms",
      state,
      { traffic: NO_TRAFFIC, standby: silent },
      promoted,
    ],
    ["takes back what is known to fail", state, { traffic: FAILING }, rolledBackTo("blue")],
    [
      "takes back for a red alarm",
      state,
      { standby: { redAlarms: red("green-5xx") } },
      rolledBackTo("blue"),
    ],
    [
      "holds without targets",
      state,
      { standby: { targets: UNSEEN } },
      "hold-targets-unknown: shifting, 90/10; nothing",
    ],
    [
      "holds when CloudWatch does not answer",
      state,
      { traffic: { application: UNSEEN, loadBalancer: UNSEEN } },
      "hold-traffic-unknown: shifting, 90/10; nothing",
    ],
  ]);
});

/** Counting twice would square it; that the counts of a step are gone changes it a little. */
function assertNear(got: number | undefined, expected: number | undefined): void {
  const ratio = (got ?? 0) / (expected ?? 0);
  assert.ok(ratio > 0.95 && ratio < 1.05, `${got}, expected about ${expected}`);
}

describe("decide on evidence that is carried", () => {
  const state = shifting({ stepIndex: 1, bakingMinutesAgo: 6, enteredMinutesAgo: 7 });
  const doubtful = served({
    standby: { payments: 4000, failures: 12, slow: 4 },
    live: { payments: 4000, failures: 3, slow: 4 },
    at: NOW - 90_000,
  });

  it("keeps what one step showed when the next one begins", () => {
    const promoted = decide(state, seen(state, { traffic: doubtful }), PLAN);
    assert.equal(promoted.code, "promote");
    const { worse = 0 } = promoted.strength ?? {};
    assert.ok(worse > 2, `${worse}`);
    const next = promoted.next;
    const onward = decide(next, seen(next, { traffic: NO_TRAFFIC, now: NOW + 10_000 }), PLAN);
    assertNear(onward.strength?.worse, worse);
  });

  it("does not count again what the step before it counted", () => {
    const { next, strength } = decide(state, seen(state, { traffic: doubtful }), PLAN);
    const again = decide(next, seen(next, { traffic: doubtful, now: NOW + 10_000 }), PLAN);
    assertNear(again.strength?.worse, strength?.worse);
  });

  it("puts evidence on record within a step, from time to time", () => {
    const position = { stepIndex: 1, bakingMinutesAgo: 11, enteredMinutesAgo: 12 };
    const long = shifting({ ...position, marks: { pausedBy: "bob" } });
    const settled = decide(long, seen(long, { traffic: doubtful }), PLAN);
    assert.equal(settled.code, "hold-paused");
    assert.notEqual(settled.next, long);
    const next = decide(settled.next, seen(settled.next, { traffic: doubtful }), PLAN);
    assert.equal(next.next, settled.next);
    assert.deepEqual(next.strength, settled.strength);
  });

  it("puts none on record that could not be read", () => {
    const traffic = { application: UNSEEN, loadBalancer: UNSEEN };
    const paused = shifting({ enteredMinutesAgo: 161, marks: { pausedBy: "bob" } });
    assert.equal(decide(paused, seen(paused, { traffic }), PLAN).next, paused);
  });
});
