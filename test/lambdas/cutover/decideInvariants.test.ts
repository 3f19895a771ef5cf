import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type Color, otherColor, VERBS, type Verb } from "../../../lambdas/cutover/contract";
import { type Decision, decide } from "../../../lambdas/cutover/decide";
import type { ColorFacts, Observation } from "../../../lambdas/cutover/observe";
import { type Counts, type Known, known, type TrafficFacts } from "../../../lambdas/cutover/ports";
import type { CutoverState, Phase } from "../../../lambdas/cutover/state";
import { weightsInWords } from "../../support/decisions";
import * as facts from "../../support/facts";
import { HEALTHY, MINUTE, NOW, PLAN, red, served, UNSEEN } from "../../support/facts";

/**
 * Goal: what must hold of every decision holds of every one, not only of those that somebody
 * thought of. Method: enumerate every phase, request, kind of weights and kind of evidence, and
 * hold each decision against rules that are written without `decide`.
 */

const LIVE: Color[] = ["blue", "green"];
const REQUESTS: (Verb | undefined)[] = [undefined, ...VERBS];
const TARGETS: ColorFacts["targets"][] = [
  UNSEEN,
  known({ healthy: 0, unhealthy: 0, initial: 2 }),
  known({ healthy: 2, unhealthy: 0, initial: 1 }),
  known({ healthy: 3, unhealthy: 0, initial: 0 }),
  known({ healthy: 2, unhealthy: 1, initial: 0 }),
];
const ALARMS: ColorFacts["redAlarms"][] = [UNSEEN, known([]), red("green-5xx", "green-p99")];

/** Nothing that can be read, and the first two below. */
const SHOWN_ALWAYS = 3;

/** What the payments of a period show, worked out by hand from the plan's limits and the tests' formulas. */
type Shown = "hurt" | "slow" | "well" | "neither" | "shared";
const TRAFFIC: [shown: Shown, standby: Partial<Counts>, live: Partial<Counts>][] = [
  ["well", { payments: 363 }, { payments: 3600 }],
  ["hurt", { payments: 40, failures: 8 }, { payments: 400 }],
  ["neither", {}, {}],
  // At a limit of 1 % it takes 363 payments without a failure to show that it is kept.
  ["neither", { payments: 362 }, { payments: 3600 }],
  ["neither", { payments: 1000, failures: 10 }, { payments: 9000, failures: 90 }],
  ["shared", { payments: 1000, failures: 500 }, { payments: 1000, failures: 500 }],
  ["slow", { payments: 1000, slow: 100 }, { payments: 9000, slow: 10 }],
];

/** The plan, with a question at its first step. */
const ASKING = {
  ...PLAN,
  steps: PLAN.steps.map((step, index) => (index === 0 ? { ...step, approval: "Go on?" } : step)),
};

/** The plan, in a freeze. */
const FREEZING = {
  ...PLAN,
  freeze: {
    timeZone: "UTC",
    windows: [{ days: ["thu" as const], from: "00:00", to: "23:59" }],
  },
};

/** The edges of the phase diagram, and the staying where one is. */
const EDGES: { [from in Phase["name"]]: Phase["name"][] } = {
  idle: ["idle", "shifting"],
  shifting: ["shifting", "idle", "rolling-back"],
  "rolling-back": ["rolling-back", "rolled-back"],
  "rolled-back": ["rolled-back", "idle"],
  migrating: ["migrating", "idle", "migrating-back"],
  "migrating-back": ["migrating-back", "rolled-back"],
};

interface Case {
  state: CutoverState;
  seen: Observation;
  decision: Decision;
}

function states(live: Color): CutoverState[] {
  const all = [facts.idle(live), facts.rollingBack(live), facts.latched(live)];
  for (const actsUntil of [NOW, NOW + 1]) {
    all.push({ ...facts.rollingBack(live), actsUntil });
    for (const stepIndex of [0, PLAN.steps.length - 1])
      all.push({
        ...facts.shifting({ live, stepIndex, enteredMinutesAgo: 6, bakingMinutesAgo: 5 }),
        actsUntil,
      });
  }
  for (const marks of [{ pausedBy: "bob" }, { bakeSkipped: true as const }])
    for (const bakingMinutesAgo of [undefined, 4.99])
      all.push(facts.shifting({ live, enteredMinutesAgo: 35.01, bakingMinutesAgo, marks }));
  for (const marks of [{}, { approvalAsked: true as const }, { approvedBy: "bob" }])
    for (const enteredMinutesAgo of [6, 35.01])
      all.push(
        facts.shifting({ live, enteredMinutesAgo, bakingMinutesAgo: 5, marks, plan: ASKING }),
      );
  for (const enteredMinutesAgo of [6, 35.01])
    for (const plan of [PLAN, FREEZING])
      all.push(
        facts.shifting({
          live,
          enteredMinutesAgo,
          bakingMinutesAgo: 5,
          marks: { frozen: true },
          plan,
        }),
      );
  for (const stepIndex of PLAN.steps.keys())
    for (const enteredMinutesAgo of [5, 35.01])
      for (const bakingMinutesAgo of [undefined, 4.99, 5])
        all.push(facts.shifting({ live, stepIndex, enteredMinutesAgo, bakingMinutesAgo }));
  return all;
}

function observations(state: CutoverState): Observation[] {
  const asRead: Observation["weights"][] = [known(state.weights), known({ blue: 63, green: 37 })];
  const all: Observation[] = [];
  const shows = trafficOf(otherColor(state.live));
  for (const verb of REQUESTS)
    for (const weights of [UNSEEN, ...asRead])
      for (const targets of TARGETS)
        for (const redAlarms of ALARMS)
          for (const [index, [shown, traffic]] of shows.entries()) {
            // What else payments may show matters where nothing else speaks first.
            const isUsual = verb === undefined && weights.known;
            if (index >= SHOWN_ALWAYS && !isUsual) continue;
            const standby = { ...HEALTHY, targets, redAlarms };
            const request = verb === undefined ? undefined : facts.request(verb);
            const seen = facts.seen(state, { weights, standby, traffic, request });
            shownBy.set(seen, shown);
            all.push(seen);
          }
  return all;
}

const shownBy = new WeakMap<Observation, Shown>();

function trafficOf(target: Color): [Shown, TrafficFacts][] {
  const unseen = { application: UNSEEN, loadBalancer: UNSEEN };
  const inNone: [Shown, TrafficFacts] = ["neither", unseen];
  return [
    inNone,
    ...TRAFFIC.map(([shown, standby, live]): [Shown, TrafficFacts] => [
      shown,
      served({ target, standby, live, at: NOW - 20_000 }),
    ]),
  ];
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

/** Whether the standby color is shown to be well, in the words of the plan and not of the code. */
function isProvenWell(seen: Observation): boolean {
  const { targets, redAlarms } = seen.standby;
  if (!targets.known || !redAlarms.known) return false;
  return (
    targets.value.healthy > 0 &&
    targets.value.unhealthy === 0 &&
    targets.value.initial === 0 &&
    redAlarms.value.length === 0 &&
    shownBy.get(seen) === "well"
  );
}

/** Being slow is no evidence in the first minute after the weights were seen in place. */
function isWarm({ phase }: CutoverState): boolean {
  if (phase.name !== "shifting") return false;
  const { bakingSince = Number.POSITIVE_INFINITY } = phase.cutover;
  return NOW - 20_000 >= bakingSince + MINUTE;
}

function isHurt(seen: Observation, state: CutoverState): boolean {
  const { targets, redAlarms } = seen.standby;
  const shown = shownBy.get(seen);
  return (
    (targets.known && targets.value.unhealthy > 0) ||
    (redAlarms.known && redAlarms.value.length > 0 && shown !== "shared") ||
    shown === "hurt" ||
    (shown === "slow" && isWarm(state))
  );
}

function isInPlace(weights: Known<{ blue: number; green: number }>, state: CutoverState): boolean {
  return weights.known && weightsInWords(weights.value) === weightsInWords(state.weights);
}

/** Whether the step has baked for its five minutes, or a person has ended that. */
function isBaked(state: CutoverState): boolean {
  if (state.phase.name !== "shifting") return false;
  const { bakingSince, bakeSkipped } = state.phase.cutover;
  if (bakingSince === undefined) return false;
  return bakeSkipped === true || NOW - bakingSince >= 5 * MINUTE;
}

/** Whether the step has the approval that it asks for. */
function isApproved({ phase }: CutoverState): boolean {
  if (phase.name !== "shifting") return false;
  const { plan, stepIndex, approvedBy } = phase.cutover;
  return plan.steps[stepIndex]?.approval === undefined || approvedBy !== undefined;
}

/** Whether another pass may still be setting weights. */
function isLeased({ actsUntil = 0 }: CutoverState): boolean {
  return actsUntil > NOW;
}

function isFrozen({ phase }: CutoverState): boolean {
  return phase.name === "shifting" && phase.cutover.plan.freeze !== undefined;
}

function isPaused({ phase }: CutoverState): boolean {
  return phase.name === "shifting" && phase.cutover.pausedBy !== undefined;
}

describe("every decision", () => {
  const cases: Case[] = [];
  before("decide on each state and observation, both frozen", () => {
    const plan = freeze(PLAN);
    for (const state of LIVE.flatMap(states).map(freeze))
      for (const seen of observations(state).map(freeze))
        cases.push({ state, seen, decision: decide(state, seen, plan) });
  });

  after("let the cases go", () => {
    cases.length = 0;
  });

  /** Fails with the first case that breaks the rule, and when no case is one that it speaks of. */
  function always(rule: (one: Case) => boolean, concerns: (one: Case) => boolean): void {
    const concerned = cases.filter(concerns);
    assert.ok(concerned.length > 0, "the rule speaks of no case");
    const broken = concerned.find((one) => !rule(one));
    assert.equal(broken, undefined, JSON.stringify(broken, null, 1));
  }

  const every = () => true;
  const code = (wanted: string) => (one: Case) => one.decision.code === wanted;
  const movesOn = (one: Case) => ["promote", "complete"].includes(one.decision.code);
  const setsWeights = ({ decision }: Case) =>
    decision.actions.flatMap((action) => (action.kind === "set-weights" ? [action.weights] : []));

  it("is the same when decided again", () => {
    const some = new Set(cases.filter((_, index) => index % 11 === 0));
    always(
      ({ state, seen, decision }) => isDeepStrictEqual(decide(state, seen, PLAN), decision),
      (one) => some.has(one),
    );
  });

  it("leaves weights on record that add up to 100", () => {
    always(({ decision: { next } }) => next.weights.blue + next.weights.green === 100, every);
  });

  it("sets no weights but those on record, and at most once", () => {
    always(
      (one) => {
        const [weights, ...more] = setsWeights(one);
        const recorded = weightsInWords(one.decision.next.weights);
        return weights !== undefined && weightsInWords(weights) === recorded && more.length === 0;
      },
      (one) => setsWeights(one).length > 0,
    );
  });

  it("moves the phase along a documented edge", () => {
    always(
      ({ state, decision }) => EDGES[state.phase.name].includes(decision.next.phase.name),
      every,
    );
  });

  it("sets weights before it notifies", () => {
    always(
      ({ decision }) => decision.actions[0]?.kind === "set-weights",
      (one) => setsWeights(one).length > 0,
    );
  });

  it("rolls back by one setting, done first, that gives the live color everything", () => {
    always((one) => {
      const [first] = one.decision.actions;
      const weights = first?.kind === "set-weights" ? first.weights : undefined;
      return weights?.[one.state.live] === 100 && setsWeights(one).length === 1;
    }, code("roll-back"));
  });

  it("rolls back whenever a cutover runs and a person asks for it", () => {
    always(
      ({ decision }) => decision.code === "roll-back",
      ({ state, seen }) => state.phase.name === "shifting" && seen.request?.verb === "rollback",
    );
  });

  it("rolls back while a cutover runs and a fault is known, whatever else is not", () => {
    always(
      ({ decision }) => decision.code === "roll-back",
      ({ state, seen }) => state.phase.name === "shifting" && isHurt(seen, state),
    );
  });

  it("promotes nothing on data that is missing, or too little, or bad", () => {
    always(({ seen }) => isProvenWell(seen), movesOn);
  });

  it("promotes nothing before the bake time is over, unless a person has ended it", () => {
    always(({ state }) => isBaked(state), movesOn);
  });

  it("promotes nothing that waits for an approval", () => {
    always(({ state }) => isApproved(state), movesOn);
  });

  it("promotes nothing in a freeze", () => {
    always(({ state }) => !isFrozen(state), movesOn);
  });

  it("takes nothing for final while another pass may still be setting weights", () => {
    always(
      ({ state }) => !isLeased(state),
      (one) => movesOn(one) || one.decision.code === "rolled-back",
    );
  });

  it("ends a rollback only when the weights are seen in place", () => {
    always(({ state, seen }) => isInPlace(seen.weights, state), code("rolled-back"));
  });

  it("does nothing in a pause but roll back, refuse, hold and resume", () => {
    always(
      ({ decision }) => ["roll-back", "refuse", "hold-paused", "resume"].includes(decision.code),
      ({ state }) => isPaused(state),
    );
  });

  it("leaves a pause only to roll back, or when a person asks", () => {
    always(
      ({ seen, decision }) => decision.code === "roll-back" || seen.request?.verb === "resume",
      ({ state, decision }) => isPaused(state) && !isPaused(decision.next),
    );
  });

  it("promotes nothing unless the step's weights are seen in place", () => {
    always(({ state, seen }) => isInPlace(seen.weights, state), movesOn);
  });

  it("promotes whenever nothing stands against it, so that no cutover hangs", () => {
    always(movesOn, ({ state, seen }) =>
      [
        isProvenWell(seen),
        isInPlace(seen.weights, state),
        isBaked(state),
        !isPaused(state),
        isApproved(state),
        !isFrozen(state),
        !isLeased(state),
        seen.request === undefined,
      ].every(Boolean),
    );
  });

  it("changes the live color only when a cutover is complete", () => {
    always(code("complete"), ({ state, decision }) => decision.next.live !== state.live);
  });

  it("leaves the live color with everything whenever nothing moves", () => {
    always(
      ({ decision: { next } }) => next.weights[next.live] === 100,
      ({ decision }) => decision.next.phase.name !== "shifting",
    );
  });

  it("gives the standby color more only by a start or a promotion", () => {
    always(
      ({ decision }) => ["start", "promote"].includes(decision.code),
      ({ state, decision }) => decision.next.weights[state.live] < state.weights[state.live],
    );
  });

  it("starts only when a person asks and a target could take payments", () => {
    always(({ seen }) => {
      const { targets } = seen.standby;
      const asked = seen.request?.verb === "start";
      return asked && targets.known && targets.value.healthy > 0 && targets.value.unhealthy === 0;
    }, code("start"));
  });

  it("clears a latch only when a person asks", () => {
    always(
      ({ seen }) => seen.request?.verb === "clear",
      ({ state, decision }) =>
        state.phase.name === "rolled-back" && decision.next.phase.name === "idle",
    );
  });

  it("does nothing but refuse when it refuses, and leaves the state as it was", () => {
    always(
      ({ state, decision }) => decision.next === state && decision.actions.length === 0,
      code("refuse"),
    );
  });

  it("gives its reason as a sentence", () => {
    always(({ decision }) => /^\S.*\.$/.test(decision.reason), every);
  });
});
