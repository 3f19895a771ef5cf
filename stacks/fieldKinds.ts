import * as z from "zod";

/** How a key's text, as Pulumi hands it over, becomes a value. The words are Pulumi.yaml's. */
export type FieldType = "string" | "integer" | "boolean" | "array";

/** One configuration key. Its description and default stand in Pulumi.yaml, which a test compares. */
export interface Field<T = unknown> {
  type: FieldType;
  schema: z.ZodType<T>;
  /** What is allowed, to stand after "allowed:". */
  allowed: string;
  /** What to do about a mistake, as a sentence. */
  advice: string;
  /** Undefined where the stack must set the key. */
  default?: T;
}

export function text(
  schema: z.ZodType<string>,
  allowed: string,
  advice: string,
  fallback?: string,
): Field<string> {
  const field = { type: "string" as const, schema, allowed, advice };
  return fallback === undefined ? field : { ...field, default: fallback };
}

export function integer(
  least: number,
  most: number,
  advice: string,
  fallback: number,
): Field<number> {
  const schema = z.number().int().min(least).max(most);
  const allowed = `a whole number from ${least} to ${most}`;
  return { type: "integer", schema, allowed, advice, default: fallback };
}

export function flag(advice: string, fallback = false): Field<boolean> {
  return {
    type: "boolean",
    schema: z.boolean(),
    allowed: "true or false",
    advice,
    default: fallback,
  };
}

export function array<T>(
  schema: z.ZodType<T>,
  allowed: string,
  advice: string,
  fallback: T,
): Field<T> {
  return { type: "array", schema, allowed, advice, default: fallback };
}

export function choice<const T extends string>(
  options: readonly T[],
  advice: string,
  fallback: NoInfer<T>,
): Field<T> {
  const schema = z.enum(options) as unknown as z.ZodType<T>;
  return { type: "string", schema, allowed: options.join(" or "), advice, default: fallback };
}
