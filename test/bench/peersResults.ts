import type { Cell } from "../../bench/peersGrid";
import type { Result } from "../../bench/peersTargets";
import type { Trial } from "../../simulation/peers/trial";

/** Taken back a minute after its first payment, which failed, with so many failed payments. */
export function takenBack(failed: number, seconds = 60): Trial {
  return {
    end: "rolled-back",
    durationSeconds: seconds,
    failed,
    secondsFromFirstPayment: seconds,
    secondsFromFirstFailure: seconds,
  };
}

export function completed(failed = 0, minutes = 40): Trial {
  return { end: "completed", durationSeconds: 60 * minutes, failed };
}

export function result(cell: Partial<Cell>, trials: readonly Trial[]): Result {
  return {
    cell: { rule: "ours-10", faultPercent: 2, paymentsPerHour: 50_000, ...cell },
    trials,
  };
}

/** Of so many trials, that many are the first kind. */
export function mixed(of: number, first: Trial, count: number, rest: Trial): Trial[] {
  return Array.from({ length: of }, (_, index) => (index < count ? first : rest));
}
