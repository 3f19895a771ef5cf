import { COLORS, type Color } from "../../lambdas/cutover/contract";
import type { DecisionRecord } from "../../lambdas/cutover/state";
import { parseImage } from "./image";

/** An image that a color was given. */
export interface GivenImage {
  image: string;
  /** Epoch milliseconds from which on. */
  since: number;
}

/** A cutover that ended with its color live, and what it proved. Times are epoch milliseconds. */
export interface Proof {
  digest: string;
  color: Color;
  startedAt: number;
  completedAt: number;
}

/**
 * The digests that cutovers have been completed with: of each, what its color had been given before it
 * began, if it was given nothing else until it ended.
 * @param records newest first
 * @param given of each color, in any order
 */
export function proofsOf(
  records: DecisionRecord[],
  given: { [color in Color]: GivenImage[] },
): Proof[] {
  return records.flatMap((record, index) => {
    if (record.code !== "complete") return [];
    const start = records.slice(index + 1).find(({ code }) => code === "start");
    const color = COLORS.find((one) => record.weights[one] === 100);
    if (start === undefined || color === undefined) return [];
    const [startedAt, completedAt] = [start.at, record.at];
    const digest = imageDuring(given[color], startedAt, completedAt);
    return digest === undefined ? [] : [{ digest, color, startedAt, completedAt }];
  });
}

function imageDuring(given: GivenImage[], from: number, to: number): string | undefined {
  const oldestFirst = [...given].sort((one, other) => one.since - other.since);
  const before = oldestFirst.filter(({ since }) => since <= from).at(-1);
  const digest = before && parseImage(before.image)?.digest;
  const meanwhile = oldestFirst.filter(({ since }) => since > from && since <= to);
  // Given again, it is the same image.
  const isKept = meanwhile.every(({ image }) => parseImage(image)?.digest === digest);
  return isKept ? digest : undefined;
}
