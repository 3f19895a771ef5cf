import type { PropertyChange, ResourceChange } from "../../../../tools/preview/diff/compare";
import { type Comparison, comparisonOf } from "../../../../tools/preview/diff/comparison";
import type { ResourceSnapshot, Snapshot } from "../../../../tools/preview/diff/snapshot";
import type { ViolationJson } from "../../../../tools/preview/policiesJson";

/** A resource of stack prod, by hand. */
export function resource(
  type: string,
  name: string,
  inputs: ResourceSnapshot["inputs"] = {},
  more: Partial<ResourceSnapshot> = {},
): ResourceSnapshot {
  return {
    ...{ urn: urnOf(type, name), type, name, within: ["environment-prod"], made: true, inputs },
    ...{ protect: false, ignoreChanges: [], replaceOnChanges: [], madeFrom: {} },
    ...more,
  };
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:prod::payments::${type}::${name}`;
}

export const SETTINGS = { live: "blue", layers: '["service"]', releaseGate: "attached" };

/** One stack, prod, that owns the service layer. */
export function snapshot(
  resources: ResourceSnapshot[],
  settings: { [key: string]: string } = {},
  violations: ViolationJson[] = [],
): Snapshot {
  const stacks = [{ stack: "prod", settings: { ...SETTINGS, ...settings }, resources }];
  return { stacks, violations, mistakes: [] };
}

export function violation(name: string, level: ViolationJson["level"] = "mandatory") {
  const urn = urnOf("aws:sns/topic:Topic", name);
  const what = { stack: "prod", rule: "sns-cmk", level, controls: {}, type: "aws:sns/topic:Topic" };
  return { ...what, name, urn, message: `kmsMasterKeyId of ${name}: got nothing` };
}

export function compare(before: Snapshot, after: Snapshot): Comparison {
  return comparisonOf("prod", "main (0123456789ab)", before, after);
}

/** Both revisions with the same resources but for the inputs of one. */
export function compareInputs(
  type: string,
  before: ResourceSnapshot["inputs"],
  after: ResourceSnapshot["inputs"],
  more: Partial<ResourceSnapshot> = {},
): ResourceChange[] {
  const of = (inputs: ResourceSnapshot["inputs"]) =>
    snapshot([resource(type, "it-prod", inputs, more)]);
  return compare(of(before), of(after)).changes;
}

/** A change as `create topic-prod`. */
export function brief({ action, name }: ResourceChange): string {
  return `${action} ${name}`;
}

export function briefProperty({ path, before, after, effect }: PropertyChange): string {
  return `${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}, ${effect}`;
}
