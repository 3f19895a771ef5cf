import type { InvocationContext } from "../common/ports";
import { tell } from "./act";
import { beat } from "./beat";
import { type Measured, metricsLine } from "./metrics";
import { loadState, type PassOptions, type PassReport, pass } from "./pass";
import type { SwitchoverPorts } from "./ports";
import type { StoredSwitchover, SwitchoverPhase } from "./state";

/** Why the function runs: a request, the schedule, or as the second beside an invocation that starts. */
export type Occasion = "request" | "schedule" | "watch";

export interface ServeOptions extends PassOptions {
  environment: string;
  occasion: Occasion;
}

/** What an invocation did. */
export interface Answer extends PassReport {
  /** Its decisions but for those that only held, as sentences. */
  story: string[];
}

/** Between two passes while payments wait for something, in milliseconds. */
const HOLD_MILLISECONDS = 200;
/**
 * Between two passes of a watch, and of whoever the schedule wakes: they leave the way to the request's
 * own. InnoDB shows old transactions for as long as it is asked more often than every 100 ms.
 */
const WATCH_MILLISECONDS = 1_000;
/** Between two passes while replication is turned round, when nobody waits. */
const REVERSING_MILLISECONDS = 2_000;
/** How long a watch looks out for the attempt that it was woken for, in milliseconds. */
const LOOKOUT_MILLISECONDS = 20_000;
/** Longest wait for a heartbeat, in milliseconds: one that takes longer proves nothing. */
const PATIENCE_MILLISECONDS = 5_000;
/** Kept back at the end of an invocation, so that a pass which has begun can end, in milliseconds. */
const RESERVE_MILLISECONDS = 30_000;
/** How often a request is tried while other passes store their decisions first. */
const TRIES = 4;

/**
 * Passes until the clusters are at rest, or the invocation's time is nearly used up. A request is
 * answered when payments wait no longer; the watch beside it turns replication round.
 */
export async function serve(
  ports: SwitchoverPorts,
  options: ServeOptions,
  context: InvocationContext,
  log: (line: string) => void,
): Promise<Answer> {
  const { occasion, request, ...always } = options;
  const begunAt = ports.clock.now();
  const story: string[] = [];
  const telling: Promise<string[]>[] = [];
  let asked = request;
  let phase: SwitchoverPhase["name"] | undefined;
  for (let tries = 1; ; tries++) {
    await measure(ports, options, phase, log);
    const { report, acts } = await pass(ports, { ...always, ...(asked && { request: asked }) });
    log(JSON.stringify(report));
    // Not awaited here: payments may be waiting.
    telling.push(tell(ports, acts));
    if (!/^(hold|rest|store)/.test(report.code)) story.push(report.reason);
    phase = report.phase;
    // A request must not get lost because another pass stored its decision first.
    const isLost = report.code.startsWith("store-") && asked !== undefined && tries < TRIES;
    if (!isLost) asked = undefined;
    const pause = isLost ? 0 : pauseAfter(report, occasion);
    const isEnd =
      !isLost && (report.code === "refuse" || ends(phase, occasion, ports.clock.now() - begunAt));
    if (isEnd || context.getRemainingTimeInMillis() < pause + RESERVE_MILLISECONDS)
      return { ...report, problems: [...report.problems, ...(await told(telling))], story };
    await ports.clock.sleep(pause);
  }
}

async function told(telling: Promise<string[]>[]): Promise<string[]> {
  return (await Promise.all(telling)).flat();
}

/** Whether the invocation has done what it was called for. */
function ends(phase: SwitchoverPhase["name"], occasion: Occasion, milliseconds: number): boolean {
  const isSettled = phase === "prepared" || phase === "steady";
  if (occasion === "request") return isSettled || phase === "reversing";
  // It may have come before the start that it was woken for.
  return isSettled && (occasion === "schedule" || milliseconds >= LOOKOUT_MILLISECONDS);
}

/** Milliseconds until the next pass: none after a step that was made while payments wait. */
function pauseAfter({ code, phase }: PassReport, occasion: Occasion): number {
  if (phase === "reversing") return REVERSING_MILLISECONDS;
  if (occasion !== "request" || phase === "prepared" || phase === "steady")
    return WATCH_MILLISECONDS;
  return /^(hold|store|close|abort)/.test(code) ? HOLD_MILLISECONDS : 0;
}

/**
 * A heartbeat before a pass that asks how fresh it is. Its time and how long the clusters have not been
 * at rest are metrics, once in each invocation of the schedule.
 * @param phase after the last pass; undefined before the first
 */
async function measure(
  ports: SwitchoverPorts,
  { environment, occasion, request }: ServeOptions,
  phase: SwitchoverPhase["name"] | undefined,
  log: (line: string) => void,
): Promise<void> {
  const isFirst = phase === undefined;
  if (!isFirst && phase !== "reversing") return;
  if (isFirst && (occasion === "watch" || request?.verb === "abort")) return;
  const state = await loadState(ports);
  const heartbeat = await beat(ports, state, PATIENCE_MILLISECONDS);
  if (!isFirst || occasion !== "schedule") return;
  const now = ports.clock.now();
  log(metricsLine(environment, now, measured(state, now, heartbeat)));
}

function measured(
  { phase }: StoredSwitchover,
  now: number,
  heartbeat: number | undefined,
): Measured {
  const unsettled = "attempt" in phase ? (now - phase.attempt.startedAt) / 1000 : 0;
  return { unsettled, ...(heartbeat !== undefined && { heartbeat }) };
}
