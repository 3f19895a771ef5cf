import { compareSnapshots, type ResourceChange } from "./compare";
import { type CostDiff, costDiff } from "./cost";
import { type PolicyDiff, policyDiff } from "./policyDiff";
import type { Snapshot } from "./snapshot";
import { type Warning, warningsOf } from "./warnings";

/** Everything that is said about a change. */
export interface Comparison {
  stack: string;
  /** The other revision, as people read it: `main (1a2b3c4d5e6f)`. */
  against: string;
  /** Whether the other revision has the stack at all. */
  known: boolean;
  changes: ResourceChange[];
  warnings: Warning[];
  policies: PolicyDiff;
  cost: CostDiff;
}

/** @param stack the one that was asked for; what it reads from is compared too */
export function comparisonOf(
  stack: string,
  against: string,
  before: Snapshot,
  after: Snapshot,
): Comparison {
  const changes = compareSnapshots(before, after);
  return {
    stack,
    against,
    known: before.stacks.length > 0,
    changes,
    warnings: warningsOf(before, after, changes),
    policies: policyDiff(before, after),
    cost: costDiff(before, after),
  };
}

/** Whether there is nothing to tell. */
export function isEmpty({ changes, warnings, policies, cost }: Comparison): boolean {
  const { added, mended } = policies;
  return [changes, warnings, added, mended, cost.lines].every((list) => list.length === 0);
}

/** Whether a deployment would be refused. */
export function isRefused({ policies }: Comparison): boolean {
  return policies.mandatory > 0 || policies.mistakes.length > 0;
}
