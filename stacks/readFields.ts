import { closest } from "fastest-levenshtein";
import type { Field } from "./fieldKinds";
import { FIELDS, type FieldKey, type FieldValues } from "./fields";

/** One thing wrong with the configuration. */
export interface Mistake {
  /** The full key, such as `payments:service.port`. */
  key: string;
  /** What it got, what is allowed, what to do. */
  message: string;
}

/**
 * Reads every known key of a project's namespace and finds every mistake in them, and every key
 * that is not known. `values` holds the keys that are right.
 */
export function readFields(
  raw: { [key: string]: string },
  namespace: string,
): { values: Partial<FieldValues>; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const values: { [key: string]: unknown } = {};
  for (const [name, field] of Object.entries<Field>(FIELDS)) {
    const key = `${namespace}:${name}`;
    const result = readField(field, raw[key]);
    if ("problem" in result) mistakes.push({ key, message: result.problem });
    else values[name] = result.value;
  }
  for (const key of Object.keys(raw))
    if (key.startsWith(`${namespace}:`) && !(key.slice(namespace.length + 1) in FIELDS))
      mistakes.push(unknownKey(key, namespace));
  return { values: values as Partial<FieldValues>, mistakes };
}

function readField(
  field: Field,
  text: string | undefined,
): { value: unknown } | { problem: string } {
  if (text === undefined) {
    if (field.default !== undefined) return { value: field.default };
    return { problem: `got nothing, allowed: ${field.allowed}. ${field.advice}` };
  }
  const parsed = field.schema.safeParse(decode(field, text));
  if (parsed.success) return { value: parsed.data };
  // Only messages of our own rules say more than `allowed` does.
  const details = parsed.error.issues.filter(
    (issue) => issue.code === "custom" && issue.message !== "Invalid input",
  );
  const why = details.length === 0 ? "" : ` (${details.map((issue) => issue.message).join("; ")})`;
  return {
    problem: `got ${text === "" ? "nothing" : text}, allowed: ${field.allowed}${why}. ${field.advice}`,
  };
}

/** The text as a value of the field's type, or as it is where it cannot be one. */
function decode(field: Field, text: string): unknown {
  switch (field.type) {
    case "string":
      return text;
    case "integer":
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "array":
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
  }
}

function unknownKey(key: string, namespace: string): Mistake {
  const known = Object.keys(FIELDS) as FieldKey[];
  const nearest = closest(key.slice(namespace.length + 1), known);
  return {
    key,
    message: `is not a known key. Did you mean ${namespace}:${nearest}? Pulumi.yaml lists all keys.`,
  };
}
