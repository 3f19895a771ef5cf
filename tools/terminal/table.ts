import Table from "cli-table3";
import type { Terminal } from "./terminal";

/** Borders that any file and any terminal can show. */
const PLAIN_BORDERS = {
  ...{ top: "-", "top-mid": "+", "top-left": "+", "top-right": "+" },
  ...{ bottom: "-", "bottom-mid": "+", "bottom-left": "+", "bottom-right": "+" },
  ...{ left: "|", right: "|", middle: "|" },
};

/** Without these, nothing stands between two rows. */
const NO_LINES_BETWEEN = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** Of a table that the terminal, or whatever stands in its place, can show. */
export function bordersFor({ interactive }: Terminal) {
  return { ...NO_LINES_BETWEEN, ...(interactive ? {} : PLAIN_BORDERS) };
}

/** A table with a first row of headings. */
export function tableOf(head: string[], rows: string[][], terminal: Terminal): string {
  // Colors of its own would ignore what the terminal can show.
  const table = new Table({ style: { head: [], border: [] }, chars: bordersFor(terminal) });
  table.push(head, ...rows);
  return table.toString();
}
