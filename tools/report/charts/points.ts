import type { Color } from "../../../lambdas/cutover/contract";
import type { Sample } from "../../../simulation/story";

/** Seconds since the operator's start, and a value; null breaks the line. */
export type Point = [atSeconds: number, value: number | null];

/** What `read` finds, drawn as steps: a value holds from its sample on until another. */
export function steps(
  samples: readonly Sample[],
  read: (sample: Sample) => number,
  atStart: number,
): Point[] {
  const points: Point[] = [[0, atStart]];
  let value = atStart;
  for (const sample of samples) {
    const next = read(sample);
    if (next !== value) points.push([sample.atSeconds, value], [sample.atSeconds, next]);
    value = next;
  }
  return [...points, [endOf(samples), value]];
}

/** Payments of a color in some seconds, and those of them that an event befell. */
export interface Bin {
  fromSeconds: number;
  toSeconds: number;
  payments: number;
  events: number;
}

/** With fewer payments a single failure would look like a catastrophe: here it is 7 of a thousand. */
export const LEAST_PAYMENTS_IN_BIN = 150;

const MOST_BINS = 80;

/** A color that served nothing for so long has a gap in its line. */
const QUIET_SECONDS = 120;

/**
 * The samples put together, so that each bin has enough payments to tell a share by, where there are that
 * many. A time in which a color gets no payments ends its bin: what follows is another time.
 */
export function binsOf(samples: readonly Sample[], color: Color, event: "failed" | "slow"): Bin[] {
  const seconds = endOf(samples) / MOST_BINS;
  const bins: Bin[] = [];
  let isOpen = false;
  let fromSeconds = 0;
  for (const { atSeconds: toSeconds, colors, weightsInPlace } of samples) {
    const { payments, [event]: events } = colors[color];
    const last = bins.at(-1);
    if (payments === 0) {
      const quietSeconds = toSeconds - (last?.toSeconds ?? 0);
      if (weightsInPlace[color] === 0 || quietSeconds >= QUIET_SECONDS) isOpen = false;
    } else if (isOpen && last !== undefined && !isFull(last, seconds))
      add(last, { toSeconds, payments, events });
    else {
      bins.push({ fromSeconds, toSeconds, payments, events });
      isOpen = true;
    }
    fromSeconds = toSeconds;
  }
  return withoutScraps(bins);
}

function isFull({ fromSeconds, toSeconds, payments }: Bin, seconds: number): boolean {
  return payments >= LEAST_PAYMENTS_IN_BIN && toSeconds - fromSeconds >= seconds;
}

/** What is left over at an end belongs to the bin before it, if that touches it. */
function withoutScraps(bins: readonly Bin[]): Bin[] {
  const kept: Bin[] = [];
  for (const bin of bins) {
    const last = kept.at(-1);
    const isScrap = bin.payments < LEAST_PAYMENTS_IN_BIN && last?.toSeconds === bin.fromSeconds;
    if (last !== undefined && isScrap) add(last, bin);
    else kept.push(bin);
  }
  return kept;
}

function add(bin: Bin, { toSeconds, payments, events }: Omit<Bin, "fromSeconds">): void {
  bin.toSeconds = toSeconds;
  bin.payments += payments;
  bin.events += events;
}

/** Events per thousand payments, level over each bin, broken where there were no payments. */
export function perThousand(bins: readonly Bin[]): Point[] {
  return bins.flatMap(({ fromSeconds, toSeconds, payments, events }, index) => {
    const value = (1000 * events) / payments;
    const before = bins[index - 1];
    const gap: Point[] =
      before !== undefined && before.toSeconds < fromSeconds ? [[fromSeconds, null]] : [];
    return [...gap, [fromSeconds, value], [toSeconds, value]] as Point[];
  });
}

const MOST_POINTS = 240;

/**
 * No more points than a chart can show: of so many neighbors the lowest and the highest stay, so that no
 * peak is lost, and every break of the line.
 */
export function thinned(points: readonly Point[], most = MOST_POINTS): Point[] {
  const size = Math.ceil((2 * points.length) / most);
  if (size <= 2) return [...points];
  const kept: Point[] = [];
  for (let first = 0; first < points.length; first += size)
    kept.push(...extremes(points.slice(first, first + size)));
  return kept;
}

/** Ends stay too, so that a line reaches its edges. */
function extremes(points: readonly Point[]): Point[] {
  const values = points.flatMap(([, value]) => value ?? []);
  const indexOf = (wanted: number) => points.findIndex(([, value]) => value === wanted);
  const [lowest, highest] = [indexOf(Math.min(...values)), indexOf(Math.max(...values))];
  const kept = [0, lowest, highest, points.length - 1];
  return points.filter(([, value], index) => value === null || kept.includes(index));
}

/** When a story's charts end, in seconds; never at once, as a chart needs some width. */
export function endOf(samples: readonly Sample[]): number {
  return Math.max(samples.at(-1)?.atSeconds ?? 0, 1);
}

/** A time in which something held. */
export interface Band {
  fromSeconds: number;
  toSeconds: number;
}

/** Times in which payments waited for a database that takes writes. */
export function waitsOf(samples: readonly Sample[]): Band[] {
  const waits: Band[] = [];
  let before = 0;
  for (const { atSeconds, waitedSeconds } of samples) {
    const last = waits.at(-1);
    if (waitedSeconds > 0) {
      if (last?.toSeconds === before) last.toSeconds = before + waitedSeconds;
      else waits.push({ fromSeconds: atSeconds - waitedSeconds, toSeconds: atSeconds });
    }
    before = atSeconds;
  }
  return waits;
}

/** Times in which one cluster was the database writer. */
export function writersOf(samples: readonly Sample[]): (Band & { color: Color })[] {
  const spans: (Band & { color: Color })[] = [];
  let before = 0;
  for (const { atSeconds, writer } of samples) {
    const last = spans.at(-1);
    if (last?.color === writer) last.toSeconds = atSeconds;
    else spans.push({ color: writer, fromSeconds: before, toSeconds: atSeconds });
    before = atSeconds;
  }
  return spans;
}
