import { COLORS, type Color } from "../lambdas/cutover/contract";
import { type Counts, type CountsPerColor, failures, noCounts } from "./payments";
import { type Progress, type RehearsalEvent, type RehearsalOptions, rehearse } from "./rehearse";
import type { ColorSample, Incident, Sample, Story } from "./story";

/** About so many samples tell any rehearsal well; a short one has one for each few seconds. */
const SAMPLES = 300;
const LEAST_SAMPLE_SECONDS = 5;

export interface StoryOptions extends RehearsalOptions {
  /** The stack whose plan it is. */
  stack: string;
}

/** Rehearses, and keeps what a report shows of it. The same options always give the same story. */
export async function collectStory(options: StoryOptions): Promise<Story> {
  const { stack, onEvent, ...given } = options;
  const progress: Progress[] = [];
  const incidents: Incident[] = [];
  const rehearsal = await rehearse({
    ...given,
    onEvent: (event: RehearsalEvent) => {
      if (event.kind === "progress") progress.push(event);
      if (event.kind === "incident")
        incidents.push({ atSeconds: event.atSeconds, what: event.what });
      onEvent?.(event);
    },
  });
  const { scenario, plan, live, paymentsPerHour, tickSeconds, seed } = given;
  const { name, description, expected } = scenario;
  const sampleSeconds = Math.max(LEAST_SAMPLE_SECONDS, Math.ceil(progress.length / SAMPLES));
  return {
    scenario: { name, description, expected },
    ...{ stack, plan, live, paymentsPerHour, tickSeconds, seed, sampleSeconds },
    samples: samplesOf(progress, sampleSeconds),
    incidents,
    rehearsal,
  };
}

type Weighed = Omit<Progress, "strength"> & { strength: Progress["strength"] | undefined };

/** The last sample may be shorter than the others. */
export function samplesOf(progress: readonly Progress[], sampleSeconds: number): Sample[] {
  const samples: Sample[] = [];
  let before = noCounts();
  for (let first = 0; first < progress.length; first += sampleSeconds) {
    const seconds = progress.slice(first, first + sampleSeconds);
    const end = seconds[seconds.length - 1];
    if (end === undefined) break;
    const waitedSeconds = seconds.filter(({ waits }) => waits).length;
    // Of a long sample the last pass may have weighed nothing any more.
    const { strength } = [...seconds].reverse().find((one) => one.strength !== undefined) ?? end;
    samples.push(sampleOf({ ...end, strength }, before, waitedSeconds));
    before = end.counts;
  }
  return samples;
}

function sampleOf(end: Weighed, before: CountsPerColor, waitedSeconds: number): Sample {
  const { atSeconds, weightsInPlace, awsPercent, strength, writer, counts } = end;
  const of = (color: Color) => since(counts[color], before[color]);
  return {
    atSeconds,
    weightsInPlace,
    ...(awsPercent !== undefined && { awsPercent }),
    colors: { blue: of("blue"), green: of("green") },
    ...(strength !== undefined && { strength }),
    writer,
    waitedSeconds,
  };
}

function since(now: Counts, before: Counts): ColorSample {
  return {
    payments: now.payments - before.payments,
    failed: failures(now) - failures(before),
    slow: now.slow - before.slow,
  };
}

/** Payments that one rehearsal hurt, whatever the reason, and because of the release. */
export function hurtIn(counts: CountsPerColor): { failed: number; byRelease: number } {
  const sum = (read: (of: Counts) => number) =>
    COLORS.reduce((total, color) => total + read(counts[color]), 0);
  return {
    failed: sum(failures),
    byRelease: sum(({ failedByRelease, rejectedByRelease }) => failedByRelease + rejectedByRelease),
  };
}
