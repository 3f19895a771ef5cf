import type { Trial } from "../simulation/peers/trial";
import { type Cell, SMALL_FAULT } from "./peersGrid";
import { type CellSummary, summarize, type Times } from "./peersSummary";
import { differenceInterval, type Interval, shareInterval, upperBound } from "./statistics";

/** A cell with its trials. */
export interface Result {
  cell: Cell;
  trials: readonly Trial[];
}

/**
 * - "not shown": chance alone could have made it so, with so few trials.
 * - "met on average": not by 95 of 100.
 */
export type Outcome = "met" | "met on average" | "missed" | "not shown";

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
  /** Whether it takes back no more than we find worse, even: without those held for want of evidence. */
  evenOfFoundWorse: boolean;
}

const LARGEST_FALSE_ROLLBACK_SHARE = 0.001;
const SMALL_FAULT_LIMITS = { minutes: 4, payments: 8 };
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
      const difference = differenceInterval(failedIn(trials), failedIn(own.trials));
      const theirShare = falseRollbackShare(results, cell);
      const ourShare = falseRollbackShare(results, own.cell);
      if (difference.high >= 0 || theirShare.low > ourShare.high) return [];
      const foundWorse = falseRollbackShare(results, own.cell, isFoundWorse);
      return [
        {
          ...{ ...cell, difference },
          falseRollbacks: { theirs: theirShare.value, ours: ourShare.value },
          evenOfFoundWorse: theirShare.low <= foundWorse.high,
        },
      ];
    });
}

function falseRollbackShare(
  results: readonly Result[],
  cell: Cell,
  counts: (trial: Trial) => boolean = ({ end }) => end === "rolled-back",
): Interval {
  const healthy = find(results, { ...cell, faultPercent: 0 })?.trials ?? [];
  return shareInterval(healthy.filter(counts).length, Math.max(healthy.length, 1));
}

function isFoundWorse({ end, cause }: Trial): boolean {
  return end === "rolled-back" && cause !== "held";
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
      figures: here.length === 0 ? "none at any fault" : betterInWords(here),
    };
  });
}

/** By peer, with each fault; then what is left of it without releases that we held for want of evidence. */
function betterInWords(better: readonly Better[]): string {
  const rules = [...new Set(better.map(({ rule }) => rule))];
  const lines = rules.flatMap((rule) => {
    const own = better.filter((one) => one.rule === rule);
    const faults = own.map(
      ({ faultPercent, difference }) =>
        `${faultPercent} % by ${(-difference.value).toPrecision(2)}`,
    );
    return `${rule} (takes back ${percent(own[0]?.falseRollbacks.theirs ?? 0)}): ${faults.join(", ")}`;
  });
  const even = better.filter(({ evenOfFoundWorse }) => evenOfFoundWorse);
  const left = even.length === 0 ? "none" : [...new Set(even.map(({ rule }) => rule))].join(", ");
  const ours = percent(better[0]?.falseRollbacks.ours ?? 0);
  return `${lines.join("; ")}. Ours takes back ${ours}; beside what it finds worse alone: ${left}`;
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
  const { faultPercent, paymentsPerHour } = SMALL_FAULT;
  const { minutes, payments } = SMALL_FAULT_LIMITS;
  const cell = summaries.find(
    (of) => of.faultPercent === faultPercent && of.paymentsPerHour === paymentsPerHour,
  );
  if (cell === undefined) return [];
  const where = `${faultPercent} % at ${atTraffic(paymentsPerHour)}`;
  const { failed } = cell;
  const inMinutes = scaled(cell.fromFirstPayment, 1 / 60);
  const sinceFailure = scaled(cell.fromFirstFailure, 1 / 60);
  const since = `since its first payment ${figures(inMinutes, "min")}, since the first that failed ${figures(sinceFailure, "min")}`;
  const all = cell.takenBack === cell.trials ? "" : `; ${cell.trials - cell.takenBack} not at all`;
  return [
    {
      target: `taken back within ${minutes} min on average`,
      where,
      outcome: atMost(inMinutes, minutes),
      figures: `${since}${all}`,
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
      outcome: within(fromFirstFailure, seconds),
      figures:
        fromFirstFailure === undefined
          ? "never taken back"
          : `${fromFirstFailure.value.toFixed(1)} s on average, 95 % within ${fromFirstFailure.p95.toFixed(0)} s; ${percent(fromFirstFailure.within15)} within ${seconds} s`,
    }));
}

function within(times: Times | undefined, seconds: number): Outcome {
  if (times === undefined || times.value > seconds) return "missed";
  return times.p95 <= seconds ? "met" : "met on average";
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
  return `${shown(value)} ${unit} (${shown(low)} to ${shown(high)})`;
}

/** Three digits at the most. */
function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function atTraffic(paymentsPerHour: number): string {
  return `${paymentsPerHour.toLocaleString("en-US")} an hour`;
}

export function percent(share: number): string {
  return `${shown(100 * share)} %`;
}
