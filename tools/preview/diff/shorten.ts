import { unmarked } from "./mask";

/** Characters of a value that are shown; `--json` has all. */
const WIDTH = 80;
/** Characters before the first difference that are kept, to tell where it is. */
const CONTEXT = 16;

/** Both values as text, cut to where they begin to differ. */
export function shortened(before: unknown, after: unknown): { before: string; after: string } {
  const left = shown(before);
  const right = shown(after);
  const start = Math.max(left.length, right.length) <= WIDTH ? 0 : commonStart(left, right);
  return { before: cut(left, start), after: cut(right, start) };
}

function commonStart(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return Math.max(0, length - CONTEXT);
}

function cut(text: string, start: number): string {
  const head = start > 0 && text.length > start ? "…" : "";
  const rest = head === "" ? text : text.slice(start);
  return head + (rest.length <= WIDTH ? rest : `${rest.slice(0, WIDTH - 1)}…`);
}

/** One line, without secrets' marks. */
export function shown(value: unknown): string {
  if (value === undefined) return "(none)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return '""';
  return unmarked(text).replace(/\s+/g, " ");
}
