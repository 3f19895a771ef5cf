import type { Variant } from "./charts/draw";
import type { Happening } from "./happenings";

/** A mark above a chart: of one happening, or of several that are too close to stand side by side. */
export interface Mark {
  /** `3`, or `3–5`. */
  label: string;
  /** Middle of the mark, in pixels of the variant. */
  x: number;
  width: number;
  happenings: Happening[];
}

const PADDING = 13;
const DIGIT = 7.5;
const GAP = 3;

/** Happenings with a label, each where it falls in time; no two marks overlap. */
export function placeMarks(
  happenings: readonly Happening[],
  endSeconds: number,
  variant: Variant,
): Mark[] {
  const marks: Mark[] = [];
  for (const happening of happenings) {
    if (happening.label === undefined) continue;
    let mark = markOf([happening], endSeconds, variant);
    for (let last = marks.at(-1); last && overlap(last, mark); last = marks.at(-1)) {
      marks.pop();
      mark = markOf([...last.happenings, ...mark.happenings], endSeconds, variant);
    }
    marks.push(mark);
  }
  return marks;
}

function overlap(one: Mark, next: Mark): boolean {
  return one.x + one.width / 2 + GAP > next.x - next.width / 2;
}

/** In the middle between the first and the last of them, and never beyond the drawing. */
function markOf(
  happenings: Happening[],
  endSeconds: number,
  { width, left, right }: Variant,
): Mark {
  const [first, last] = [happenings[0], happenings.at(-1)];
  const label = [...new Set([first?.label, last?.label])].join("–");
  const size = PADDING + DIGIT * label.length;
  const middle = ((first?.atSeconds ?? 0) + (last?.atSeconds ?? 0)) / 2;
  const share = Math.min(middle / Math.max(endSeconds, 1), 1);
  const x = left + share * (width - left - right);
  const bounded = Math.min(Math.max(x, size / 2), width - size / 2);
  return { label, x: bounded, width: size, happenings };
}
