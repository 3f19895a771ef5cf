import { setTimeout as pause } from "node:timers/promises";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import {
  isAtRest,
  type StoredSwitchover,
  type SwitchoverPhase,
} from "../../lambdas/switchover/state";
import type { Random } from "../../simulation/random";
import { allOn } from "./aws";
import type { Fault } from "./faults";
import { acknowledgedIn, longestPause } from "./measure";
import type { DrillWorld } from "./world";

/** One try to move the writer, as it came to pass. Times in milliseconds. */
export interface Tried {
  fault: string;
  to: Color;
  /** Whether the fault really struck. */
  struck: boolean;
  ended: "switched" | "aborted";
  /** What the controller said in the end, or at the abort. */
  reason: string;
  /** The longest time without an acknowledged payment: what clients saw. */
  pauseMilliseconds: number;
  /** From the fence until the first state in which payments need not wait. */
  windowMilliseconds: number;
  /** Until replication ran back, or everything was as before. */
  settleMilliseconds: number;
  /** Payments that were acknowledged while nobody could write; any is one too many. */
  acknowledgedWhileFenced: number;
  /** Starts that were refused before, and why the last one was. */
  refusals: string[];
}

/** An answer that was on its way when the fence came: the payment was there before. */
const GRACE_MILLISECONDS = 1_000;
/** Longest wait for a switchover to come to rest, and for a start that is not refused. */
const REST_MILLISECONDS = 150_000;
const START_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 100;
const RETRY_MILLISECONDS = 1_000;

/** Moves payments to a color's tasks in steps, as a release does, seconds long. */
const STEPS = [10, 50, 100];
const STEP_MILLISECONDS = 500;

/** Moves the application's traffic; both colors write to the one writer meanwhile. */
export async function moveTraffic(world: DrillWorld, to: Color): Promise<void> {
  for (const percent of STEPS) {
    await world.aws.setWeights(allOn(to, percent));
    world.note(`${percent} % of the payments go to ${to}'s tasks`);
    await pause(STEP_MILLISECONDS);
  }
}

/** Asks until a switchover is under way; says why it was refused. @param epoch attempts before */
export type Ask = (world: DrillWorld, to: Color, epoch: number) => Promise<string[]>;

/**
 * Asks for a switchover under a fault, and follows it until all is at rest and put right again. Throws
 * when it never comes to rest.
 * @param ask how it comes about. @default somebody asks the function
 */
export async function switchOver(
  world: DrillWorld,
  to: Color,
  fault: Fault,
  random: Random,
  ask: Ask = askFunction,
): Promise<Tried> {
  await world.quiet();
  const times = new PhaseTimes();
  const forget = world.store.onStored(({ state }) => {
    if (times.note(state)) world.note(`${state.phase.name}: ${state.lastReason}`);
  });
  const from = to === "blue" ? "green" : "blue";
  let struck = false;
  const strike = () => {
    struck = true;
  };
  const undo = await fault.arrange({ world, from, random, strike });
  try {
    const epoch = (await world.aws.state())?.epoch ?? 0;
    const refusals = await ask(world, to, epoch);
    const state = await untilAtRest(world, epoch);
    const settledAt = Date.now();
    // So that the pause has an end.
    await untilPaid(world);
    const ended = state.phase.writer === to ? "switched" : "aborted";
    return {
      ...{ fault: fault.name, to, struck, ended, reason: times.lastReason },
      ...measured(world, times, settledAt),
      refusals,
    };
  } finally {
    forget();
    await undo();
  }
}

/** When each state was first stored, by epoch milliseconds. */
class PhaseTimes {
  lastReason = "";
  private readonly times = new Map<SwitchoverPhase["name"], number>();

  /** Whether the state is a new one. */
  note({ phase, lastReason }: StoredSwitchover): boolean {
    const isNew = !this.times.has(phase.name);
    if (isNew) this.times.set(phase.name, Date.now());
    if (isNew && !isAtRest(phase) && phase.name !== "reversing") this.lastReason = lastReason;
    return isNew;
  }

  of(...names: SwitchoverPhase["name"][]): number | undefined {
    return names.map((name) => this.times.get(name)).find((at) => at !== undefined);
  }
}

function measured(world: DrillWorld, times: PhaseTimes, settledAt: number) {
  const startedAt = times.of("fencing") ?? settledAt;
  const fencedAt = times.of("fenced");
  const openedAt = times.of("opening", "aborting") ?? settledAt;
  const { sent } = world.traffic;
  const fenced = { from: (fencedAt ?? openedAt) + GRACE_MILLISECONDS, to: openedAt };
  return {
    pauseMilliseconds: longestPause(sent, { from: startedAt, to: settledAt }),
    windowMilliseconds: openedAt - startedAt,
    settleMilliseconds: settledAt - startedAt,
    acknowledgedWhileFenced: acknowledgedIn(sent, fenced),
  };
}

async function askFunction(world: DrillWorld, to: Color, epoch: number): Promise<string[]> {
  const refusals: string[] = [];
  const until = performance.now() + START_MILLISECONDS;
  while (performance.now() < until) {
    const asked = { verb: "start", who: "drill", why: "a drill", to };
    const running = world.functions.invoke(asked);
    const isOver = running.then(() => true);
    while (((await world.aws.state())?.epoch ?? 0) === epoch)
      if (await Promise.race([isOver, pause(LOOK_MILLISECONDS, false)])) break;
    if (((await world.aws.state())?.epoch ?? 0) > epoch) return refusals;
    const { result } = await running;
    refusals.push(JSON.stringify(result).slice(0, 500));
    await pause(RETRY_MILLISECONDS);
  }
  throw new Error(`no switchover to ${to} could be started: ${refusals.at(-1)}`);
}

type AtRest = StoredSwitchover & { phase: Extract<SwitchoverPhase, { writer: Color }> };

async function untilAtRest(world: DrillWorld, epoch: number): Promise<AtRest> {
  const until = performance.now() + REST_MILLISECONDS;
  for (;;) {
    const state = await world.aws.state();
    if (state !== undefined && state.epoch > epoch && isAtRest(state.phase)) return state as AtRest;
    if (performance.now() > until) throw new Error(standing(world, state));
    await pause(LOOK_MILLISECONDS);
  }
}

/** Where it hangs, for whoever has to find out why. */
function standing({ links }: DrillWorld, state: StoredSwitchover | undefined): string {
  const tasks = COLORS.map(
    (from) => `replication of ${from} ${links.dms.statusOf(links.taskArns[from])}`,
  );
  const seconds = REST_MILLISECONDS / 1000;
  return `still ${state?.phase.name} after ${seconds} s (${tasks.join(", ")}): ${state?.lastReason}`;
}

async function untilPaid(world: DrillWorld): Promise<void> {
  const count = world.traffic.acknowledged.length;
  const until = performance.now() + START_MILLISECONDS;
  while (world.traffic.acknowledged.length === count) {
    if (performance.now() > until) throw new Error("no payment is made any more");
    await pause(LOOK_MILLISECONDS);
  }
}
