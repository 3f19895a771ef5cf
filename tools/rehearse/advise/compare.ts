import type { Appraisal } from "./appraise";

/** What a change of the plan costs and buys, beside the plan as it is. */
export interface Comparison {
  /** "better" buys more than it costs, "worse" the other way round; "trade" is a matter of taste. */
  verdict: "better" | "worse" | "trade" | "same";
  /** Minutes by which a good release takes longer, on the mean. */
  moreMinutes: number;
  /** By how much more payments a fault hurts, as a factor; for each fault that both were tried with. */
  hurtFactors: { failurePercent: number; factor: number }[];
  /** By which more of the good releases are taken back, 0 to 1. */
  moreTakenBackRatio: number;
}

/** Changes of less than that are chance, or not worth anybody's while. */
const NOTABLE_FACTOR = 0.15;

/** Good releases taken back: one more in so many runs may be chance. */
const NOTABLE_TAKEN_BACK = 0.1;

/** @param own of the plan as it is, on the same seeds */
export function compare(own: Appraisal, other: Appraisal): Comparison {
  const moreMinutes = (other.good.durationSeconds.mean - own.good.durationSeconds.mean) / 60;
  const hurtFactors = own.faults.flatMap(({ failurePercent, hurt }) => {
    const found = other.faults.find((one) => one.failurePercent === failurePercent);
    if (found === undefined || hurt.mean === 0) return [];
    return [{ failurePercent, factor: found.hurt.mean / hurt.mean }];
  });
  const moreTakenBackRatio = takenBackRatio(other) - takenBackRatio(own);
  const durationFactor = other.good.durationSeconds.mean / own.good.durationSeconds.mean;
  const effects = [
    effectOf(durationFactor),
    ...hurtFactors.map(({ factor }) => effectOf(factor)),
    effectOf(smallest(other) / smallest(own)),
    moreTakenBackRatio > NOTABLE_TAKEN_BACK ? 1 : moreTakenBackRatio < -NOTABLE_TAKEN_BACK ? -1 : 0,
  ];
  const costs = effects.some((effect) => effect > 0);
  const buys = effects.some((effect) => effect < 0);
  const verdict = costs ? (buys ? "trade" : "worse") : buys ? "better" : "same";
  return { verdict, moreMinutes, hurtFactors, moreTakenBackRatio };
}

/** Releases that were as good as the live color, and went back all the same. */
function takenBackRatio({ good: { outcomes, runs } }: Appraisal): number {
  return (outcomes["rolled-back"] ?? 0) / runs;
}

/** Where no fault is seen for certain, only one that fails everything twice over would be. */
function smallest({ smallestSeenPercent = 200 }: Appraisal): number {
  return smallestSeenPercent;
}

/** 1 where it grows notably, -1 where it falls notably: of everything here, less is better. */
function effectOf(factor: number): 1 | 0 | -1 {
  if (factor > 1 + NOTABLE_FACTOR) return 1;
  return factor < 1 - NOTABLE_FACTOR ? -1 : 0;
}
