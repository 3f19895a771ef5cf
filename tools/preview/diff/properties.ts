import type { Properties } from "../../evaluate/values";

/** A value that differs, as deep inside as it can be told. */
export interface Difference {
  /** Such as `containerDefinitions[payments].image`. */
  path: string;
  /** Undefined: was not there. */
  before: unknown;
  /** Undefined: is there no longer. */
  after: unknown;
}

/** Every value that differs between two sets of inputs. Texts that hold JSON are looked into. */
export function differences(before: Properties, after: Properties): Difference[] {
  return inside("", before, after);
}

function inside(path: string, left: unknown, right: unknown): Difference[] {
  const before = opened(left);
  const after = opened(right);
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) return inObjects(path, before, after);
  if (holdsObjects(before) && holdsObjects(after)) return inLists(path, before, after);
  return [{ path, before, after }];
}

function inObjects(path: string, before: Properties, after: Properties): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const place = path === "" ? name : `${path}.${name}`;
    return inside(place, before[name], after[name]);
  });
}

function inLists(path: string, before: Properties[], after: Properties[]): Difference[] {
  const key = KEYS.find((name) => isKey(name, before) && isKey(name, after));
  const left = byKey(before, key);
  const right = byKey(after, key);
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
    inside(`${path}[${name}]`, left.get(name), right.get(name)),
  );
}

/** What AWS tells the items of its lists by: an item in between then moves no other. */
const KEYS = ["name", "Name", "Sid", "id", "Id", "key", "Key"];

function isKey(name: string, items: Properties[]): boolean {
  const values = items.map((item) => item[name]);
  const texts = values.every((value) => typeof value === "string");
  return texts && new Set(values).size === items.length;
}

function byKey(items: Properties[], key: string | undefined): Map<string, Properties> {
  return new Map(items.map((item, index) => [String(key === undefined ? index : item[key]), item]));
}

/** Policies, container definitions and templates travel as texts. */
function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function holdsObjects(value: unknown): value is Properties[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function same(before: unknown, after: unknown): boolean {
  return JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
}

/** The order of an object's names means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
