import assert from "node:assert/strict";
import { type Color, type Plan, type Weights, weightsFor } from "../../lambdas/cutover/contract";
import { type Action, type Decision, decide } from "../../lambdas/cutover/decide";
import { known } from "../../lambdas/cutover/ports";
import type { CutoverState } from "../../lambdas/cutover/state";
import { PLAN, type SeenChanges, seen, UNSEEN } from "./facts";

/**
 * One row of a decision table: the sentence, the state, what differs from a healthy observation,
 * the decision in words, and, where it matters, a part of the sentence that goes on record.
 */
export type Row = [it: string, CutoverState, SeenChanges, decided: string, because?: string];

/** A test for each row. */
export function decisions(rows: Row[], plan: Plan = PLAN): void {
  for (const [sentence, state, changes, decided, because = ""] of rows)
    it(sentence, () => {
      const decision = decide(state, seen(state, changes), plan);
      assert.equal(inWords(decision), decided, decision.reason);
      assert.ok(decision.reason.includes(because), decision.reason);
    });
}

/** Code, what goes on record, and what is then done: `promote: shifting, 50/50; set 50/50, notify`. */
export function inWords({ code, next, actions }: Decision): string {
  const done = actions.map(actionInWords).join(", ") || "nothing";
  const clients = next.awsPercent === undefined ? "" : `, ${next.awsPercent} %`;
  return `${code}: ${next.phase.name}, ${weightsInWords(next.weights)}${clients}; ${done}`;
}

export function actionInWords(action: Action): string {
  if (action.kind === "set-aws-percent") return `lead ${action.percent} %`;
  return action.kind === "set-weights" ? `set ${weightsInWords(action.weights)}` : action.kind;
}

/** Percent on blue and on green, such as `90/10`. */
export function weightsInWords({ blue, green }: Weights): string {
  return `${blue}/${green}`;
}

/** A rollback in words, whatever the weights were. */
export function rolledBackTo(live: Color): string {
  const weights = weightsInWords(weightsFor(live, 100));
  return `roll-back: rolling-back, ${weights}; set ${weights}, notify`;
}

/** Weights that nobody intended, and weights that cannot be read. */
export const TOUCHED: SeenChanges = { weights: known({ blue: 63, green: 37 }) };
export const UNREAD: SeenChanges = { weights: UNSEEN };
