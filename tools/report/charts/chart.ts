import type { ValueAxis } from "./axis";
import type { Band, Point } from "./points";

/** A color of the page, as the style sheet names it. */
export type Tone = "blue" | "green" | "clients" | "worse" | "clear";

/** Tells lines apart where colors do not. */
export type Dash = "solid" | "dashed" | "dotted";

export interface Series {
  name: string;
  tone: Tone;
  dash: Dash;
  /** Whether the area below is tinted. */
  isFilled?: true;
  points: Point[];
}

/** A value that something is held against. */
export interface Threshold {
  value: number;
  label: string;
  /** @default no series' own */
  tone?: Tone;
}

/** All that one chart shows; how wide it is drawn is another question. */
export interface Chart {
  name: "weights" | "failed" | "slow" | "evidence";
  title: string;
  /** What the values are, for the title's side. */
  unit: string;
  endSeconds: number;
  values: ValueAxis;
  series: Series[];
  thresholds: Threshold[];
  /** Times in which payments waited for a database that takes writes. */
  waits: Band[];
  /** When something happened that has a mark, in seconds; below `endSeconds`. */
  moments: number[];
  /** What it shows, in sentences, for those who do not see it. */
  inWords: string;
}

/** How each color is drawn, everywhere. */
export const COLOR_DASH: { [color in "blue" | "green"]: Dash } = { blue: "dashed", green: "solid" };
