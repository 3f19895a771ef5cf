import type { Color } from "../cutover/contract";
import { ACT_WINDOW_MILLISECONDS, act } from "./act";
import { decideSwitchover } from "./decide";
import { observe } from "./observe";
import type { SwitchoverPorts } from "./ports";
import {
  type Act,
  SCHEMA_VERSION,
  type StoredSwitchover,
  type SwitchoverDecision,
  type SwitchoverFacts,
  type SwitchoverPhase,
  type SwitchoverRecord,
  writerIn,
} from "./state";

export interface PassOptions {
  /** Names of database users who may write to a fenced cluster. */
  administrators: string[];
  request?: SwitchoverFacts["request"];
}

/** What one pass did, for logs, answers to people, and the loop that decides on another pass. */
export interface PassReport {
  /** Epoch milliseconds. */
  at: number;
  code: string;
  reason: string;
  phase: SwitchoverPhase["name"];
  epoch: number;
  /** The cluster that takes writes, or the last that did. */
  writer: Color;
  /** Epoch milliseconds at which the attempt under way began. @default none is */
  startedAt?: number;
  /** What went wrong while acting; the next pass sees to it. */
  problems: string[];
}

export interface Passed {
  report: PassReport;
  /** The acts that were decided on and stored, with the messages that are news. */
  acts: Act[];
}

/**
 * One pass: load, observe, decide, record the intent, act. Two passes at once are safe: the conditional
 * write lets one of them win, and the other does nothing. One that stalls after it won begins no act
 * after `ACT_WINDOW_MILLISECONDS`.
 */
export async function pass(ports: SwitchoverPorts, options: PassOptions): Promise<Passed> {
  const stored = await loadState(ports);
  const seen = await observe(ports, stored, options.request, options.administrators);
  const decision = decideSwitchover(stored, seen);
  // Not the time of the observation: reading may take long, and nothing is done about it until now.
  const decidedAt = ports.clock.now();
  const next = leased(stored, decision, decidedAt - seen.now);
  if (mustStore(stored, decision)) {
    const record = recordOf(stored, next, decision, seen);
    const outcome = await ports.store.save(next, stored.version, record);
    if (outcome !== "saved") return { report: lost(seen.now, stored, outcome), acts: [] };
  }
  const problems = await act(ports, decision.acts, decidedAt + ACT_WINDOW_MILLISECONDS);
  const { code, reason } = decision;
  // What is tried again and again is news once.
  const isNews = code !== stored.lastCode;
  const acts = decision.acts.filter(({ kind }) => kind !== "notify" || isNews);
  return { report: reportOf(seen.now, code, reason, next, problems), acts };
}

/**
 * The stored state. Where there is none yet, applications are told of the first writer, which nobody has
 * moved: throws when that is unknown, since the wrong one would be opened.
 */
export async function loadState(ports: SwitchoverPorts): Promise<StoredSwitchover> {
  const stored = await ports.store.load();
  if (stored !== undefined) return stored;
  const writer = await ports.writer.read();
  if (!writer.known) throw new Error(`the first writer is unknown: ${writer.reason}`);
  return initialState(writer.value);
}

export function initialState(writer: Color): StoredSwitchover {
  return {
    ...{ schemaVersion: SCHEMA_VERSION, version: 0, lastCode: "", lastReason: "" },
    ...{ epoch: 0, opensUntil: 0, phase: { name: "prepared", writer } },
  };
}

/** The state to store; a lease is counted from when the decision was made. */
function leased(
  stored: StoredSwitchover,
  { next, code, reason }: SwitchoverDecision,
  delay: number,
): StoredSwitchover {
  const isNew = next.opensUntil > stored.opensUntil;
  const opensUntil = isNew ? next.opensUntil + delay : next.opensUntil;
  const version = stored.version + 1;
  return { ...stored, ...next, opensUntil, version, lastCode: code, lastReason: reason };
}

/**
 * A hold that repeats the last one and does nothing is not stored; everything else is. Whatever acts
 * always is: only the conditional write tells that the state it follows from still stands.
 */
function mustStore(stored: StoredSwitchover, { code, next, acts }: SwitchoverDecision): boolean {
  return next !== stored || acts.length > 0 || code !== stored.lastCode || code === "refuse";
}

/** People read what is new, not each of the tries that a hold makes. */
function recordOf(
  stored: StoredSwitchover,
  { epoch, phase }: StoredSwitchover,
  { code, reason }: SwitchoverDecision,
  { now: at, request }: SwitchoverFacts,
): SwitchoverRecord | undefined {
  const isAsked = ["start", "abort", "refuse"].includes(code) && request !== undefined;
  if (code === stored.lastCode && !isAsked) return undefined;
  const who = isAsked ? request.who : "controller";
  return { at, code, reason, who, epoch, phase: phase.name };
}

function lost(at: number, stored: StoredSwitchover, outcome: "conflict" | "unknown"): PassReport {
  const reason =
    outcome === "conflict"
      ? "Another pass stored its decision first; this one did nothing."
      : "It is unknown whether the decision was stored; this pass did nothing more.";
  return reportOf(at, `store-${outcome}`, reason, stored, []);
}

export function reportOf(
  at: number,
  code: string,
  reason: string,
  { phase, epoch }: StoredSwitchover,
  problems: string[],
): PassReport {
  return {
    ...{ at, code, reason, phase: phase.name, epoch, writer: writerIn(phase), problems },
    ...("attempt" in phase && { startedAt: phase.attempt.startedAt }),
  };
}
