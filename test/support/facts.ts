import {
  type Color,
  DEFAULT_LIMITS,
  type Limits,
  type OperatorRequest,
  otherColor,
  type Plan,
  type Verb,
  type Weights,
  weightsFor,
} from "../../lambdas/cutover/contract";
import type { ColorFacts, Observation } from "../../lambdas/cutover/observe";
import {
  type Counts,
  type Known,
  known,
  type RedAlarm,
  type SourceName,
  type SwitchoverStanding,
  type TrafficFacts,
  unknown,
} from "../../lambdas/cutover/ports";
import {
  type Cutover,
  type CutoverState,
  type Phase,
  SCHEMA_VERSION,
} from "../../lambdas/cutover/state";

/** States and observations to start a test from: all is well unless the test says otherwise. */

export const MINUTE = 60_000;
export const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);

export const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  maxErrorsPerThousand: 10,
  minimumPayments: 200,
  longestHoldMinutes: 30,
};

export const PLAN: Plan = {
  steps: [
    { weightPercent: 10, bakeMinutes: 5 },
    { weightPercent: 50, bakeMinutes: 5 },
    { weightPercent: 100, bakeMinutes: 5 },
  ],
  limits: LIMITS,
};

export const HEALTHY: ColorFacts = {
  targets: known({ healthy: 3, unhealthy: 0, initial: 0 }),
  redAlarms: known([]),
};

/** What both colors served shortly before `NOW`; the standby color is green unless blue is told. */
export interface Served {
  standby?: Partial<Counts>;
  live?: Partial<Counts>;
  source?: SourceName;
  target?: Color;
  /** Epoch milliseconds. @default 20 seconds before `NOW`, or the minute before it */
  at?: number;
}

/** All payments were measured, and none failed or was slow, unless the test says otherwise. */
export function served(given: Served): TrafficFacts {
  const { source = "application", target = "green" } = given;
  const { at = source === "application" ? NOW - 20_000 : NOW - MINUTE } = given;
  const counts = (some: Partial<Counts> = {}): Counts => {
    const { payments = 0, failures = 0, slow = 0, rejected = 0 } = some;
    return { payments, failures, timed: some.timed ?? payments - failures, slow, rejected };
  };
  const [standby, live] = [counts(given.standby), counts(given.live)];
  const period =
    target === "green" ? { at, green: standby, blue: live } : { at, blue: standby, green: live };
  return { application: known([]), loadBalancer: known([]), [source]: known([period]) };
}

/** Enough to go on, and nothing that speaks against it. */
export function healthyTraffic(target: Color, now = NOW): TrafficFacts {
  const at = Math.floor((now - 20_000) / 10_000) * 10_000;
  return served({ target, at, standby: { payments: 1000 }, live: { payments: 1000 } });
}

export const NO_TRAFFIC: TrafficFacts = { application: known([]), loadBalancer: known([]) };
export const FEW = served({ standby: { payments: 10 }, live: { payments: 90 } });
export const FAILING = served({
  standby: { payments: 1000, failures: 100 },
  live: { payments: 1000, failures: 1 },
});

/** Red alarms, whose names begin with their colors. */
export function red(...names: string[]): Known<RedAlarm[]> {
  const swap = { blue: "green", green: "blue" };
  const counterpartOf = (name: string) =>
    name.replace(/^(blue|green)/, (color) => swap[color as Color]);
  return known(names.map((name) => ({ name, counterpart: counterpartOf(name) })));
}

export function request(verb: Verb): OperatorRequest {
  return { verb, who: "alice", why: "release 42" };
}

export function idle(live: Color = "blue"): CutoverState {
  return stateWith({ name: "idle" }, live, weightsFor(live, 100));
}

/** Where in its plan a running cutover stands, in minutes before `NOW`. */
export interface Position {
  stepIndex?: number;
  enteredMinutesAgo?: number;
  /** Undefined while the step's weights have not been seen in place. */
  bakingMinutesAgo?: number | undefined;
  live?: Color;
  /** What people have done to the cutover. */
  marks?: Partial<
    Pick<
      Cutover,
      | "pausedBy"
      | "bakeSkipped"
      | "approvalAsked"
      | "approvedBy"
      | "frozen"
      | "redBefore"
      | "troubledSince"
      | "evidence"
      | "switchover"
    >
  >;
  plan?: Plan;
}

export function shifting(position: Position = {}): CutoverState {
  const { stepIndex = 0, enteredMinutesAgo = 2, bakingMinutesAgo, live = "blue" } = position;
  const { plan = PLAN } = position;
  const target = otherColor(live);
  const cutover = {
    id: "2026-01-15T11:00:00.000Z",
    target,
    plan,
    requestedBy: "alice",
    stepIndex,
    stepEnteredAt: NOW - enteredMinutesAgo * MINUTE,
    ...(bakingMinutesAgo === undefined ? {} : { bakingSince: NOW - bakingMinutesAgo * MINUTE }),
    ...position.marks,
  };
  const share = PLAN.steps[stepIndex]?.weightPercent ?? 0;
  return stateWith({ name: "shifting", cutover }, live, weightsFor(target, share));
}

export function rollingBack(live: Color = "blue"): CutoverState {
  return afterFailure("rolling-back", live);
}

export function latched(live: Color = "blue"): CutoverState {
  return afterFailure("rolled-back", live);
}

export interface SeenChanges {
  weights?: Known<Weights>;
  /** @default as on record, where the record says anything */
  awsPercent?: Known<number> | undefined;
  standby?: Partial<ColorFacts>;
  live?: Partial<ColorFacts>;
  traffic?: TrafficFacts;
  /** @default nobody can move the writer */
  switchover?: Known<SwitchoverStanding>;
  request?: OperatorRequest | undefined;
  now?: number;
}

/** An observation in which the weights are as on record and both colors are healthy. */
export function seen(state: CutoverState, changes: SeenChanges = {}): Observation {
  const { weights = known(state.weights), request: asked, now = NOW } = changes;
  const { traffic = healthyTraffic(otherColor(state.live)), switchover } = changes;
  const standby = { ...HEALTHY, ...changes.standby };
  const live = { ...HEALTHY, ...changes.live };
  const onRecord = state.awsPercent === undefined ? undefined : known(state.awsPercent);
  const awsPercent = "awsPercent" in changes ? changes.awsPercent : onRecord;
  return {
    ...{ now, weights, standby, live, traffic },
    ...(awsPercent && { awsPercent }),
    ...(switchover && { switchover }),
    ...(asked && { request: asked }),
  };
}

export const UNSEEN: Known<never> = unknown("TimeoutError: no answer");

function afterFailure(name: "rolling-back" | "rolled-back", live: Color): CutoverState {
  const { phase } = shifting({ live, bakingMinutesAgo: 1 });
  if (phase.name !== "shifting") throw new Error("a cutover must run before it can fail");
  const cause = "on green, 9 of 10 payments failed";
  const failed = { cutover: phase.cutover, cause };
  return stateWith(
    name === "rolled-back" ? { name, ...failed } : { name, ...failed },
    live,
    weightsFor(live, 100),
  );
}

function stateWith(phase: Phase, live: Color, weights: Weights): CutoverState {
  return { schemaVersion: SCHEMA_VERSION, version: 7, live, weights, phase, lastCode: "" };
}
