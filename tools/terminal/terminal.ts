import * as readline from "node:readline";
import pc from "picocolors";

/** Where the output goes, and what it can show. */
export interface Terminal {
  /** Whether lines can be drawn over again; false for files and pipes. */
  interactive: boolean;
  colors: ReturnType<typeof pc.createColors>;
  /** Width in characters. */
  columns(): number;
  print(text: string): void;
  /** Draws these lines over those of the last drawing. They must not be wider than `columns`. */
  draw(lines: string[]): void;
  /** Prints a line above the drawing. */
  printAbove(line: string): void;
  /** Leaves the drawing where it stands; what follows is printed below. */
  endDrawing(): void;
}

const SHOW_CURSOR = "\u001b[?25h";
const HIDE_CURSOR = "\u001b[?25l";

/** `out` as a terminal; NO_COLOR and TERM=dumb are respected. */
export function openTerminal(out: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Terminal {
  const interactive = out.isTTY === true && environment.TERM !== "dumb";
  const colors = pc.createColors(interactive && !environment.NO_COLOR);
  let drawn: string[] = [];

  function draw(lines: string[]): void {
    out.cork();
    if (drawn.length === 0) out.write(HIDE_CURSOR);
    wipe();
    out.write(lines.map((line) => `${line}\n`).join(""));
    out.uncork();
    drawn = lines;
  }

  function wipe(): void {
    if (drawn.length === 0) return;
    readline.moveCursor(out, 0, -drawn.length);
    readline.cursorTo(out, 0);
    readline.clearScreenDown(out);
  }

  function printAbove(line: string): void {
    out.cork();
    wipe();
    out.write([line, ...drawn].map((text) => `${text}\n`).join(""));
    out.uncork();
  }

  function endDrawing(): void {
    if (drawn.length > 0) out.write(SHOW_CURSOR);
    drawn = [];
  }

  const print = (text: string) => void out.write(`${text}\n`);
  const columns = () => out.columns || 80;
  return { interactive, colors, columns, print, draw, printAbove, endDrawing };
}

/** Exit code that a shell gives to a program which was interrupted. */
const INTERRUPTED = 130;

/** The terminal of a command that draws: it ends well on Ctrl-C, and when nobody reads any more. */
export function openCommandTerminal(
  out: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Terminal {
  const terminal = openTerminal(out, environment);
  exitOnInterrupt(terminal);
  exitWhenNobodyReads(out);
  return terminal;
}

/** On Ctrl-C the terminal is left as it was found. */
function exitOnInterrupt(terminal: Terminal): void {
  process.once("SIGINT", () => {
    terminal.endDrawing();
    terminal.print("");
    process.exit(INTERRUPTED);
  });
}

/** When the reader of a pipe has seen enough, as `head` does, there is nobody left to tell. */
function exitWhenNobodyReads(out: NodeJS.WriteStream): void {
  out.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
