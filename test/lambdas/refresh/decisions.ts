import assert from "node:assert/strict";
import { type Decision, decide, type Step } from "../../../lambdas/refresh/decide";
import type { Observation, Sighting } from "../../../lambdas/refresh/observe";
import { seen } from "./facts";

/** `refresh: restart blue`, or `hold-cutover: nothing, again`. */
export function inWords({ code, moves, again }: Decision): string {
  const steps = moves.flatMap((move) => move.steps.map(stepInWords));
  return `${code}: ${steps.join(", ") || "nothing"}${again ? ", again" : ""}`;
}

function stepInWords(step: Step): string {
  const arn = step.kind === "restart-service" ? step.serviceArn : step.taskArn;
  const [name] = arn.split(/[/:]/).slice(-1);
  return `${step.kind.split("-")[0]} ${name?.toLowerCase()}`;
}

/** One row of a table: what is seen, and the decision in words. */
export type Row = [
  behavior: string,
  sightings: Sighting[],
  expected: string,
  /** Words that the reason must have. */
  reason?: string,
  changes?: Partial<Observation>,
];

export function decisions(rows: Row[]): void {
  for (const [behavior, sightings, expected, words = "", changes] of rows)
    it(behavior, () => {
      const decision = decide(seen(sightings, changes));
      assert.equal(inWords(decision), expected);
      assert.ok(decision.reason.includes(words), decision.reason);
    });
}

export const CURRENT = "current: nothing";
