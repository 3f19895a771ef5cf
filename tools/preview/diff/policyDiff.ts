import type { ViolationJson } from "../policiesJson";
import type { Snapshot } from "./snapshot";

/** What the policies say of the one revision and not of the other; both are judged by this checkout's rules. */
export interface PolicyDiff {
  /** Violations that the change brings. */
  added: ViolationJson[];
  /** Violations that the change mends. */
  mended: ViolationJson[];
  /** Mandatory violations after the change, whoever brought them: a deployment is refused. */
  mandatory: number;
  /** What is wrong with the policies' own exemptions. */
  mistakes: string[];
}

export function policyDiff(before: Snapshot, after: Snapshot): PolicyDiff {
  const keys = ({ violations }: Snapshot) => new Set(violations.map(keyOf));
  const [old, now] = [keys(before), keys(after)];
  return {
    added: after.violations.filter((one) => !old.has(keyOf(one))),
    mended: before.violations.filter((one) => !now.has(keyOf(one))),
    mandatory: after.violations.filter(({ level }) => level === "mandatory").length,
    mistakes: after.mistakes,
  };
}

/** Without the message: it holds values, and a violation by another value is the same violation. */
function keyOf({ stack, rule, level, urn }: ViolationJson): string {
  return [stack, rule, level, urn].join(" ");
}
