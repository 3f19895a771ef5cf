import { tableOf } from "../../tools/terminal/table";
import type { Terminal } from "../../tools/terminal/terminal";
import { count } from "../../tools/terminal/texts";
import { median, quantile } from "./measure";
import type { RunResult } from "./run";

/** A run, and which fault it was about. */
export interface FaultResult extends RunResult {
  fault: string;
}

/** What machines are told. Times in milliseconds unless they say otherwise. */
export function resultJson(results: FaultResult[]) {
  return {
    ...figures(results),
    faults: results.map((one) => ({
      fault: one.fault,
      ...figures([one]),
      seconds: Math.round(one.seconds),
      latency: one.latency,
      switchovers: one.tried,
      problems: one.problems,
    })),
  };
}

/** The figures of some runs together. */
export function figures(results: RunResult[]) {
  const sum = (of: (one: RunResult) => number) =>
    results.reduce((total, one) => total + of(one), 0);
  const pauses = results.flatMap(({ tried }) => tried.map((one) => one.pauseMilliseconds));
  const seconds = sum((one) => one.seconds);
  return {
    acknowledged: sum((one) => one.acknowledged),
    acknowledgedPerHour:
      seconds > 0 ? Math.round((sum((one) => one.acknowledged) / seconds) * 3600) : 0,
    lost: sum(({ findings }) => findings.lost.length),
    doubled: sum(({ findings }) => findings.doubled.length),
    contradicted: sum(({ findings }) => findings.contradicted.length),
    foreign: sum(({ findings }) => findings.foreign.length),
    strayed: sum(({ findings }) => findings.strayed.length),
    unreplicated: sum(({ findings }) => findings.unreplicated.length),
    writePause: { median: median(pauses), max: quantile(pauses, 1) },
    clientErrors: addUp(results.map((one) => one.clientErrors)),
    problems: results.flatMap((one) => one.problems).length,
  };
}

function addUp(counts: { [what: string]: number }[]): { [what: string]: number } {
  const total: { [what: string]: number } = {};
  for (const one of counts)
    for (const [what, times] of Object.entries(one)) total[what] = (total[what] ?? 0) + times;
  return total;
}

const HEAD = [
  "fault",
  "switchovers",
  "acknowledged",
  "lost",
  "doubled",
  "pause median",
  "pause max",
  "p99",
  "client errors",
];

/** What people are told. */
export function resultText(results: FaultResult[], terminal: Terminal): string {
  const { colors } = terminal;
  const problems = results.flatMap(({ problems }) => problems);
  const { acknowledged, lost, doubled, writePause } = figures(results);
  const verdict = `${count(acknowledged)} payments acknowledged, ${lost} lost, ${doubled} doubled; write pause ${inSeconds(writePause.median)} median, ${inSeconds(writePause.max)} longest`;
  return [
    tableOf(HEAD, results.map(rowOf), terminal),
    ...problems.map((problem) => colors.red(problem)),
    problems.length === 0 ? colors.green(verdict) : colors.red(verdict),
  ].join("\n");
}

function rowOf(one: FaultResult): string[] {
  const { acknowledged, lost, doubled, writePause, clientErrors } = figures([one]);
  const errors = Object.entries(clientErrors).map(([what, times]) => `${what}: ${count(times)}`);
  const ends = one.tried.map(({ ended, to }) => (ended === "switched" ? `to ${to}` : "aborted"));
  return [
    ...[one.fault, ends.join(", "), count(acknowledged), count(lost), count(doubled)],
    ...[inSeconds(writePause.median), inSeconds(writePause.max), inSeconds(one.latency.p99)],
    errors.join(", ") || "none",
  ];
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
