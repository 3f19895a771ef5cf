import { EVENTS } from "./events";
import { CALL_FAULTS } from "./ports";
import type { SwitchoverReport } from "./run";

/** What a person wants to know of many runs: sums over them. */
export interface SwitchoverTotal {
  runs: number;
  firstSeed: number;
  completed: number;
  aborted: number;
  payments: number;
  passes: number;
  virtualMinutes: number;
  /** Milliseconds that payments waited for a new writer, with nothing going wrong, and with everything. */
  pauses: { without: number[]; underFaults: number[] };
  injected: { [fault: string]: number };
  /** How often each decision was made, by the phase that it led to. */
  seen: { [phase: string]: { [code: string]: number } };
  violations: { seed: number; sentences: string[] }[];
}

/** Every decision of the switchover, and of passes that could not store theirs. */
export const CODES: readonly string[] = [
  ...["rest", "refuse", "heal-drift", "start", "abort", "aborted"],
  ...["hold-fencing", "fence", "hold-fenced", "mark", "hold-draining", "drain", "hold-drained"],
  ...["seal", "hold-sealed", "open", "hold-opening", "reverse", "hold-reversing", "steady"],
  ...["store-conflict", "store-unknown"],
];

export function emptySwitchovers(firstSeed: number): SwitchoverTotal {
  return {
    ...{ runs: 0, firstSeed, completed: 0, aborted: 0, payments: 0, passes: 0, virtualMinutes: 0 },
    pauses: { without: [], underFaults: [] },
    injected: Object.fromEntries([...CALL_FAULTS, ...EVENTS].map((fault) => [fault, 0])),
    ...{ seen: {}, violations: [] },
  };
}

export function addSwitchovers(total: SwitchoverTotal, run: SwitchoverReport): void {
  const { seed, violations: sentences, pauses } = run;
  total.runs += 1;
  for (const name of ["completed", "aborted", "payments", "passes", "virtualMinutes"] as const)
    total[name] += run[name];
  total.pauses.without.push(...pauses.without);
  total.pauses.underFaults.push(...pauses.underFaults);
  add(total.injected, run.injected);
  for (const [phase, codes] of Object.entries(run.seen)) {
    total.seen[phase] ??= {};
    add(total.seen[phase], codes);
  }
  if (sentences.length > 0) total.violations.push({ seed, sentences });
}

/** Codes that no pass reported. */
export function neverSeen({ seen }: SwitchoverTotal): string[] {
  const all = Object.values(seen).flatMap((codes) => Object.keys(codes));
  return CODES.filter((code) => !all.includes(code));
}

/** The value that so many of a hundred do not exceed; 0 of none. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

function add(sums: { [name: string]: number }, counts: { [name: string]: number }): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}
