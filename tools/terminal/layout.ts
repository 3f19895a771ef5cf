import { stripVTControlCharacters } from "node:util";

/** Characters that a text takes on a terminal, its colors not counted. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** The text without what would steer a terminal: people type reasons, and others read them. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}+/gu, " ");
}

/** The text, without colors, in lines of at most so many characters; a longer word is broken. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = "";
  for (const word of harmless(text)
    .split(/\s+/)
    .filter((one) => one !== "")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (joined.length <= room) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    for (; line.length > room; line = line.slice(room)) lines.push(line.slice(0, room));
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

/** One text at the left end of the line and one at its right; the right one goes where both do not fit. */
export function atBothEnds(left: string, right: string, width: number): string {
  const gap = width - visibleLength(left) - visibleLength(right);
  return gap < 2 ? left : `${left}${" ".repeat(gap)}${right}`;
}

/** What bars and marks are drawn with. */
export interface Glyphs {
  full: string;
  empty: string;
  done: string;
  current: string;
  ahead: string;
  good: string;
  bad: string;
  warning: string;
  unknown: string;
}

/** For terminals. */
export const DRAWN: Glyphs = {
  ...{ full: "█", empty: "░", done: "✔", current: "▶", ahead: "·" },
  ...{ good: "✔", bad: "✘", warning: "!", unknown: "?" },
};

/** That any file and any program can show. */
export const TYPED: Glyphs = {
  ...{ full: "#", empty: ".", done: "+", current: ">", ahead: "-" },
  ...{ good: "ok", bad: "NO", warning: "! ", unknown: "? " },
};

/** How many characters of a bar are full. Any share above nothing shows, and only all of it fills the bar. */
export function filledOf(share: number, length: number): number {
  if (!(share > 0)) return 0;
  if (share >= 1) return length;
  return Math.min(length - 1, Math.max(1, Math.round(share * length)));
}
