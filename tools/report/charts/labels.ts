import type { Chart } from "./chart";
import type { Point } from "./points";

/** Where a threshold's label stands on its line. */
export const PLACES = [
  "insideEndTop",
  "insideEndBottom",
  "insideStartTop",
  "insideStartBottom",
] as const;
export type Place = (typeof PLACES)[number];

/** The plot, in pixels. */
export interface Plot {
  width: number;
  height: number;
  fontSize: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Width of a character for each pixel of the font's size, and room around a label, in pixels. */
const CHARACTER = 0.58;
const MARGIN = 5;

/**
 * Where the threshold labels stand: each where the fewest of the lines pass through it, and never on
 * another label.
 */
export function placeLabels(chart: Chart, plot: Plot): Place[] {
  const dots = chart.series.flatMap(({ points }) => dotsOf(points, chart, plot));
  const taken: Box[] = [];
  return chart.thresholds.map((_, index) => {
    const candidates = PLACES.map((place) => {
      const box = boxOf(chart, index, place, plot);
      const lines = dots.filter(([x, y]) => isIn(box, x, y)).length;
      const isOut = box.top < 0 || box.bottom > plot.height;
      const isOnLabel = taken.some((other) => overlap(box, other));
      return { place, box, cost: lines + (isOut ? 1e6 : 0) + (isOnLabel ? 1e6 : 0) };
    });
    const best = candidates.reduce((one, other) => (other.cost < one.cost ? other : one));
    taken.push(best.box);
    return best.place;
  });
}

function boxOf({ thresholds, values }: Chart, index: number, place: Place, plot: Plot): Box {
  const { value, label } = thresholds[index] ?? { value: values.min, label: "" };
  const y = heightOf(value, values, plot);
  const size = label.length * CHARACTER * plot.fontSize + 2 * MARGIN;
  const height = plot.fontSize + MARGIN;
  const left = place.includes("Start") ? 0 : plot.width - size;
  const top = place.endsWith("Top") ? y - height : y;
  return { left, right: left + size, top, bottom: top + height };
}

type Dot = [x: number, y: number];

const DOTS_BETWEEN = 8;

/** Points of the line, dense enough that none passes through a label unseen. */
function dotsOf(points: readonly Point[], { values, endSeconds }: Chart, plot: Plot): Dot[] {
  const dots = points.map(([at, value]): Dot | undefined =>
    value === null
      ? undefined
      : [(plot.width * at) / Math.max(endSeconds, 1), heightOf(value, values, plot)],
  );
  return dots.flatMap((dot, index): Dot[] => {
    const before = dots[index - 1];
    if (dot === undefined) return [];
    if (before === undefined) return [dot];
    return Array.from({ length: DOTS_BETWEEN }, (_, part): Dot => {
      const share = (part + 1) / DOTS_BETWEEN;
      return [before[0] + share * (dot[0] - before[0]), before[1] + share * (dot[1] - before[1])];
    });
  });
}

function heightOf(value: number, { kind, min, max }: Chart["values"], { height }: Plot): number {
  const scale = kind === "log" ? Math.log : (number: number) => number;
  return height * (1 - (scale(value) - scale(min)) / (scale(max) - scale(min)));
}

function isIn({ left, right, top, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}
