import { stripVTControlCharacters } from "node:util";

/** A picture that takes the whole terminal and leaves it as it was found. */
export interface FullScreen {
  /** Draws these lines in place of the last; of those that do not fit, the last above the footer are left out. */
  draw(lines: string[], footer: string): void;
  close(): void;
}

const [SHOW_CURSOR, HIDE_CURSOR] = ["\u001b[?25h", "\u001b[?25l"];
/** The screen beside the one that scrolls: what stood there comes back by itself. */
const [ENTER, LEAVE] = ["\u001b[?1049h", "\u001b[?1049l"];
const [HOME, CLEAR_LINE, CLEAR_BELOW] = ["\u001b[H", "\u001b[K", "\u001b[J"];

const SMALLEST_ROWS = 2;

export function openFullScreen(out: NodeJS.WriteStream): FullScreen {
  let isOpen = true;
  out.write(`${ENTER}${HIDE_CURSOR}`);

  function draw(lines: string[], footer: string): void {
    if (!isOpen) return;
    const rows = Math.max(SMALLEST_ROWS, out.rows || Number.POSITIVE_INFINITY);
    // The last row stays empty: the cursor stands there.
    const kept = [...lines.slice(0, rows - 2), footer];
    const shown = kept.map((line) => fitted(line, out.columns || line.length));
    out.write(`${HOME}${shown.map((line) => `${line}${CLEAR_LINE}\r\n`).join("")}${CLEAR_BELOW}`);
  }

  function close(): void {
    if (isOpen) out.write(`${SHOW_CURSOR}${LEAVE}`);
    isOpen = false;
  }

  return { draw, close };
}

/** A line that is too long, as when the window has just become narrower, loses its colors with its end. */
function fitted(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : plain.slice(0, columns);
}
