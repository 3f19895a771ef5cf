import type { Trial } from "../simulation/peers/trial";
import type { Cell } from "./peersGrid";
import { type CellSummary, summarize } from "./peersSummary";
import { differenceInterval, type Interval, shareInterval, upperBound } from "./statistics";

/** A cell with its trials. */
export interface Result {
  cell: Cell;
  trials: readonly Trial[];
}

/** - "not shown": chance alone could have made it so, with so few trials. */
export type Outcome = "met" | "missed" | "not shown";

/** What became of a target. */
export interface Verdict {
  target: string;
  where: string;
  outcome: Outcome;
  /** The figures, and by how much it was missed. */
  figures: string;
}

/** A peer that fails fewer payments, and is not shown to take more healthy releases back. */
export interface Better extends Cell {
  /** Its failed payments less ours; the interval's numbers are negative. */
  difference: Interval;
  /** Of the healthy releases at that traffic, the share that it took back, and ours. */
  falseRollbacks: { theirs: number; ours: number };
}

const LARGEST_FALSE_ROLLBACK_SHARE = 0.001;
const SMALL_FAULT = { faultPercent: 2, paymentsPerHour: 50_000, minutes: 4, payments: 8 };
const GROSS_FAULT = { fromPercent: 20, seconds: 15 };

/**
 * The peers that are better at a fault: by more than chance in failed payments, and with a share of false
 * rollbacks at the same traffic that is not higher by more than chance.
 */
export function betterPeers(results: readonly Result[], ours: string): Better[] {
  return results
    .filter(({ cell }) => cell.faultPercent > 0 && !cell.rule.startsWith("ours"))
    .flatMap(({ cell, trials }) => {
      const own = find(results, { ...cell, rule: ours });
      if (own === undefined) return [];
      const theirShare = falseRollbackShare(results, cell);
      const ourShare = falseRollbackShare(results, own.cell);
      if (theirShare.low > ourShare.high) return [];
      const difference = differenceInterval(failedIn(trials), failedIn(own.trials));
      const falseRollbacks = { theirs: theirShare.value, ours: ourShare.value };
      return difference.high < 0 ? [{ ...cell, difference, falseRollbacks }] : [];
    });
}

function falseRollbackShare(results: readonly Result[], cell: Cell): Interval {
  const healthy = find(results, { ...cell, faultPercent: 0 })?.trials ?? [];
  const takenBack = healthy.filter(({ end }) => end === "rolled-back").length;
  return shareInterval(takenBack, Math.max(healthy.length, 1));
}

function failedIn(trials: readonly Trial[]): number[] {
  return trials.map(({ failed }) => failed);
}

function find(results: readonly Result[], wanted: Cell): Result | undefined {
  return results.find(
    ({ cell }) =>
      cell.rule === wanted.rule &&
      cell.faultPercent === wanted.faultPercent &&
      cell.paymentsPerHour === wanted.paymentsPerHour,
  );
}

/** All targets, for one of ours. */
export function verdicts(results: readonly Result[], ours: string): Verdict[] {
  const own = results.filter(({ cell }) => cell.rule === ours);
  const summaries = own.map(({ cell, trials }) => summarize(cell, trials));
  return [
    ...dominance(results, ours),
    falseRollbacks(summaries),
    ...smallFault(summaries),
    ...grossFaults(summaries),
  ];
}

function dominance(results: readonly Result[], ours: string): Verdict[] {
  const better = betterPeers(results, ours);
  const traffics = [...new Set(results.map(({ cell }) => cell.paymentsPerHour))];
  return traffics.map((paymentsPerHour) => {
    const here = better.filter((one) => one.paymentsPerHour === paymentsPerHour);
    const isCertain = here.some(({ falseRollbacks: { theirs, ours } }) => theirs <= ours);
    return {
      target: "no peer fails fewer payments with no more false rollbacks",
      where: atTraffic(paymentsPerHour),
      outcome: here.length === 0 ? "met" : isCertain ? "missed" : "not shown",
      figures: here.length === 0 ? "none at any fault" : here.map(betterInWords).join("; "),
    };
  });
}

function betterInWords({ rule, faultPercent, difference, falseRollbacks }: Better): string {
  const { theirs, ours } = falseRollbacks;
  const shares = `${percent(theirs)} of healthy releases taken back, ours ${percent(ours)}`;
  return `${rule} at ${faultPercent} % by ${(-difference.value).toPrecision(2)} (${shares})`;
}

/** Found worse, over all traffics together: what the error bound speaks of. */
function falseRollbacks(summaries: readonly CellSummary[]): Verdict {
  const healthy = summaries.filter(({ faultPercent }) => faultPercent === 0);
  const sum = (read: (of: CellSummary) => number) => healthy.reduce((all, of) => all + read(of), 0);
  const [found, trials] = [sum((of) => of.foundWorse), sum((of) => of.trials)];
  const most = LARGEST_FALSE_ROLLBACK_SHARE;
  const bound = upperBound(found, trials);
  const least = shareInterval(found, trials).low;
  return {
    target: `at most ${percent(most)} of healthy releases found worse`,
    where: "all traffics together",
    outcome: bound <= most ? "met" : least > most ? "missed" : "not shown",
    figures: `${found} of ${trials}: at most ${percent(bound)} with 95 % confidence; ${sum((of) => of.held)} more were held for want of evidence`,
  };
}

function smallFault(summaries: readonly CellSummary[]): Verdict[] {
  const { faultPercent, paymentsPerHour, minutes, payments } = SMALL_FAULT;
  const cell = summaries.find(
    (of) => of.faultPercent === faultPercent && of.paymentsPerHour === paymentsPerHour,
  );
  if (cell === undefined) return [];
  const where = `${faultPercent} % at ${atTraffic(paymentsPerHour)}`;
  const { fromFirstPayment, failed } = cell;
  const all = cell.takenBack === cell.trials ? "" : `; ${cell.trials - cell.takenBack} not at all`;
  const inMinutes = scaled(fromFirstPayment, 1 / 60);
  return [
    {
      target: `taken back within ${minutes} min on average`,
      where,
      outcome: atMost(inMinutes, minutes),
      figures: `${figures(inMinutes, "min")}${all}`,
    },
    {
      target: `at most ${payments} failed payments on average`,
      where,
      outcome: atMost(failed, payments),
      figures: figures(failed, "payments"),
    },
  ];
}

function grossFaults(summaries: readonly CellSummary[]): Verdict[] {
  const { fromPercent, seconds } = GROSS_FAULT;
  return summaries
    .filter(({ faultPercent }) => faultPercent >= fromPercent)
    .map(({ faultPercent, paymentsPerHour, fromFirstFailure }) => ({
      target: `taken back within ${seconds} s of the first failed payment`,
      where: `${faultPercent} % at ${atTraffic(paymentsPerHour)}`,
      outcome: (fromFirstFailure?.p95 ?? Infinity) <= seconds ? "met" : "missed",
      figures:
        fromFirstFailure === undefined
          ? "never taken back"
          : `${fromFirstFailure.value.toFixed(1)} s on average, 95 % within ${fromFirstFailure.p95.toFixed(0)} s; ${percent(fromFirstFailure.within15)} within ${seconds} s`,
    }));
}

/** By the mean; where its interval reaches over the target, that is told in the figures. */
function atMost(found: Interval | undefined, most: number): Outcome {
  if (found === undefined || !(found.value <= most)) return "missed";
  return found.high <= most ? "met" : "not shown";
}

function scaled(interval: Interval | undefined, factor: number): Interval | undefined {
  if (interval === undefined) return undefined;
  const { value, low, high } = interval;
  return { value: value * factor, low: low * factor, high: high * factor };
}

function figures(interval: Interval | undefined, unit: string): string {
  if (interval === undefined) return "none taken back";
  const { value, low, high } = interval;
  return `${value.toFixed(1)} ${unit} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

export function atTraffic(paymentsPerHour: number): string {
  return `${paymentsPerHour.toLocaleString("en-US")} an hour`;
}

/** Three digits at the most. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
