import type pc from "picocolors";
import type { Color } from "../../../lambdas/cutover/contract";
import { DRAWN, filledOf, type Glyphs, TYPED, wrap } from "../../terminal/layout";
import type { Terminal } from "../../terminal/terminal";

/** How a screen is drawn. */
export interface Look {
  /** Width in characters. */
  width: number;
  colors: ReturnType<typeof pc.createColors>;
  glyphs: Glyphs;
  /** Name of the time zone in which clocks are told. @default the machine's */
  timeZone?: string;
}

/** What a terminal, or whatever stands in its place, can show. */
export function lookOf({ interactive, colors, columns }: Terminal): Look {
  return { width: columns(), colors, glyphs: interactive ? DRAWN : TYPED };
}

/** Narrowest width at which a screen can be read. */
export const LEAST_WIDTH = 40;
/** Beyond it longer bars and lines tell no more. */
const MOST_WIDTH = 120;

/** Width of the names at the left. */
const LABEL = 10;

export type Paint = (text: string) => string;

export function widthOf({ width }: Look): number {
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width));
}

/** A name at the left, and a text in as many lines as it takes. */
export function row(look: Look, label: string, text: string, paint: Paint = plain): string[] {
  return rows(look, label, wrap(text, roomOf(look)), paint);
}

/** A name at the left, and lines that fit. */
export function rows(look: Look, label: string, lines: string[], paint: Paint = plain): string[] {
  return lines.map((line, index) => {
    const name = (index === 0 ? label : "").padEnd(LABEL);
    return `${look.colors.dim(name)}${paint(line)}`;
  });
}

function plain(text: string): string {
  return text;
}

/** Characters that a row has beside its name. */
export function roomOf(look: Look): number {
  return widthOf(look) - LABEL;
}

/** Longest bar: a longer one tells no more. */
const LONGEST_BAR = 40;

/**
 * A bar and what it says, on one line where both fit, else below each other.
 * @param share 0 to 1
 * @param short what it says where there is little room @default the same
 */
export function barRow(
  look: Look,
  label: string,
  share: number,
  long: string,
  paint: Paint,
  short = long,
): string[] {
  const room = roomOf(look);
  const text = room - long.length - 2 >= SHORTEST_BAR ? long : short;
  const beside = room - text.length - 2;
  if (beside >= SHORTEST_BAR) {
    const length = Math.min(LONGEST_BAR, barRoom(room));
    const fits = Math.min(length, beside);
    return rows(look, label, [`${bar(look, share, fits, paint)}  ${text}`]);
  }
  const drawn = bar(look, share, Math.min(LONGEST_BAR, room), paint);
  return [...rows(look, label, [drawn]), ...row(look, "", text)];
}

const SHORTEST_BAR = 8;

/** Bars of one screen have the same length wherever their texts let them. */
function barRoom(room: number): number {
  return Math.max(SHORTEST_BAR, Math.floor(room / 3));
}

export function bar({ colors, glyphs }: Look, share: number, length: number, paint: Paint): string {
  const filled = filledOf(share, length);
  const { full, empty } = glyphs;
  return `${paint(full.repeat(filled))}${colors.dim(empty.repeat(length - filled))}`;
}

/** Blue is blue, and green is green. */
export function paintOf(look: Look, color: Color): Paint {
  return color === "blue" ? look.colors.blue : look.colors.green;
}

/** Hours, minutes and seconds there. @param at epoch milliseconds */
export function clockOf({ timeZone }: Look, at: number): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Date(at).toLocaleTimeString("en-GB", { hourCycle: "h23", ...zone });
}
