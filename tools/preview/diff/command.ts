import { randomBytes } from "node:crypto";
import type { Colors } from "../colors";
import { type Comparison, comparisonOf } from "./comparison";
import { comparisonMarkdown } from "./markdown";
import { unmarked } from "./mask";
import { otherSnapshot } from "./otherRevision";
import { findRevision, titleOf } from "./revision";
import { takeSnapshot } from "./snapshot";
import { comparisonText, exitCodeOf } from "./text";

export interface DiffOptions {
  /** Holds Pulumi.yaml, in a git checkout. */
  directory: string;
  stack: string;
  /** The revision to compare with: a branch, tag or commit. */
  ref: string;
  format: "text" | "markdown" | "json";
  /** For text. */
  colors: Colors;
}

/**
 * Compares this checkout, as it lies there, with another revision of it.
 * @throws {UsageError} where the ref names none, or its program does not evaluate; this checkout's own error
 * where its program does not
 */
export async function diff(options: DiffOptions): Promise<{ text: string; exitCode: 0 | 1 }> {
  const { directory, stack, ref } = options;
  const revision = findRevision(directory, ref);
  const request = { directory, stack, key: randomBytes(32).toString("hex") };
  // The other revision has a process of its own, so both run at once.
  const other = otherSnapshot(revision, request);
  other.catch(() => {});
  const after = await takeSnapshot(request);
  const comparison = comparisonOf(stack, titleOf(revision), await other, after);
  return { text: rendered(comparison, options), exitCode: exitCodeOf(comparison) };
}

function rendered(comparison: Comparison, { format, colors }: DiffOptions): string {
  switch (format) {
    case "json":
      return comparisonJson(comparison);
    case "markdown":
      return comparisonMarkdown(comparison);
    default:
      return comparisonText(comparison, colors);
  }
}

/** What `--json` prints: values in full, without secrets. */
export function comparisonJson(comparison: Comparison): string {
  return `${unmarked(JSON.stringify(comparison, undefined, 2))}\n`;
}
