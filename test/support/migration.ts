import { type Color, type Plan, weightsFor } from "../../lambdas/cutover/contract";
import { type CutoverState, type Migration, SCHEMA_VERSION } from "../../lambdas/cutover/state";
import { MINUTE, NOW, PLAN } from "./facts";

/** States of an environment with an on-premises endpoint, to start a test from. */

export const MIGRATION_PLAN: Plan = {
  ...PLAN,
  migration: {
    steps: [
      { awsPercent: 10, bakeMinutes: 5 },
      { awsPercent: 50, bakeMinutes: 5 },
      { awsPercent: 100, bakeMinutes: 5 },
    ],
  },
};

/** Where in its plan a running migration stands, in minutes before `NOW`. */
export interface Place {
  stepIndex?: number;
  enteredMinutesAgo?: number;
  /** Negative: DNS has not reached everybody. Undefined: the weights have not been seen in place. */
  bakingMinutesAgo?: number | undefined;
  fromPercent?: number;
  live?: Color;
  marks?: Partial<Migration>;
  plan?: Plan;
}

export function migrating(place: Place = {}): CutoverState {
  const { stepIndex = 0, enteredMinutesAgo = 4, bakingMinutesAgo, live = "blue" } = place;
  const { plan = MIGRATION_PLAN, fromPercent = 0 } = place;
  const migration: Migration = {
    id: "2026-01-15T11:00:00.000Z",
    plan,
    requestedBy: "alice",
    fromPercent,
    stepIndex,
    stepEnteredAt: NOW - enteredMinutesAgo * MINUTE,
    ...(bakingMinutesAgo === undefined ? {} : { bakingSince: NOW - bakingMinutesAgo * MINUTE }),
    ...place.marks,
  };
  const awsPercent = plan.migration?.steps[stepIndex]?.awsPercent ?? 0;
  return { ...atRest(awsPercent, live), phase: { name: "migrating", migration } };
}

export function migratingBack(place: Place = {}): CutoverState {
  return afterFailure("migrating-back", place);
}

export function latchedAfterMigration(place: Place = {}): CutoverState {
  return afterFailure("rolled-back", place);
}

/** Nothing moves, and DNS leads that percentage of the clients to AWS. */
export function atRest(awsPercent: number, live: Color = "blue"): CutoverState {
  return {
    ...{ schemaVersion: SCHEMA_VERSION, version: 7, live, lastCode: "" },
    ...{ weights: weightsFor(live, 100), awsPercent, phase: { name: "idle" } },
  };
}

function afterFailure(name: "migrating-back" | "rolled-back", place: Place): CutoverState {
  const state = migrating(place);
  if (state.phase.name !== "migrating") throw new Error("a migration must run before it can fail");
  const { migration } = state.phase;
  const cause = "on blue, 9 of 10 payments failed";
  const failed = { migration, cause };
  const phase = name === "rolled-back" ? { name, ...failed } : { name, ...failed };
  return { ...state, awsPercent: migration.fromPercent, phase };
}
