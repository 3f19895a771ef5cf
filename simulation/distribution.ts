import { hurtIn } from "./collectStory";
import { expectedOf } from "./rehearsable";
import { type Outcome, type Rehearsal, type RehearsalOptions, rehearse } from "./rehearse";

/** How a figure is spread over many rehearsals. */
export interface Spread {
  mean: number;
  median: number;
  /** 95 % are no larger. */
  p95: number;
  most: number;
}

/** Many rehearsals of one scenario, which differ by their seeds alone. */
export interface Distribution {
  runs: number;
  outcomes: { [outcome in Outcome]?: number };
  /** Those that did not end as they ought to, with what the controller said last. */
  unexpected: { seed: number; outcome: Outcome; reason: string }[];
  durationSeconds: Spread;
  /** Payments that failed, whatever the reason. */
  failed: Spread;
  /** Payments that failed or were rejected because of the release. */
  hurt: Spread;
  /** Of those that were taken back after a fault. @default none was */
  secondsFromFaultToRollback?: Spread;
  longestWaitSeconds: number;
}

/** @param values one at least */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) =>
    sorted[Math.min(Math.ceil(share * sorted.length), sorted.length) - 1] ?? 0;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { mean, median: (at(0.5) + upper) / 2, p95: at(0.95), most: sorted.at(-1) ?? 0 };
}

/**
 * Rehearses so many times, with the seed of the options and those that follow it.
 * @param onRun to be told after each
 */
export async function distribution(
  options: RehearsalOptions,
  runs: number,
  onRun: (done: number) => void = () => {},
): Promise<Distribution> {
  const rehearsals: Rehearsal[] = [];
  for (let run = 0; run < runs; run++) {
    rehearsals.push(await rehearse({ ...options, seed: options.seed + run }));
    onRun(run + 1);
  }
  return summarize(rehearsals, options);
}

function summarize(rehearsals: readonly Rehearsal[], options: RehearsalOptions): Distribution {
  const of = (read: (one: Rehearsal) => number) => spreadOf(rehearsals.map(read));
  const takenBack = rehearsals.flatMap((one) => one.secondsFromFaultToRollback ?? []);
  const outcomes: Distribution["outcomes"] = {};
  for (const { outcome } of rehearsals) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const expected = expectedOf(options.scenario, options.plan);
  const unexpected = rehearsals.flatMap((one, run) =>
    endsAs(one.outcome, expected)
      ? []
      : [{ seed: options.seed + run, outcome: one.outcome, reason: causeOf(one) }],
  );
  return {
    runs: rehearsals.length,
    ...{ outcomes, unexpected },
    durationSeconds: of(({ durationSeconds }) => durationSeconds),
    failed: of(({ counts }) => hurtIn(counts).failed),
    hurt: of(({ counts }) => hurtIn(counts).byRelease),
    ...(takenBack.length > 0 && { secondsFromFaultToRollback: spreadOf(takenBack) }),
    longestWaitSeconds: Math.max(...rehearsals.map((one) => one.longestWaitSeconds)),
  };
}

/** Whether an end is one that the scenario allows. Chance may decide how some end, but not whether. */
export function endsAs(outcome: Outcome, expected: ReturnType<typeof expectedOf>): boolean {
  return expected === "either"
    ? outcome === "completed" || outcome === "rolled-back"
    : outcome === expected;
}

/** Why payments were taken back, or else what the controller said last. */
export function causeOf({ decisions }: Rehearsal): string {
  return (decisions.find(({ code }) => code === "roll-back") ?? decisions.at(-1))?.reason ?? "";
}
