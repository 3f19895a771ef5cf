import {
  DEFAULT_LIMITS,
  type Limits,
  type Plan,
  type Weights,
} from "../../../lambdas/cutover/contract";
import { CATALOGUE } from "../../../simulation/catalogue";
import { collectStory } from "../../../simulation/collectStory";
import { noCounts } from "../../../simulation/payments";
import { rehearsablePlan } from "../../../simulation/rehearsable";
import type { Decided, Rehearsal } from "../../../simulation/rehearse";
import type { Sample, Story } from "../../../simulation/story";

const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  maxErrorsPerThousand: 10,
  minimumPayments: 200,
  longestHoldMinutes: 30,
};

/** As Pulumi.prod.yaml has it. */
export const PLAN: Plan = {
  steps: [
    { weightPercent: 10, bakeMinutes: 5 },
    { weightPercent: 50, bakeMinutes: 10 },
    { weightPercent: 90, bakeMinutes: 10 },
    { weightPercent: 100, bakeMinutes: 15 },
  ],
  limits: LIMITS,
};

const told = new Map<string, Promise<Story>>();

/** A scenario of the catalogue, rehearsed with production's plan. */
export function rehearsed(name: string): Promise<Story> {
  const known = told.get(name) ?? rehearseOne(name);
  told.set(name, known);
  return known;
}

function rehearseOne(name: string): Promise<Story> {
  const scenario = CATALOGUE.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`the catalogue has no ${name}`);
  const found = rehearsablePlan(scenario, PLAN);
  if (typeof found === "string") throw new Error(found);
  return collectStory({
    ...{ scenario, plan: found.plan, stack: "prod", live: "blue", seed: 1 },
    ...{ paymentsPerHour: 50_000, tickSeconds: 10 },
    ...(scenario.migrates && { awsPercent: 0 }),
  });
}

/** What one color did in each sample. */
type Did = { payments: number; failed?: number; slow?: number };

/** Seconds of a handmade story in which everything stays the same. */
export interface Part {
  seconds: number;
  green: number;
  awsPercent?: number;
  blue?: Did;
  greenDid?: Did;
  worse?: number;
  notWorse?: number;
  writer?: "blue" | "green";
  waitedSeconds?: number;
}

const SAMPLE_SECONDS = 10;
const NOTHING = { payments: 0, failed: 0, slow: 0 };

/** Samples of ten seconds each, part after part. */
export function samplesOf(parts: readonly Part[]): Sample[] {
  const samples: Sample[] = [];
  for (const part of parts)
    for (let seconds = 0; seconds < part.seconds; seconds += SAMPLE_SECONDS) {
      const atSeconds = (samples.at(-1)?.atSeconds ?? 0) + SAMPLE_SECONDS;
      samples.push(sampleOf(part, atSeconds));
    }
  return samples;
}

function sampleOf(part: Part, atSeconds: number): Sample {
  const { green, awsPercent, worse, notWorse, writer = "blue", waitedSeconds = 0 } = part;
  const strength = { worse: worse ?? 1, rollBackAt: 1000, notWorse: notWorse ?? 1, promoteAt: 20 };
  return {
    atSeconds,
    weightsInPlace: { blue: 100 - green, green },
    ...(awsPercent !== undefined && { awsPercent }),
    colors: { blue: { ...NOTHING, ...part.blue }, green: { ...NOTHING, ...part.greenDid } },
    ...(worse !== undefined && { strength }),
    writer,
    waitedSeconds,
  };
}

export function decided(
  atSeconds: number,
  code: string,
  reason: string,
  green: number,
  more: Partial<Decided> = {},
): Decided {
  const weights: Weights = { blue: 100 - green, green };
  const who = ["start", "migrate"].includes(code) ? "operator" : "controller";
  return { atSeconds, code, reason, who, weights, changes: !code.startsWith("hold-"), ...more };
}

/** A handmade story; nothing happens in it unless the test says so. */
export function story(
  changes: Partial<Omit<Story, "rehearsal" | "scenario">> & {
    rehearsal?: Partial<Rehearsal>;
    scenario?: Partial<Story["scenario"]>;
  } = {},
): Story {
  const { rehearsal, scenario, ...rest } = changes;
  return {
    ...{ stack: "prod", plan: PLAN, live: "blue", paymentsPerHour: 50_000, tickSeconds: 10 },
    ...{ seed: 7, sampleSeconds: SAMPLE_SECONDS, samples: [], incidents: [] },
    ...rest,
    scenario: {
      ...{ name: "handmade", description: "nothing happens", expected: "completed" },
      ...scenario,
    },
    rehearsal: {
      ...{ outcome: "completed", durationSeconds: 0, counts: noCounts(), longestWaitSeconds: 0 },
      ...{ clients: { retries: 0, gaveUp: 0 }, decisions: [], messages: [] },
      ...rehearsal,
    },
  };
}

/** The start was refused: there is no sample, and one decision. */
export const REFUSED: Story = story({
  rehearsal: {
    outcome: "refused",
    decisions: [
      decided(0, "refuse", "Refused to start: on green, 0 of 3 targets are healthy.", 0, {
        changes: false,
      }),
    ],
  },
});

/** No payment came, so the step was held for an hour, and there was no end. */
export const STUCK: Story = story({
  scenario: { name: "stuck", description: "no payment comes at all", expected: "completed" },
  samples: samplesOf([{ seconds: 4200, green: 10, worse: 1 }]),
  rehearsal: {
    ...{ outcome: "stuck", durationSeconds: 4200 },
    decisions: [
      decided(0, "start", "Started the cutover to green: 10 % to green.", 10),
      decided(2, "bake", "Baking 10 % on green for 5 min.", 10, { changes: false }),
      decided(302, "hold-few-payments", "Held 10 % on green: 0 of 0 payments failed.", 10),
    ],
  },
});

const EACH = { payments: 100 };

/** All that may stand in a text, and must not do anything. */
export const NASTY = `<script>alert("1")</script> 'it''s' & <img src=x onerror='alert(2)'> ]]> \u0000 \u202e`;

/** Every text of it is nasty. */
export const HOSTILE: Story = story({
  scenario: { name: NASTY, description: NASTY, expected: NASTY },
  stack: NASTY,
  samples: samplesOf([{ seconds: 60, green: 10, blue: EACH, greenDid: EACH, worse: 1 }]),
  incidents: [{ atSeconds: 20, what: NASTY }],
  plan: { ...PLAN, steps: [{ weightPercent: 100, bakeMinutes: 1, approval: NASTY }] },
  rehearsal: {
    durationSeconds: 60,
    decisions: [
      decided(0, "start", NASTY, 10),
      decided(30, NASTY, NASTY, 10),
      decided(60, "complete", NASTY, 100),
    ],
  },
});

/** The database writer moves, and payments wait for 14 s. */
export const WAITED: Story = story({
  samples: samplesOf([
    { seconds: 300, green: 50, blue: EACH, greenDid: EACH, worse: 1, notWorse: 30 },
    { seconds: 10, green: 50, worse: 1, notWorse: 30, waitedSeconds: 8 },
    { seconds: 10, green: 50, blue: EACH, greenDid: EACH, writer: "green", waitedSeconds: 6 },
    { seconds: 300, green: 50, blue: EACH, greenDid: EACH, writer: "green" },
  ]),
  rehearsal: { durationSeconds: 620, longestWaitSeconds: 14 },
});

/** A release that fails a fifth of its payments: its evidence crosses the line. */
export const TAKEN_BACK: Story = story({
  scenario: { name: "taken-back", description: "a fifth fails", expected: "rolled-back" },
  samples: samplesOf([
    { seconds: 10, green: 0, blue: EACH },
    { seconds: 30, green: 10, blue: EACH, greenDid: { payments: 50, failed: 10 }, worse: 40 },
    { seconds: 10, green: 10, blue: EACH, greenDid: { payments: 50, failed: 10 }, worse: 2e5 },
    { seconds: 20, green: 0, blue: EACH },
  ]),
  rehearsal: {
    ...{ outcome: "rolled-back", durationSeconds: 70 },
    ...{ faultAtSeconds: 12, secondsFromFaultToRollback: 38 },
    counts: {
      blue: { ...noCounts().blue, payments: 700, failedByBackground: 1 },
      green: { ...noCounts().green, payments: 200, failedByRelease: 38, rejectedByRelease: 2 },
    },
    decisions: [
      decided(0, "start", "Started the cutover to green: 10 % to green.", 10),
      decided(2, "bake", "Baking 10 % on green for 5 min.", 10, { changes: false }),
      decided(50, "roll-back", "Rolled back to blue: on green, 40 of 200 payments failed.", 0),
      decided(60, "rolled-back", "blue carries everything again.", 0),
    ],
    messages: [
      { subject: "one", message: "one" },
      { subject: "two", message: "two" },
    ],
  },
});

/** Four hours in which clients are led to AWS. */
export const MIGRATED: Story = story({
  scenario: { name: "migrated", description: "all clients come" },
  plan: {
    ...PLAN,
    migration: {
      steps: [
        { awsPercent: 2, bakeMinutes: 120 },
        { awsPercent: 100, bakeMinutes: 90, approval: "all?" },
      ],
    },
  },
  samples: samplesOf([
    { seconds: 7200, green: 0, awsPercent: 2, blue: { payments: 3 }, worse: 1, notWorse: 9 },
    { seconds: 7200, green: 0, awsPercent: 100, blue: { payments: 140, slow: 1 }, worse: 1 },
  ]),
  rehearsal: {
    durationSeconds: 14_400,
    decisions: [
      decided(0, "migrate", "Started to lead clients to AWS.", 0, { awsPercent: 2 }),
      decided(7200, "promote", "Promoted: 100 % of the clients.", 0, { awsPercent: 100 }),
      decided(14_400, "migrated", "Migrated.", 0, { awsPercent: 100 }),
    ],
  },
});
