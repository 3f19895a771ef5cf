import { COLORS } from "../../lambdas/cutover/contract";
import { hurtIn } from "../../simulation/collectStory";
import type { Story } from "../../simulation/story";
import { count } from "../terminal/texts";
import { isMigration, outcomeInWords, span } from "./words";

/** A figure of one story. */
export interface Figure {
  name: string;
  value: string;
}

/** The figures of the table, in the order in which a person asks for them. */
export function figuresOf(story: Story): Figure[] {
  const { scenario, rehearsal } = story;
  const { counts, clients, longestWaitSeconds, messages, durationSeconds, outcome } = rehearsal;
  const { failed, byRelease } = hurtIn(counts);
  return [
    { name: "expected outcome", value: expectedInWords(scenario.expected) },
    { name: "outcome", value: outcomeInWords(outcome) },
    { name: "duration", value: span(durationSeconds) },
    { name: "payments", value: count(paymentsIn(story)) },
    { name: "failed", value: count(failed) },
    {
      name: isMigration(story) ? "hurt by the fault" : "hurt because of the release",
      value: count(byRelease),
    },
    { name: "from fault to rollback", value: faultToRollback(story) },
    { name: "longest write pause", value: pause(longestWaitSeconds) },
    ...(clients.retries === 0
      ? []
      : [{ name: "asked again by clients", value: count(clients.retries) }]),
    { name: "messages sent", value: count(messages.length) },
  ];
}

export function paymentsIn({ rehearsal: { counts } }: Story): number {
  return COLORS.reduce((total, color) => total + counts[color].payments, 0);
}

export function expectedInWords(expected: string): string {
  return expected === "either" ? "completed or rolled back" : outcomeInWords(expected);
}

export function faultToRollback({ rehearsal }: Story): string {
  const { faultAtSeconds, secondsFromFaultToRollback, outcome } = rehearsal;
  if (secondsFromFaultToRollback !== undefined) return span(secondsFromFaultToRollback);
  if (faultAtSeconds === undefined) return "no fault";
  // Clients who were led back go on coming for minutes: nobody can tell when the last one does.
  return outcome === "rolled-back" ? "not known" : "never";
}

export function pause(seconds: number): string {
  return seconds === 0 ? "none" : span(seconds);
}
