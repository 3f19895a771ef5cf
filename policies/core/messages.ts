import { shown, type Value } from "./values";

/** `kmsKeyId: got nothing, allowed: a key of ours. Set it.` */
export function mistake(name: string, got: Value, allowed: string, mend: string): string {
  return `${name}: got ${shown(got)}, allowed: ${allowed}. ${mend}`;
}

/** The mistake, unless all is well. */
export function must(
  holds: boolean,
  name: string,
  got: Value,
  allowed: string,
  mend: string,
): string[] {
  return holds ? [] : [mistake(name, got, allowed, mend)];
}

/** The message where something is wrong that no single value shows. */
export function when(wrong: boolean, message: string): string[] {
  return wrong ? [message] : [];
}
