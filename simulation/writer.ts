import { type Color, otherColor } from "../lambdas/cutover/contract";
import type { SwitchoverStanding } from "../lambdas/cutover/ports";
import type { SwitchoverCourse } from "./scenarios";

/** The database writer and its switchover, as the cutover controller sees them. */
export interface Writer {
  color: Color;
  /** Counts the attempts. */
  epoch: number;
  /** The attempt under way, from epoch milliseconds on. */
  attempt?: { startedAt: number; isAborted: boolean };
  /** Whether the next attempt gives the writes back. */
  aborts: () => boolean;
  /** How long payments wait in an attempt. */
  waitMilliseconds: number;
}

/** How long payments wait where nothing else is said, and how long replication takes to be turned round. */
const USUAL_WAIT_SECONDS = 5;
const REVERSING_MILLISECONDS = 90_000;

/** @param course of every attempt. @default each moves the writer, and payments wait for five seconds */
export function createWriter(color: Color, course?: SwitchoverCourse): Writer {
  const { waitSeconds, isAborted } = course ?? {
    waitSeconds: USUAL_WAIT_SECONDS,
    isAborted: false,
  };
  return { color, epoch: 0, aborts: () => isAborted, waitMilliseconds: waitSeconds * 1000 };
}

/** Whether no cluster takes writes at an instant, in epoch milliseconds. */
export function waitsForWriter({ attempt, waitMilliseconds }: Writer, now: number): boolean {
  if (attempt === undefined) return false;
  return now >= attempt.startedAt && now - attempt.startedAt < waitMilliseconds;
}

/** Begins an attempt; refused, as production refuses, while one runs and where it is so already. */
export function askForSwitchover(writer: Writer, to: Color, now: number): void {
  settle(writer, now);
  if (writer.attempt !== undefined || to === writer.color) return;
  writer.epoch += 1;
  writer.attempt = { startedAt: now, isAborted: writer.aborts() };
}

export function standingOf(writer: Writer, now: number): SwitchoverStanding {
  settle(writer, now);
  const { color, epoch, attempt } = writer;
  if (attempt === undefined)
    return {
      phase: "steady",
      isAtRest: true,
      writer: color,
      epoch,
      reason: `${color} takes all writes.`,
    };
  const isOpen = now - attempt.startedAt >= writer.waitMilliseconds;
  const taker = isOpen ? otherColor(color) : color;
  const phase = isOpen ? "reversing" : "draining";
  return { phase, isAtRest: false, writer: taker, epoch, reason: `Held ${phase}.` };
}

/** Ends an attempt whose time is over. */
function settle(writer: Writer, now: number): void {
  const { attempt, color } = writer;
  if (attempt === undefined) return;
  const lasts = writer.waitMilliseconds + (attempt.isAborted ? 0 : REVERSING_MILLISECONDS);
  if (now - attempt.startedAt < lasts) return;
  if (!attempt.isAborted) writer.color = otherColor(color);
  delete writer.attempt;
}
