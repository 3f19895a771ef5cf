import type { RunReport } from "./campaign";
import { CALL_FAULTS, type Fault, OTHER_FAULTS } from "./options";

/** What a person wants to know of a campaign: sums over its runs. */
export interface Total {
  runs: number;
  firstSeed: number;
  lastSeed: number;
  invocations: number;
  passes: number;
  virtualMinutes: number;
  /** How cutovers ended; a run has several. */
  completed: number;
  /** Migrations that led all clients to AWS. */
  migrated: number;
  /** Of both. */
  rolledBack: number;
  /** What CloudFormation was told, how often. */
  answers: { SUCCESS: number; FAILED: number };
  injected: { [fault in Fault]: number };
  /** How often each decision was reported, by the phase that it led to. */
  seen: { [phase: string]: { [code: string]: number } };
  violations: { seed: number; sentences: string[] }[];
}

/**
 * Codes of decisions and of passes that could not store theirs. What holds a step for lack of
 * evidence has codes of its own, `hold-<finding>`, which come and go with the evidence.
 */
export const CODES: readonly string[] = [
  ...["idle", "refuse", "start", "heal-drift", "latched", "clear"],
  ...["set-again", "bake", "hold-baking", "hold-weights-unknown", "hold-lease", "promote"],
  ...["ask-approval", "hold-approval", "approve", "skip-bake", "pause", "hold-paused", "resume"],
  ...["hold-freeze", "begin-anew", "complete", "roll-back", "rolled-back"],
  ...["ask-switchover", "hold-switchover", "switched-over", "store-conflict", "store-unknown"],
  ...["note-dns", "heal-dns", "migrate", "hold-dns-unknown", "hold-dns-reach", "migrated"],
];

export function emptyTotal(firstSeed: number): Total {
  const faults = [...CALL_FAULTS, ...OTHER_FAULTS].map((fault) => [fault, 0]);
  return {
    ...{ runs: 0, firstSeed, lastSeed: firstSeed, invocations: 0, passes: 0, virtualMinutes: 0 },
    ...{ completed: 0, migrated: 0, rolledBack: 0, seen: {}, violations: [] },
    answers: { SUCCESS: 0, FAILED: 0 },
    injected: Object.fromEntries(faults) as Total["injected"],
  };
}

export function addRun(total: Total, run: RunReport): void {
  total.runs++;
  total.lastSeed = run.seed;
  total.invocations += run.invocations;
  total.passes += run.passes;
  total.virtualMinutes += run.virtualMinutes;
  total.completed += run.completed;
  total.migrated += run.migrated;
  total.rolledBack += run.rolledBack;
  addCounts(total.answers, run.answers);
  addCounts(total.injected, run.injected);
  for (const [phase, codes] of Object.entries(run.seen)) {
    total.seen[phase] ??= {};
    addCounts(total.seen[phase], codes);
  }
  if (run.violations.length > 0)
    total.violations.push({ seed: run.seed, sentences: run.violations });
}

/** Codes that no pass of the campaign reported. */
export function neverSeen({ seen }: Total): string[] {
  const all = Object.values(seen).flatMap((codes) => Object.keys(codes));
  return CODES.filter((code) => !all.includes(code));
}

function addCounts(total: { [name: string]: number }, counts: { [name: string]: number }): void {
  for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
}
