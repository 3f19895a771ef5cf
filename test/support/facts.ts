import {
  type Color,
  type Limits,
  type OperatorRequest,
  otherColor,
  type Plan,
  type Verb,
  type Weights,
  weightsFor,
} from "../../lambdas/cutover/contract";
import type { ColorFacts, Observation } from "../../lambdas/cutover/observe";
import { type Known, known, unknown } from "../../lambdas/cutover/ports";
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
  traffic: known({ payments: 1000, failures: 0 }),
};

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
  marks?: Pick<Cutover, "pausedBy" | "bakeSkipped" | "approvalAsked" | "approvedBy" | "frozen">;
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
  standby?: Partial<ColorFacts>;
  request?: OperatorRequest | undefined;
  now?: number;
}

/** An observation in which the weights are as on record and the standby color is healthy. */
export function seen(state: CutoverState, changes: SeenChanges = {}): Observation {
  const { weights = known(state.weights), standby, request: asked, now = NOW } = changes;
  const facts = { now, weights, standby: { ...HEALTHY, ...standby } };
  return asked === undefined ? facts : { ...facts, request: asked };
}

export const UNSEEN: Known<never> = unknown("TimeoutError: no answer");

function afterFailure(name: "rolling-back" | "rolled-back", live: Color): CutoverState {
  const { phase } = shifting({ live, bakingMinutesAgo: 1 });
  if (phase.name !== "shifting") throw new Error("a cutover must run before it can fail");
  const failed = { name, cutover: phase.cutover, cause: "on green, 9 of 10 payments failed" };
  return stateWith(failed, live, weightsFor(live, 100));
}

function stateWith(phase: Phase, live: Color, weights: Weights): CutoverState {
  return { schemaVersion: SCHEMA_VERSION, version: 7, live, weights, phase, lastCode: "" };
}
