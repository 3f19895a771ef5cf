import { isScalar, type Pair, parseDocument, type Scalar, type YAMLMap } from "yaml";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { Complaint, WRONG_USAGE } from "../terminal/complaint";

/** What a stack's file says of who is live and what runs. */
export interface StackFile {
  /** @default the file does not say, and Pulumi.yaml's default counts */
  live?: Color;
  /** Empty where the file names none. */
  images: { [color in Color]: string };
}

/** A change of a stack's file. */
export interface Change {
  /** Color that gets the image, and the payments. */
  target: Color;
  image: string;
  /** Why nobody's proof was waited for; it stands as a comment above the image. */
  forced?: string;
}

const LIVE = "payments:live";

function imageKey(color: Color): string {
  return `payments:${color}Image`;
}

/** Throws a complaint on a file that is no configuration. @param name of the file, for people */
export function readStackFile(text: string, name: string): StackFile {
  const values = configOf(text, name);
  const textOf = (key: string) => {
    const value = values.get(key)?.value;
    return isScalar(value) && value.value !== null ? String(value.value) : "";
  };
  const live = textOf(LIVE);
  const color = COLORS.find((one) => one === live);
  if (live !== "" && color === undefined)
    throw new Complaint(`${name}: ${LIVE}: got ${live}, allowed: blue or green.`, WRONG_USAGE);
  const images = { blue: textOf(imageKey("blue")), green: textOf(imageKey("green")) };
  return { images, ...(color && { live: color }) };
}

/**
 * The text with that change and no other: every byte beside the two values, and a comment that says why
 * something was forced, is kept. Throws a complaint where a value is not written on one line.
 */
export function changeStackFile(text: string, name: string, change: Change): string {
  const { target, image, forced } = change;
  const values = configOf(text, name);
  const key = imageKey(target);
  const pair = values.get(key);
  if (pair === undefined)
    throw new Complaint(
      `${name} has no ${key}: write it once by hand, with any image.`,
      WRONG_USAGE,
    );
  const live = values.get(LIVE);
  const edits = [
    replacement(text, pair, image, `${name}: ${key}`),
    ...comments(text, pair, forced),
    live === undefined
      ? lineBelow(text, pair, `${LIVE}: ${target}`)
      : replacement(text, live, target, `${name}: ${LIVE}`),
  ];
  return applied(text, edits);
}

type Values = Map<string, Pair<Scalar, unknown>>;

function configOf(text: string, name: string): Values {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined)
    throw new Complaint(`${name} is no YAML: ${error.message.split("\n")[0]}`, WRONG_USAGE);
  const config = document.get("config", true) as YAMLMap<Scalar, unknown> | undefined;
  const items = config?.items ?? [];
  return new Map(items.map((pair) => [String(pair.key.value ?? pair.key), pair]));
}

/** Takes some characters out and puts others in. */
interface Edit {
  at: number;
  length: number;
  text: string;
}

function applied(text: string, edits: Edit[]): string {
  const lastFirst = [...edits].sort((one, other) => other.at - one.at);
  return lastFirst.reduce(
    (sum, edit) => `${sum.slice(0, edit.at)}${edit.text}${sum.slice(edit.at + edit.length)}`,
    text,
  );
}

/** Neither images nor colors need quotes; whoever writes them keeps them. */
const QUOTES: { [type: string]: string } = { PLAIN: "", QUOTE_SINGLE: "'", QUOTE_DOUBLE: '"' };

function replacement(text: string, pair: Pair, value: string, what: string): Edit {
  const node = pair.value;
  const quote = isScalar(node) ? QUOTES[node.type ?? ""] : undefined;
  if (!isScalar(node) || !node.range || quote === undefined || node.anchor !== undefined)
    throw new Complaint(`${what}: write its value on one line, as a plain text.`, WRONG_USAGE);
  const [from, to] = node.range;
  const gap = from === to && !/\s/.test(text[from - 1] ?? "") ? " " : "";
  return { at: from, length: to - from, text: `${gap}${quote}${value}${quote}` };
}

/** Begins a comment that this tool wrote. */
const MARK = "# Forced on ";

/** The comment above the image: that of an older release goes with its image. */
function comments(text: string, pair: Pair, forced: string | undefined): Edit[] {
  const start = startOfLine(text, keyStart(pair));
  const old: Edit[] = [];
  for (let at = start; at > 0; ) {
    const before = startOfLine(text, at - 1);
    const line = text.slice(before, at);
    if (!line.trimStart().startsWith(MARK)) break;
    old.push({ at: before, length: line.length, text: "" });
    at = before;
  }
  if (forced === undefined) return old;
  const indent = text.slice(start, keyStart(pair));
  const comment = `${indent}${forced}${lineEnd(text, start)}`;
  return [...old, { at: start, length: 0, text: comment }];
}

/** @param day such as `2026-01-31` */
export function forcedComment(day: string, what: string, reason: string): string {
  return `${MARK}${day}, ${what}: ${reason.replace(/\s+/g, " ").trim()}`;
}

function lineBelow(text: string, pair: Pair, line: string): Edit {
  const start = startOfLine(text, keyStart(pair));
  const indent = text.slice(start, keyStart(pair));
  const end = text.indexOf("\n", keyStart(pair));
  const eol = lineEnd(text, start);
  return end < 0
    ? { at: text.length, length: 0, text: `${eol}${indent}${line}` }
    : { at: end + 1, length: 0, text: `${indent}${line}${eol}` };
}

function keyStart({ key }: Pair): number {
  return (key as Scalar).range?.[0] ?? 0;
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** How the line ends, or in a file of one line would. */
function lineEnd(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return end > 0 && text[end - 1] === "\r" ? "\r\n" : "\n";
}
