import { act } from "./act";
import type { Consumer } from "./contract";
import { decide } from "./decide";
import { observe } from "./observe";
import type { Ports } from "./ports";

/** What one pass did, for logs and for the loop that decides on another pass. */
export interface PassReport {
  /** Epoch milliseconds. */
  at: number;
  code: string;
  reason: string;
  /** What a person must see to. */
  problems: string[];
  /** What only another look can tell. */
  doubts: string[];
  /** Whether a task of ours is on its way, and another pass should come soon. */
  again: boolean;
}

/** One pass: observe, decide, act. Two passes at once are safe: each step may be done twice. */
export async function pass(ports: Ports, consumers: Consumer[]): Promise<PassReport> {
  const seen = await observe(ports, consumers);
  const { code, reason, moves, problems, again } = decide(seen);
  const acted = await act(ports, moves);
  return {
    at: seen.now,
    code,
    reason,
    problems: [...problems, ...acted.problems],
    doubts: acted.doubts,
    again,
  };
}
