import { PRICED } from "./costRules";
import type { ResourceSnapshot, Snapshot, StackSnapshot } from "./snapshot";

/** USD a month of what is always there, however little it is used. */
export interface CostDiff {
  /** All that is counted, before and after. */
  before: number;
  after: number;
  /** Only what differs, the largest difference first. */
  lines: CostLine[];
  /** What has a price that the table does not know, as sentences. */
  unknown: string[];
}

export interface CostLine {
  item: string;
  before: number;
  after: number;
}

/** One thing that is paid for. */
export interface Charge {
  item: string;
  /** USD a month; undefined: no table has it. */
  monthly: number | undefined;
  /** What it is, for the sentence that says that it has no price. */
  what: string;
}

/** Finds other resources of the same stacks. */
export interface Surroundings {
  all: readonly ResourceSnapshot[];
  /** Those that an input is made from. */
  sources(resource: ResourceSnapshot, input: string): ResourceSnapshot[];
  settings: { readonly [key: string]: string };
}

export function costDiff(before: Snapshot, after: Snapshot): CostDiff {
  const [old, now] = [chargesOf(before), chargesOf(after)];
  const items = [...new Set([...old, ...now].map(({ item }) => item))];
  const lines = items
    .map((item) => ({ item, before: sum(old, item), after: sum(now, item) }))
    .filter((line) => Math.abs(line.after - line.before) >= LEAST_DIFFERENCE)
    .sort((one, other) => size(other) - size(one));
  const nameless = now.filter(({ monthly }) => monthly === undefined).map(({ what }) => what);
  return {
    before: sum(old),
    after: sum(now),
    lines,
    unknown: [...new Set(nameless)].map((what) => `The price table does not have ${what}.`),
  };
}

/** USD; less is rounding. */
const LEAST_DIFFERENCE = 0.005;

function size({ before, after }: CostLine): number {
  return Math.abs(after - before);
}

function sum(charges: readonly Charge[], item?: string): number {
  return charges
    .filter((charge) => item === undefined || charge.item === item)
    .reduce((total, { monthly = 0 }) => total + monthly, 0);
}

export function chargesOf({ stacks }: Snapshot): Charge[] {
  return stacks.flatMap((stack) => {
    const around = surroundings(stack);
    return stack.resources.flatMap((resource) => PRICED[resource.type]?.(resource, around) ?? []);
  });
}

function surroundings({ resources, settings }: StackSnapshot): Surroundings {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const sources = ({ madeFrom }: ResourceSnapshot, input: string) =>
    (madeFrom[input] ?? []).flatMap((urn) => byUrn.get(urn) ?? []);
  return { all: resources, sources, settings };
}
