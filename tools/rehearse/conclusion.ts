import { causeOf, endsAs } from "../../simulation/distribution";
import { failures } from "../../simulation/payments";
import type { Rehearsal } from "../../simulation/rehearse";
import type { Scenario } from "../../simulation/scenarios";
import { tableOf } from "../terminal/table";
import type { Terminal } from "../terminal/terminal";
import { count, duration } from "../terminal/texts";

export interface Rehearsed {
  scenario: Scenario;
  rehearsal: Rehearsal;
}

/** The rehearsals side by side. */
export function conclusionTable(rehearsed: Rehearsed[], terminal: Terminal): string {
  return tableOf(
    ["", ...rehearsed.map(({ scenario }) => scenario.name)],
    MEASURES.map(([measure, read]) => [
      measure,
      ...rehearsed.map(({ rehearsal }) => read(rehearsal)),
    ]),
    terminal,
  );
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
