/**
 * Values of a resource's properties, and questions about them that an unknown value answers in favor
 * of the resource: what cannot be known is neither right nor wrong, and is checked once it is known.
 */

class Unknown {
  /** As messages show it. */
  toString(): string {
    return "[unknown]";
  }

  toJSON(): string {
    return "[unknown]";
  }
}

/** Stands for a value that only a deployment tells, or CloudFormation. Equal to nothing else. */
export const UNKNOWN = new Unknown();

export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | Unknown
  | readonly Value[]
  | Properties;

export interface Properties {
  readonly [name: string]: Value;
}

export function isObject(value: Value): value is Properties {
  return typeof value === "object" && value !== null && !isList(value) && value !== UNKNOWN;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** What stands at the path; unknown where a value on the way is. */
export function at(value: Value, ...path: (string | number)[]): Value {
  let current = value;
  for (const step of path) {
    if (current === UNKNOWN) return UNKNOWN;
    if (isList(current)) current = current[Number(step)];
    else if (isObject(current)) current = current[step];
    else return undefined;
  }
  return current;
}

/** True where nothing is given. An unknown value is given. */
export function isMissing(value: Value): boolean {
  return value === undefined || value === null || value === "";
}

/** Whether the value is, or may turn out to be, one of these. */
export function canBe(value: Value, ...allowed: Value[]): boolean {
  return value === UNKNOWN || allowed.includes(value);
}

/** Whether the number is, or may turn out to be, within these bounds. Numbers may come as texts. */
export function canBeWithin(value: Value, least: number, most = Number.POSITIVE_INFINITY): boolean {
  if (value === UNKNOWN) return true;
  const number = numberOf(value);
  return number !== undefined && number >= least && number <= most;
}

export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
    return Number(value);
  return undefined;
}

/** Whether the text does, or may turn out to, match. */
export function canMatch(value: Value, pattern: RegExp): boolean {
  return value === UNKNOWN || (typeof value === "string" && pattern.test(value));
}

/** The elements that are known of; one value alone counts as a list of it. */
export function items(value: Value): readonly Value[] {
  if (isMissing(value) || value === UNKNOWN) return [];
  return isList(value) ? value : [value];
}

/** Whether an element passes, or may turn out to. */
export function canSome(list: Value, test: (item: Value) => boolean): boolean {
  return list === UNKNOWN || items(list).some((item) => item === UNKNOWN || test(item));
}

/** What a text holds as JSON. An object is taken as it is: templates hold it so. */
export function parsed(value: Value): Value {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return undefined;
  }
}

/** Longer values are cut in messages. */
const SHOWN_CHARACTERS = 80;

/** The value as a message shows it. Only for properties that never hold a secret. */
export function shown(value: Value): string {
  if (isMissing(value)) return "nothing";
  if (value === UNKNOWN) return "what is not known yet";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS - 3)}...`;
}
