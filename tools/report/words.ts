import { type Color, type Limits, otherColor, type Plan } from "../../lambdas/cutover/contract";
import { hurtIn } from "../../simulation/collectStory";
import type { Outcome } from "../../simulation/rehearse";
import type { Story } from "../../simulation/story";
import { count, duration } from "../terminal/texts";

/** A duration as people say it, hours too: `4 h 8 min 20 s`. @param seconds not negative */
export function span(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 3600) return duration(whole);
  const rest = whole % 3600;
  return `${Math.floor(whole / 3600)} h${rest === 0 ? "" : ` ${duration(rest)}`}`;
}

/** `Blue`, to begin a sentence with. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Numbers with their units on one line. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (?=(?:h|min|s|ms|%)(?!\w))/g, "$1\u00a0");
}

/** `1 payment`, `2 payments`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

const OUTCOMES: { [outcome in Outcome]: string } = {
  completed: "completed",
  "rolled-back": "rolled back",
  refused: "refused",
  stuck: "no end",
};

/** An outcome for people; one that is not known stands as it is. */
export function outcomeInWords(outcome: string): string {
  return Object.entries(OUTCOMES).find(([known]) => known === outcome)?.[1] ?? outcome;
}

/** Whether it ended as its scenario ought to; where chance may decide, any proper end will do. */
export function isAsExpected({ scenario: { expected }, rehearsal: { outcome } }: Story): boolean {
  if (expected === "either") return outcome === "completed" || outcome === "rolled-back";
  return outcome === expected;
}

/** Whether clients are led from on-premises to AWS, instead of payments to the other color. */
export function isMigration({ rehearsal: { decisions } }: Story): boolean {
  return decisions.some(
    ({ code, reason }) => code === "migrate" || reason.startsWith("Refused to migrate"),
  );
}

/** The color whose payments are judged: the standby color, and in a migration the live one. */
export function judgedColor(story: Story): Color {
  return isMigration(story) ? story.live : otherColor(story.live);
}

/** How it ended, how long it took, how many payments it hurt, and how long it took from fault to rollback. */
export function headline(story: Story): string {
  const { outcome, durationSeconds, decisions } = story.rehearsal;
  const took = span(durationSeconds);
  switch (outcome) {
    case "completed":
      return isMigration(story)
        ? `All clients came to AWS in ${took}; ${hurt(story)}.`
        : `${capital(otherColor(story.live))} went live in ${took}; ${hurt(story)}.`;
    case "rolled-back":
      return takenBack(story, took);
    case "refused":
      return `The start was refused, and no payment moved: ${refusal(decisions.at(-1)?.reason)}.`;
    case "stuck":
      return `It had come to no end after ${took}; ${hurt(story)}.`;
  }
}

function takenBack(story: Story, took: string): string {
  const { secondsFromFaultToRollback } = story.rehearsal;
  const what = isMigration(story)
    ? `Clients were led back after ${took}`
    : `Payments were taken back to ${story.live} after ${took}`;
  const since =
    secondsFromFaultToRollback === undefined
      ? ""
      : `, ${span(secondsFromFaultToRollback)} from fault to rollback`;
  return `${what}; ${hurt(story)}${since}.`;
}

function hurt(story: Story): string {
  const { byRelease } = hurtIn(story.rehearsal.counts);
  const payments = byRelease === 0 ? "no payment" : counted(byRelease, "payment");
  return `${isMigration(story) ? "it" : "the release"} hurt ${payments}`;
}

/** The controller's reason without what the headline says already. */
function refusal(reason = "no reason is on record."): string {
  return reason.replace(/^Refused to \w+: /, "").replace(/\.$/, "");
}

/** What moves: `blue to green`. */
export function direction(story: Story): string {
  return isMigration(story)
    ? `on-premises to AWS, where ${story.live} is live`
    : `${story.live} to ${otherColor(story.live)}`;
}

/** The plan's steps as a clause: `10 % for 5 min, 50 % for 10 min and 100 % for 15 min`. */
export function stepsInWords(plan: Plan, migrates: boolean): string {
  const steps = migrates
    ? (plan.migration?.steps ?? []).map((step) => ({ ...step, percent: step.awsPercent }))
    : plan.steps.map((step) => ({ ...step, percent: step.weightPercent }));
  return listed(
    steps.map((step) => {
      const more = [
        ...("switchover" in step && step.switchover ? ["with the switchover of the database"] : []),
        ...(step.approval === undefined ? [] : [`with an approval (“${step.approval}”)`]),
      ];
      return [`${step.percent} % for ${span(step.bakeMinutes * 60)}`, ...more].join(" ");
    }),
  );
}

/** The limits, a sentence for each. */
export function limitsInWords(limits: Limits, withoutEvidence: boolean): string[] {
  const { maxErrorsPerThousand, maxP99Milliseconds, minimumPayments } = limits;
  const { longestHoldMinutes, releasesPerFalseRollback, stepsPerFalsePromotion } = limits;
  return [
    `At most ${maxErrorsPerThousand} of a thousand payments may fail, and at most one in a hundred may take more than ${count(maxP99Milliseconds)} ms.`,
    withoutEvidence
      ? "A step may end without payments to judge it by."
      : `A step ends after ${counted(minimumPayments, "payment")} at least, once they have shown it to be within the limits.`,
    `A step that lacks something is held, for ${span(longestHoldMinutes * 60)} beyond its bake time at most, and then taken back.`,
    `Of ${count(releasesPerFalseRollback)} releases as good as the live color the counts take back at most one; of ${count(stepsPerFalsePromotion)} steps at the limit at most one ends.`,
  ];
}
