import { type Distribution, distribution } from "../../../simulation/distribution";
import { failingRelease, GOOD_RELEASE } from "../../../simulation/scenarios";
import type { CutoverSettings } from "../cutoverSettings";

/** How releases fare that fail that percentage of their payments. */
export interface FaultAppraisal {
  failurePercent: number;
  /** Of the releases, 0 to 1. */
  takenBackRatio: number;
  /** Payments that were hurt before the cutover ended, one way or the other. */
  hurt: Distribution["hurt"];
  /** @default none was taken back */
  secondsFromFaultToRollback?: Distribution["durationSeconds"];
}

/** What a plan costs and buys, measured. */
export interface Appraisal {
  runs: number;
  /** A release as good as the live color. */
  good: Distribution;
  /** From the largest fault to the smallest. */
  faults: FaultAppraisal[];
  /** Smallest fault from which on nearly every release is taken back; absent where none is. */
  smallestSeenPercent?: number;
}

export interface Conditions {
  paymentsPerHour: number;
  hour?: number;
  seed: number;
  runs: number;
}

/** A fault counts as seen when so many of its releases are taken back. */
const SEEN_RATIO = 0.95;

/**
 * Runs a plan against a good release and against faults.
 * @param percents from the largest to the smallest
 * @param onRun to be told after each rehearsal
 */
export async function appraise(
  { plan, live, tickSeconds }: CutoverSettings,
  { paymentsPerHour, hour, seed, runs }: Conditions,
  percents: readonly number[],
  onRun: () => void,
): Promise<Appraisal> {
  const under = (scenario: typeof GOOD_RELEASE) =>
    distribution(
      {
        ...{ plan, live, scenario, paymentsPerHour, tickSeconds, seed },
        ...(hour !== undefined && { hourOfDay: hour }),
      },
      runs,
      onRun,
    );
  const good = await under(GOOD_RELEASE);
  const faults: FaultAppraisal[] = [];
  for (const failurePercent of percents) {
    const found = await under(failingRelease(`fails ${failurePercent} %`, failurePercent));
    faults.push(faultAppraisal(failurePercent, found));
  }
  return { runs, good, faults, ...smallestSeen(faults) };
}

function faultAppraisal(failurePercent: number, found: Distribution): FaultAppraisal {
  const { runs, outcomes, hurt, secondsFromFaultToRollback } = found;
  return {
    failurePercent,
    takenBackRatio: (outcomes["rolled-back"] ?? 0) / runs,
    hurt,
    ...(secondsFromFaultToRollback && { secondsFromFaultToRollback }),
  };
}

/** Below one that is not seen no fault counts, whatever chance did there. */
export function smallestSeen(
  faults: readonly Pick<FaultAppraisal, "failurePercent" | "takenBackRatio">[],
): { smallestSeenPercent?: number } {
  const firstUnseen = faults.findIndex(({ takenBackRatio }) => takenBackRatio < SEEN_RATIO);
  const seen = firstUnseen === -1 ? faults : faults.slice(0, firstUnseen);
  const last = seen[seen.length - 1];
  return last === undefined ? {} : { smallestSeenPercent: last.failurePercent };
}
