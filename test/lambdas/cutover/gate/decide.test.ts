import assert from "node:assert/strict";
import type { Color } from "../../../../lambdas/cutover/contract";
import { decideWithGate, type Ruling } from "../../../../lambdas/cutover/gate/decide";
import { readGateEvent } from "../../../../lambdas/cutover/gate/event";
import type { Gate, Owed } from "../../../../lambdas/cutover/gate/memory";
import { type Known, known, type ServiceState, unknown } from "../../../../lambdas/cutover/ports";
import type { CutoverState } from "../../../../lambdas/cutover/state";
import { actionInWords, weightsInWords } from "../../../support/decisions";
import {
  idle,
  latched,
  MINUTE,
  NOW,
  PLAN,
  red as redAlarms,
  request,
  rollingBack,
  type SeenChanges,
  seen,
  shifting,
} from "../../../support/facts";
import { gateRequest, properties, TASK } from "../../../support/gate";

/** What differs from an update that goes forward, to a service that runs what it should. */
interface Around extends SeenChanges {
  stack?: Known<string>;
  service?: Known<ServiceState>;
  plan?: typeof PLAN;
}

const STEADY = known({ taskArn: TASK, rollout: "COMPLETED" });
const FORWARD = known("UPDATE_IN_PROGRESS");
const BACK = known("UPDATE_ROLLBACK_IN_PROGRESS");
const ID = "2026-01-15T11:00:00.000Z";

function rule(state: CutoverState, event: unknown, around: Around = {}): Ruling {
  const { stack = FORWARD, service = STEADY, plan = PLAN, ...changes } = around;
  const gateEvent = event === undefined ? undefined : readGateEvent(event, "test");
  return decideWithGate(state, seen(state, changes), plan, { event: gateEvent, stack, service });
}

/** What is done, and what is owed: `roll-back: set 100/0, notify; following`. */
function inWords({ decision }: Ruling): string {
  const { code, actions, next } = decision;
  const done = actions.map(actionInWords).join(", ") || "nothing";
  const stage = next.gate?.owed?.stage;
  const owed = stage?.name === "answering" ? stage.status : (stage?.name ?? "nothing owed");
  return `${code}: ${done}; ${owed}`;
}

function reasonOf({ decision }: Ruling): string {
  const stage = decision.next.gate?.owed?.stage;
  return stage?.name === "answering" ? stage.reason : decision.reason;
}

function withGate(state: CutoverState, gate: Gate): CutoverState {
  return { ...state, gate };
}

/** A cutover that the gate has started, with its request so many minutes old. */
function released(minutes: number, changes: Partial<Owed> = {}, state = shifting()): CutoverState {
  const { address, wish } = readGateEvent(gateRequest("Update", "green"), "test") ?? {};
  assert.ok(address && wish);
  const receivedAt = NOW - minutes * MINUTE;
  const stage = { name: "following" as const, cutoverId: ID };
  return withGate(state, {
    owed: { ...address, wish, receivedAt, stage, ...changes },
    startedId: ID,
  });
}

/** An update that changes something else than Live. */
function sameLive(live: Color, changes: object = {}) {
  return gateRequest("Update", live, { before: { ...properties(live), ...changes } });
}

const DELETE = gateRequest("Delete", "green");
const TO_GREEN = gateRequest("Update", "green");
const TO_BLUE = gateRequest("Update", "blue");
const START = "start: set 90/10, notify; following";
const STAY = "gate-confirm: nothing; SUCCESS";
const TOLD = "gate-confirm: notify; SUCCESS";
const REFUSED = "gate-refuse: nothing; FAILED";
const TAKEN_BACK = "roll-back: set 100/0, notify; following";
const WAITS = "gate-wait: nothing; waiting";
const OWN = released(3, { requestId: "r-0" });

type Row = [it: string, CutoverState, event: unknown, Around, decided: string, because?: string];

/** Each row also proves that payments move on in no other case than a start. */
function rulings(rows: Row[]): void {
  for (const [sentence, state, event, around, decided, because = ""] of rows)
    it(sentence, () => {
      const ruling = rule(state, event, around);
      assert.equal(inWords(ruling), decided, ruling.decision.reason);
      assert.ok(reasonOf(ruling).includes(because), reasonOf(ruling));
      const { weights } = ruling.decision.next;
      const standby = state.live === "blue" ? weights.green : weights.blue;
      const before = state.live === "blue" ? state.weights.green : state.weights.blue;
      if (!decided.startsWith("start")) assert.ok(standby <= before, weightsInWords(weights));
    });
}

describe("the gate, asked to create", () => {
  rulings([
    ["agrees to what is", idle(), gateRequest("Create", "blue"), {}, STAY],
    [
      "refuses what is not, and says what to set",
      idle("green"),
      gateRequest("Create", "blue"),
      {},
      REFUSED,
      "set payments:live: green",
    ],
    [
      "moves nothing on while it waits for nothing",
      idle(),
      gateRequest("Create", "green"),
      {},
      REFUSED,
    ],
    [
      "agrees while a cutover runs",
      shifting({ bakingMinutesAgo: 1 }),
      gateRequest("Create", "blue"),
      {},
      "gate-confirm: nothing; SUCCESS",
    ],
    [
      "needs no status of the stack",
      idle(),
      gateRequest("Create", "blue"),
      { stack: unknown("x") },
      STAY,
    ],
  ]);
});

describe("the gate, asked to delete", () => {
  rulings([
    ["agrees, and moves nothing", idle(), DELETE, {}, STAY],
    ["lets a cutover go on", shifting({ bakingMinutesAgo: 1 }), DELETE, {}, STAY],
    [
      "lets its own cutover go on",
      OWN,
      { ...DELETE, RequestId: "r-2" },
      {},
      "bake: nothing; SUCCESS",
    ],
    ["stays latched", latched(), DELETE, {}, STAY],
    [
      "takes payments back all the same, when the pass finds them hurt",
      shifting({ bakingMinutesAgo: 1 }),
      DELETE,
      { standby: { redAlarms: redAlarms("green-errors") } },
      "roll-back: set 100/0, notify; SUCCESS",
    ],
  ]);
});

describe("the gate, asked for what is live", () => {
  rulings([
    ["agrees", idle(), TO_BLUE, {}, STAY],
    ["agrees on the way back of a failed release", latched(), TO_BLUE, { stack: BACK }, STAY],
    ["agrees though the status is unknown", idle(), TO_BLUE, { stack: unknown("denied") }, STAY],
    [
      "takes its own cutover back",
      OWN,
      { ...TO_BLUE, RequestId: "r-2" },
      { stack: BACK },
      TAKEN_BACK,
    ],
    [
      "takes back one that nobody waits for any more",
      withGate(shifting(), { startedId: ID }),
      TO_BLUE,
      {},
      TAKEN_BACK,
    ],
    [
      "waits for the end of a rollback",
      rollingBack(),
      TO_BLUE,
      { weights: unknown("x") },
      "set-again: set 100/0; following",
    ],
    [
      "has its answer with the rollback's end",
      rollingBack(),
      TO_BLUE,
      {},
      "rolled-back: notify; SUCCESS",
    ],
    [
      "refuses while a person moves payments away",
      shifting(),
      TO_BLUE,
      {},
      "bake: nothing; FAILED",
      "alice",
    ],
    [
      "does not stop a stack on its way back for a person's cutover",
      shifting({ bakingMinutesAgo: 1 }),
      TO_BLUE,
      { stack: BACK },
      TOLD,
      "The cutover to green that alice started goes on",
    ],
    [
      "tells of an image changed in place",
      idle(),
      sameLive("blue", { BlueTaskArn: "arn:old" }),
      {},
      TOLD,
    ],
    [
      "takes a change of the standby for what it is",
      idle(),
      sameLive("blue", { GreenTaskArn: "arn:old" }),
      {},
      STAY,
    ],
    [
      "takes a cutover back whose image changes under way",
      shifting({ bakingMinutesAgo: 1 }),
      sameLive("blue", { GreenTaskArn: "arn:old" }),
      {},
      TAKEN_BACK,
      "changed what is released",
    ],
    [
      "takes it back, too, where the stack asks for that color",
      shifting({ bakingMinutesAgo: 1 }),
      gateRequest("Update", "green", { before: properties("blue", { GreenTaskArn: "arn:old" }) }),
      {},
      TAKEN_BACK,
      "changed what is released",
    ],
    [
      "does not tell of what goes back",
      idle(),
      sameLive("blue", { BlueTaskArn: "arn:old" }),
      { stack: BACK },
      STAY,
    ],
  ]);
});

describe("the gate, asked for the other color", () => {
  const frozen = {
    ...PLAN,
    freeze: { timeZone: "UTC", windows: [{ days: ["thu" as const], from: "00:00", to: "23:59" }] },
  };
  const long = { ...PLAN, steps: [{ weightPercent: 100, bakeMinutes: 55 }] };
  const detached = gateRequest("Update", "green", { properties: { Mode: "detached" } });
  rulings([
    ["starts a cutover", idle(), TO_GREEN, {}, START],
    ["starts one the other way", idle("green"), TO_BLUE, {}, "start: set 10/90, notify; following"],
    [
      "answers at once where nobody waits",
      idle(),
      detached,
      {},
      "start: set 90/10, notify; SUCCESS",
    ],
    [
      "moves nothing on a stack's way back",
      idle(),
      TO_GREEN,
      { stack: BACK },
      TOLD,
      "Set payments:live: blue",
    ],
    ...[
      "UPDATE_COMPLETE",
      "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
      "CREATE_COMPLETE",
      "DELETE_IN_PROGRESS",
    ].map(
      (status): Row => [
        `moves nothing for a stack that is ${status}`,
        idle(),
        TO_GREEN,
        { stack: known(status) },
        status.startsWith("UPDATE_ROLLBACK") ? TOLD : REFUSED,
      ],
    ),
    [
      "waits while the status is unknown",
      idle(),
      TO_GREEN,
      { stack: unknown("denied") },
      WAITS,
      "denied",
    ],
    [
      "moves nothing where Live does not change",
      idle(),
      sameLive("green"),
      {},
      TOLD,
      "Set payments:live: blue",
    ],
    [
      "adopts a cutover that a person started",
      shifting({ bakingMinutesAgo: 1 }),
      TO_GREEN,
      {},
      "gate-follow: nothing; following",
    ],
    [
      "agrees at once to one, where nobody waits",
      shifting({ bakingMinutesAgo: 1 }),
      detached,
      {},
      STAY,
    ],
    [
      "refuses while payments are taken back",
      rollingBack(),
      TO_GREEN,
      {},
      "rolled-back: notify; FAILED",
      "9 of 10",
    ],
    [
      "refuses while it is latched, with cause and remedy",
      latched(),
      TO_GREEN,
      {},
      "refuse: nothing; FAILED",
      "9 of 10 payments failed; clear it first. Find the cause, then clear the latch",
    ],
    [
      "refuses in a freeze",
      idle(),
      TO_GREEN,
      { plan: frozen },
      "refuse: nothing; FAILED",
      "nothing moves from 00:00",
    ],
    [
      "refuses a plan that it cannot wait for",
      idle(),
      TO_GREEN,
      { plan: long },
      REFUSED,
      "payments:releaseGate: detached",
    ],
    [
      "starts such a plan where nobody waits",
      idle(),
      detached,
      { plan: long },
      "start: set 0/100, notify; SUCCESS",
    ],
    [
      "waits for targets",
      idle(),
      TO_GREEN,
      { standby: { targets: known({ healthy: 0, unhealthy: 1, initial: 2 }) } },
      WAITS,
      "on green, 1 of 3 targets are unhealthy",
    ],
    [
      "waits while targets are unknown",
      idle(),
      TO_GREEN,
      { standby: { targets: unknown("no answer") } },
      WAITS,
    ],
    [
      "waits for new tasks, though the old are healthy",
      idle(),
      TO_GREEN,
      { service: known({ taskArn: TASK, rollout: "IN_PROGRESS" }) },
      WAITS,
      "IN_PROGRESS",
    ],
    [
      "does not start what ECS went back to",
      idle(),
      TO_GREEN,
      { service: known({ taskArn: "arn:old", rollout: "COMPLETED" }) },
      WAITS,
      "arn:old",
    ],
    [
      "waits while the service is unknown",
      idle(),
      TO_GREEN,
      { service: unknown("no answer") },
      WAITS,
    ],
    [
      "does not wait in vain while it is latched",
      latched(),
      TO_GREEN,
      { service: unknown("x") },
      "refuse: nothing; FAILED",
    ],
    [
      "heals weights while it waits",
      idle(),
      TO_GREEN,
      { service: unknown("x"), weights: known({ blue: 0, green: 100 }) },
      "heal-drift: set 100/0, notify; waiting",
    ],
    [
      "tells of what changed in place beside",
      idle(),
      gateRequest("Update", "green", { before: properties("blue", { BlueTaskArn: "arn:old" }) }),
      {},
      "start: set 90/10, notify, notify; following",
    ],
  ]);

  it("stands on record as who asked, with stack and request", () => {
    const { request: asked, decision } = rule(idle(), TO_GREEN);
    assert.equal(asked?.who, "cloudformation");
    assert.match(decision.reason, /stack release-gate-test-1a2b3c4 changed live, request r-1/);
    assert.doesNotMatch(JSON.stringify([asked, decision.actions, decision.reason]), /secret/);
  });
});

describe("the gate, waiting to start", () => {
  const waiting = (minutes: number) => released(minutes, { stage: { name: "waiting" } }, idle());
  const starting = { service: known({ taskArn: TASK, rollout: "IN_PROGRESS" }) };
  rulings([
    ["starts as soon as it can", waiting(10), undefined, {}, START],
    ["waits on", waiting(15), undefined, starting, WAITS],
    [
      "gives up when the cutover might not end in time",
      waiting(15.1),
      undefined,
      starting,
      REFUSED,
      "Waited 15 minutes in vain: the deployment of green is IN_PROGRESS.",
    ],
    [
      "waits no longer than its plan leaves",
      waiting(4.1),
      undefined,
      { ...starting, plan: { ...PLAN, steps: [{ weightPercent: 100, bakeMinutes: 50 }] } },
      REFUSED,
      "Waited 4 minutes",
    ],
    [
      "does not start for a stack that has gone back since",
      waiting(2),
      undefined,
      { stack: BACK },
      TOLD,
    ],
    [
      "adopts what a person started since",
      released(2, { stage: { name: "waiting" } }, shifting({ bakingMinutesAgo: 1 })),
      undefined,
      {},
      "gate-follow: nothing; following",
    ],
    [
      "lets a person go first",
      waiting(2),
      undefined,
      { request: request("rollback") },
      "refuse: nothing; waiting",
    ],
    ["hears the same request again, and changes nothing", waiting(2), TO_GREEN, starting, WAITS],
  ]);

  it("is put on record once", () => {
    const state = waiting(2);
    const { decision } = rule(state, undefined, starting);
    assert.equal(decision.next, state);
  });
});

describe("the gate, once a cutover runs", () => {
  const last = { stepIndex: 2, enteredMinutesAgo: 6, bakingMinutesAgo: 5 };
  const red = { standby: { redAlarms: redAlarms("green-errors") } };
  const adopted = (minutes: number) => {
    const state = released(minutes);
    const { startedId: _, ...gate } = state.gate ?? {};
    return withGate(state, gate);
  };
  rulings([
    [
      "answers nothing while it goes on",
      released(3, {}, shifting({ bakingMinutesAgo: 1 })),
      undefined,
      {},
      "hold-baking: nothing; following",
    ],
    [
      "agrees when it is complete",
      released(30, {}, shifting(last)),
      undefined,
      {},
      "complete: notify; SUCCESS",
      "green carries everything",
    ],
    [
      "fails when payments have come back, with cause and remedy",
      released(30, {}, rollingBack()),
      undefined,
      {},
      "rolled-back: notify; FAILED",
      "Taken back to blue, because on green, 9 of 10 payments failed. Find the cause",
    ],
    [
      "does not fail before they have",
      released(30, {}, shifting({ bakingMinutesAgo: 1 })),
      undefined,
      red,
      TAKEN_BACK,
    ],
    [
      "takes payments back before the hour is over",
      released(55, {}, shifting({ bakingMinutesAgo: 1 })),
      undefined,
      {},
      TAKEN_BACK,
    ],
    [
      "takes payments back from a person who paused for too long",
      released(55, {}, shifting({ marks: { pausedBy: "alice" } })),
      undefined,
      {},
      TAKEN_BACK,
    ],
    [
      "does not yet",
      released(54.9, {}, shifting({ bakingMinutesAgo: 1 })),
      undefined,
      {},
      "hold-baking: nothing; following",
    ],
    [
      "leaves a person's cutover alone, and says that it goes on",
      adopted(55),
      undefined,
      {},
      "bake: nothing; FAILED",
      "that alice started goes on",
    ],
    [
      "says so while it can be heard",
      released(59, {}, rollingBack()),
      undefined,
      { weights: unknown("x") },
      "set-again: set 100/0; FAILED",
      "not everything back",
    ],
    [
      "answers in the pass that answers a person, too",
      released(30, {}, rollingBack()),
      undefined,
      { request: request("pause") },
      "rolled-back: notify; FAILED",
    ],
    [
      "answers a person's rollback too, at its end",
      released(3),
      undefined,
      { request: request("rollback") },
      TAKEN_BACK,
    ],
    [
      "hears the same request again, and changes nothing",
      released(3, {}, shifting({ bakingMinutesAgo: 1 })),
      TO_GREEN,
      {},
      "hold-baking: nothing; following",
    ],
    [
      "fails when another cutover has begun",
      released(3, { stage: { name: "following", cutoverId: "other" } }),
      undefined,
      {},
      "bake: nothing; FAILED",
      "Another cutover",
    ],
    [
      "fails when it was cleared unseen",
      released(3, {}, idle()),
      undefined,
      {},
      "idle: nothing; FAILED",
    ],
  ]);

  it("asks as CloudFormation for what comes back at its deadline, and not in a person's stead", () => {
    const state = released(55, {}, shifting({ bakingMinutesAgo: 1 }));
    assert.equal(rule(state, undefined).request?.who, "cloudformation");
    assert.equal(rule(state, undefined, { request: request("pause") }).request?.who, "alice");
  });
});

describe("the gate, with an answer on record", () => {
  const answer = { status: "FAILED" as const, reason: "Taken back." };
  const owing = (minutes: number) =>
    released(minutes, { stage: { name: "answering", ...answer } }, latched());
  rulings([
    ["keeps it", owing(119), undefined, {}, "latched: nothing; FAILED", "Taken back."],
    ["keeps it when the request comes again", owing(5), TO_GREEN, {}, "latched: nothing; FAILED"],
    [
      "gives up in the end, and tells people",
      owing(120),
      undefined,
      {},
      "gate-give-up: notify; nothing owed",
    ],
    [
      "lets the next request take its place",
      owing(5),
      { ...TO_BLUE, RequestId: "r-2" },
      { stack: BACK },
      STAY,
    ],
    [
      "answers a request that was answered before the same",
      withGate(idle(), { answered: { requestId: "r-1", ...answer } }),
      TO_GREEN,
      {},
      REFUSED,
      "Taken back.",
    ],
    [
      "answers what it cannot understand",
      idle(),
      gateRequest("Update", "green", { properties: { Live: "red" } }),
      {},
      REFUSED,
      "Live must be blue or green, got red.",
    ],
    [
      "takes no two requests without a name for the same",
      released(3, { requestId: "" }),
      { ...TO_GREEN, RequestId: "" },
      {},
      "bake: nothing; FAILED",
      "RequestId must be",
    ],
  ]);
});
