import Table from "cli-table3";
import { causeOf, endsAs } from "../../simulation/distribution";
import { failures } from "../../simulation/payments";
import type { Rehearsal } from "../../simulation/rehearse";
import type { Scenario } from "../../simulation/scenarios";
import type { Terminal } from "./terminal";
import { count, duration } from "./texts";

export interface Rehearsed {
  scenario: Scenario;
  rehearsal: Rehearsal;
}

/** Borders that any file and any terminal can show. */
const PLAIN_BORDERS = {
  ...{ top: "-", "top-mid": "+", "top-left": "+", "top-right": "+" },
  ...{ bottom: "-", "bottom-mid": "+", "bottom-left": "+", "bottom-right": "+" },
  ...{ left: "|", right: "|", middle: "|" },
};

/** Without these, nothing stands between two rows. */
const NO_LINES_BETWEEN = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** Of a table that the terminal, or whatever stands in its place, can show. */
export function bordersFor({ interactive }: Terminal) {
  return { ...NO_LINES_BETWEEN, ...(interactive ? {} : PLAIN_BORDERS) };
}

/** The rehearsals side by side. */
export function conclusionTable(rehearsed: Rehearsed[], terminal: Terminal): string {
  const table = new Table({
    // Colors of its own would ignore what the terminal can show.
    style: { head: [], border: [] },
    chars: bordersFor(terminal),
  });
  table.push(["", ...rehearsed.map(({ scenario }) => scenario.name)]);
  for (const [measure, read] of MEASURES)
    table.push([measure, ...rehearsed.map(({ rehearsal }) => read(rehearsal))]);
  return table.toString();
}

const MEASURES: [measure: string, read: (rehearsal: Rehearsal) => string][] = [
  ["outcome", ({ outcome }) => outcome],
  ["duration", ({ durationSeconds }) => duration(durationSeconds)],
  ["payments", ({ counts }) => count(counts.blue.payments + counts.green.payments)],
  ["failed payments", ({ counts }) => count(failures(counts.blue) + failures(counts.green))],
  ["because of the release", ({ counts }) => count(failedByRelease(counts))],
  ["from fault to rollback", fromFaultToRollback],
];

function failedByRelease({ blue, green }: Rehearsal["counts"]): number {
  return blue.failedByRelease + green.failedByRelease;
}

function fromFaultToRollback(rehearsal: Rehearsal): string {
  const { faultAtSeconds, secondsFromFaultToRollback } = rehearsal;
  if (faultAtSeconds === undefined) return "no fault";
  return secondsFromFaultToRollback === undefined ? "never" : duration(secondsFromFaultToRollback);
}

/** A sentence for each rehearsal that did not end as it ought to. */
export function surprises(rehearsed: Rehearsed[]): string[] {
  return rehearsed
    .filter(({ scenario, rehearsal }) => !endsAs(rehearsal.outcome, scenario.expected))
    .map(
      ({ scenario, rehearsal }) =>
        `${scenario.name} should have ended ${scenario.expected}, but ended ${rehearsal.outcome}: ${causeOf(rehearsal)}`,
    );
}

export const CLOSING_SENTENCE =
  "The decisions are those of the controller that would be deployed; payments, load balancer and metrics are a model in virtual time, and no AWS account was touched.";
