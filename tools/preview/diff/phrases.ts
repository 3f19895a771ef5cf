import type { ViolationJson } from "../policiesJson";
import type { Action, PropertyChange, ResourceChange } from "./compare";
import type { Comparison } from "./comparison";
import type { CostDiff } from "./cost";
import { PRICES } from "./prices";
import { shortened } from "./shorten";

/** In the order in which they are counted. */
export const ACTIONS: readonly Action[] = ["create", "update", "unsure", "replace", "delete"];

const COUNTED: { [action in Action]: string } = {
  create: "created",
  update: "changed",
  unsure: "changed where it is unknown whether they are replaced",
  replace: "replaced",
  delete: "deleted",
};

/** What happens to one resource. */
export const LABELS: { [action in Action]: string } = {
  create: "created",
  update: "changed",
  unsure: "changed; unknown whether it is replaced",
  replace: "replaced",
  delete: "deleted",
};

/** In front of a resource; the first character decides its color in a `diff` block. */
export const SIGNS: { [action in Action]: string } = {
  create: "+",
  update: "~",
  unsure: "?",
  replace: "±",
  delete: "-",
};

/** Such as `2 created, 1 replaced`. */
export function counts(changes: readonly ResourceChange[]): string {
  const parts = ACTIONS.flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${COUNTED[action]}`];
  });
  return parts.join(", ") || "no resource changes";
}

/** What is said where there is nothing to tell. */
export function nothing({ stack, against }: Comparison): string {
  return `${stack}: nothing changes against ${against}.`;
}

/** One line for one property. */
export function propertyLine({ path, before, after, effect, follows }: PropertyChange): string {
  const marks = { replaces: "  [replaces it]", unknown: "  [unknown whether it is replaced]" };
  const mark = effect === "in place" ? "" : marks[effect];
  if (follows !== undefined) return `${path}: may change, as it is made from ${follows}${mark}`;
  const values = shortened(before, after);
  return `${path}: ${values.before} → ${values.after}${mark}`;
}

export function protectionOf({ protect, action }: ResourceChange): string {
  const goes = action === "delete" || action === "replace";
  return protect && goes ? "  [protected: Pulumi refuses]" : "";
}

export function violationText({ rule, level, stack, name, message }: ViolationJson): string {
  return `${rule} (${level}), ${stack} ${name}: ${message}`;
}

/** Such as `+12.34`. */
export function signedUsd(usd: number): string {
  return `${usd < 0 ? "-" : "+"}${plainUsd(Math.abs(usd))}`;
}

export function plainUsd(usd: number): string {
  return usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function costHeadline({ before, after, lines }: CostDiff): string {
  if (lines.length === 0) return `no difference (${plainUsd(after)} USD a month are counted)`;
  return `${signedUsd(after - before)} USD a month, from ${plainUsd(before)} to ${plainUsd(after)}`;
}

export function costSource(): string {
  return `By ${PRICES.source}, ${PRICES.asOf}, for what is there without any load. Not counted: ${PRICES.notCounted}.`;
}
