import type { Trial } from "../simulation/peers/trial";
import type { Cell } from "./peersGrid";
import { type Interval, mean, meanInterval, quantile, shareInterval } from "./statistics";

/** Times of the trials that were taken back, in seconds. */
export interface Times extends Interval {
  p95: number;
  /** Share of them, 0 to 1, within 15 s. */
  within15: number;
}

/** All that the trials of a cell say. */
export interface CellSummary extends Cell {
  trials: number;
  /** Payments that failed because of the release, until the horizon. */
  failed: Interval;
  /** Releases that were taken back, for whatever reason. */
  takenBack: number;
  takenBackShare: Interval;
  /** Of these, by ours: by payments or an alarm, and for want of evidence. */
  foundWorse: number;
  held: number;
  /** Neither completed nor taken back. */
  open: number;
  /** From the first payment that failed because of the release to the last on the standby color. */
  fromFirstFailure?: Times;
  /** The same from the first payment on the standby color. */
  fromFirstPayment?: Times;
  /** Of the releases that completed; absent where none did. */
  minutes?: number;
}

export function summarize(cell: Cell, trials: readonly Trial[]): CellSummary {
  const takenBack = trials.filter(({ end }) => end === "rolled-back");
  const completed = trials.filter(({ end }) => end === "completed");
  const held = takenBack.filter(({ cause }) => cause === "held").length;
  const fromFirstFailure = timesOf(takenBack.map((trial) => trial.secondsFromFirstFailure));
  const fromFirstPayment = timesOf(takenBack.map((trial) => trial.secondsFromFirstPayment));
  return {
    ...cell,
    trials: trials.length,
    failed: meanInterval(trials.map(({ failed }) => failed)),
    takenBack: takenBack.length,
    takenBackShare: shareInterval(takenBack.length, trials.length),
    foundWorse: takenBack.length - held,
    held,
    open: trials.length - takenBack.length - completed.length,
    ...(fromFirstFailure !== undefined && { fromFirstFailure }),
    ...(fromFirstPayment !== undefined && { fromFirstPayment }),
    ...(completed.length > 0 && {
      minutes: mean(completed.map(({ durationSeconds }) => durationSeconds)) / 60,
    }),
  };
}

function timesOf(given: (number | undefined)[]): Times | undefined {
  const seconds = given.filter((one) => one !== undefined);
  if (seconds.length === 0) return undefined;
  const within15 = seconds.filter((one) => one <= 15).length / seconds.length;
  return { ...meanInterval(seconds), p95: quantile(seconds, 0.95), within15 };
}
