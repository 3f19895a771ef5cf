import type { Decided } from "../../simulation/rehearse";
import type { Story } from "../../simulation/story";
import { endOf } from "./charts/points";
import { isMigration } from "./words";

/** A line of the story: what the controller or a person decided, or what the world did. */
export type Happening =
  | {
      kind: "decision";
      atSeconds: number;
      /** `1`, `2`: of those that moved something, or asked or answered somebody; absent for the others. */
      label?: string;
      decision: Decided;
    }
  | {
      kind: "world";
      atSeconds: number;
      /** `A`, `B`. */
      label: string;
      /** As a clause, for people. */
      what: string;
    };

/** Baking and holding are what a step does all the time: they are told, and get no number. */
export function isNumbered({ code, changes }: Decided): boolean {
  return changes || !(code === "bake" || code.startsWith("hold-"));
}

/** All that happened, in the order of time; what the world did stands before what was decided on it. */
export function happeningsOf(story: Story): Happening[] {
  const { incidents, rehearsal } = story;
  const { decisions, faultAtSeconds } = rehearsal;
  const whose = isMigration(story) ? "the fault" : "the release's fault";
  const fault = { what: `the first payment meets ${whose}` };
  const world = [
    ...(faultAtSeconds === undefined ? [] : [{ atSeconds: faultAtSeconds, ...fault }]),
    ...incidents,
  ].sort(byTime);
  let numbered = 0;
  return [
    ...world.map((one, index) => ({ kind: "world" as const, ...one, label: letters(index) })),
    ...decisions.map((decision) => ({
      kind: "decision" as const,
      atSeconds: decision.atSeconds,
      ...(isNumbered(decision) && { label: String(++numbered) }),
      decision,
    })),
  ].sort(byTime);
}

/** Times of what has a mark on the charts, as far as the charts go. */
export function momentsOf(story: Story): number[] {
  const endSeconds = endOf(story.samples);
  const marked = happeningsOf(story).filter(({ label }) => label !== undefined);
  const times = marked.map(({ atSeconds }) => Math.min(atSeconds, endSeconds));
  return [...new Set(times)];
}

function byTime(one: { atSeconds: number }, other: { atSeconds: number }): number {
  return one.atSeconds - other.atSeconds;
}

/** `A` to `Z`, then `AA`. */
export function letters(index: number): string {
  const before = index < 26 ? "" : letters(Math.floor(index / 26) - 1);
  return before + String.fromCharCode("A".charCodeAt(0) + (index % 26));
}
