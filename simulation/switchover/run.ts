import { otherColor } from "../../lambdas/cutover/contract";
import { TIMEOUT_SECONDS } from "../../lambdas/switchover/contract";
import { handle } from "../../lambdas/switchover/handle";
import type { PassReport } from "../../lambdas/switchover/pass";
import { STARTS_AT } from "../campaign/run";
import { seededRandom } from "../random";
import { disturb, disturbStored, happens, PERSON, type WorldEvent } from "./events";
import { CALL_FAULTS, type CallFault, type Invocation, ports, type Surroundings } from "./ports";
import { createSwitchoverWorld, plainPorts, standing } from "./world";

export type Fault = CallFault | WorldEvent;

export interface SwitchoverSettings {
  /** Only these go wrong. @default all do */
  faults?: readonly Fault[];
  onTrace?: (line: string) => void;
}

/** How one run went. The same seed and faults always give the same. */
export interface SwitchoverReport {
  seed: number;
  violations: string[];
  /** Attempts that moved the writer, and such that gave the writes back. */
  completed: number;
  aborted: number;
  payments: number;
  passes: number;
  /** Milliseconds without any payment while the writer moved, each time. */
  pauses: { underFaults: number[]; without: number[] };
  injected: { [fault: string]: number };
  /** How often each decision was made, by the phase that it led to. */
  seen: { [phase: string]: { [code: string]: number } };
  virtualMinutes: number;
}

/** Far from the seeds that people give. */
const WORLD_SEEDS = 1_000_000;
const MINUTE = 60_000;
const SAFETY_MINUTES = 16;
const LONGEST_SKEW_MILLISECONDS = 3_000;
/** How likely each fault is at each call. */
const LIKELY_CALL = 0.012;
const LIKELY_MISSED = 0.06;
const PAYMENTS_PER_SECOND = 2;
/** Payments wait no longer when nothing goes wrong, in milliseconds. */
const LONGEST_PAUSE = 20_000;

/** All that one run is. */
export interface Run extends Surroundings {
  settings: SwitchoverSettings;
  faulty: boolean;
  passes: number;
  seen: SwitchoverReport["seen"];
}

/**
 * One life of the production function with two clusters in virtual time. First everything may go
 * wrong and nothing may be lost; then nothing goes wrong any more, and the writer must move there and
 * back.
 */
export async function runSwitchover(
  seed: number,
  settings: SwitchoverSettings = {},
): Promise<SwitchoverReport> {
  const run = prepare(seed, settings);
  const { world } = run;
  world.onStored = () => disturbStored(run, (event) => invoke(run, event));
  wakeEachMinute(run);
  disturb(run, (event) => invoke(run, event));
  await until(run, SAFETY_MINUTES, () => false, askNowAndThen);
  const underFaults = [...world.ledger.pauses];
  run.faulty = false;
  run.likely = {};
  await comeToRest(run);
  // What the faults have left is over by now.
  world.ledger.pauses.length = 0;
  for (let moves = 0; moves < 2; moves++) await moveOnce(run);
  await finish(run);
  return reportOf(seed, run, underFaults);
}

function prepare(seed: number, settings: SwitchoverSettings): Run {
  const random = seededRandom(seed);
  const worldRandom = seededRandom(seed + WORLD_SEEDS);
  const world = createSwitchoverWorld(STARTS_AT, worldRandom, PAYMENTS_PER_SECOND);
  const on = CALL_FAULTS.filter((fault) => settings.faults?.includes(fault) ?? true);
  const likely = Object.fromEntries(on.map((fault) => [fault, LIKELY_CALL]));
  let ids = 0;
  const run: Run = {
    ...{ world, plain: plainPorts(world), random, likely, injected: {}, settings },
    ...{ faulty: true, passes: 0, seen: {} },
    newId: () => `id ${++ids}`,
    wakeWatch: () => {
      const late = run.faulty ? random() * 2_000 : 50;
      world.scheduler.at(world.scheduler.now() + late, () => invoke(run, { verb: "watch" }));
    },
  };
  return run;
}

function invoke(run: Run, event: object): void {
  const { world, random } = run;
  const { now } = world.scheduler;
  const isSkewed = happens(run, "clock-skew", 1 / 2);
  const skew = isSkewed ? (random() * 2 - 1) * LONGEST_SKEW_MILLISECONDS : 0;
  const invocation: Invocation = { endsAt: now() + TIMEOUT_SECONDS * 1000, skew, alive: true };
  const context = { getRemainingTimeInMillis: () => invocation.endsAt - now() };
  const wiring = { environment: "simulation", administrators: [] };
  void handle(ports(run, invocation), wiring, event, context, (line) => note(run, line)).catch(
    (error: Error) => run.settings.onTrace?.(`an invocation fails: ${error.message}`),
  );
}

function note(run: Run, line: string): void {
  const { code, phase, reason } = JSON.parse(line) as Partial<PassReport>;
  if (code === undefined || phase === undefined) return;
  run.passes += 1;
  const seen = run.seen[phase] ?? {};
  run.seen[phase] = { ...seen, [code]: (seen[code] ?? 0) + 1 };
  const { now } = run.world.scheduler;
  run.settings.onTrace?.(`${new Date(now()).toISOString().slice(11, 23)} ${code}: ${reason}`);
}

function wakeEachMinute(run: Run): void {
  const { scheduler } = run.world;
  if (!happens(run, "missed-event", LIKELY_MISSED)) invoke(run, {});
  scheduler.at(scheduler.now() + MINUTE, () => wakeEachMinute(run));
}

/** Somebody wants the writer to move, most of the time. */
function askNowAndThen(run: Run): void {
  const { random } = run;
  if (random() < 0.6) invoke(run, { verb: "start", ...PERSON });
  // Two at once ask for the same.
  if (random() < 0.05) invoke(run, { verb: "start", ...PERSON });
  mend(run);
}

/** A person starts again what has failed while nothing moves. */
function mend({ world, random, faulty }: Run): void {
  const { rests, writer = "blue" } = standing(world);
  if (!rests || (faulty && random() < 0.5)) return;
  if (world.replication.tasks[writer].status === "failed") world.replication.resume(writer);
}

async function until(
  run: Run,
  minutes: number,
  done: () => boolean,
  each: (run: Run) => void = () => undefined,
): Promise<boolean> {
  const { scheduler, ledger } = run.world;
  const endsAt = scheduler.now() + minutes * MINUTE;
  while (scheduler.now() < endsAt && !done() && ledger.broken.length === 0) {
    each(run);
    await scheduler.runUntil(scheduler.now() + MINUTE / 4);
  }
  return done();
}

async function comeToRest(run: Run): Promise<void> {
  const rests = () => standing(run.world).rests;
  // Old statements first: the latest of them, and the invocations that sent them.
  await until(run, 4, () => false);
  const rested = await until(run, 10, rests, mend);
  if (!rested) say(run, "the clusters did not come to rest without faults");
}

/** With nothing in the way the writer moves, within minutes, and payments wait for seconds. */
async function moveOnce(run: Run): Promise<void> {
  const { world } = run;
  const { writer = "blue" } = standing(world);
  const moved = () => standing(world).writer === otherColor(writer);
  await until(run, 3, () => false, mend);
  const asked = await until(run, 6, moved, (one) => {
    if (standing(world).rests && !moved()) invoke(one, { verb: "start", ...PERSON });
  });
  if (!asked) say(run, `the writer did not move from ${writer} without faults`);
}

async function finish(run: Run): Promise<void> {
  const { payments, ledger } = run.world;
  payments.end();
  await until(run, 3, () => payments.open() === 0);
  if (payments.open() > 0) say(run, `${payments.open()} payments were never answered`);
  const [longest = 0] = [...ledger.pauses].sort((left, right) => right - left);
  if (longest > LONGEST_PAUSE) say(run, `payments waited for ${longest} ms without faults`);
  const { writer } = standing(run.world);
  if (writer !== undefined) ledger.settle(writer);
}

function say({ world: { ledger } }: Run, what: string): void {
  if (ledger.broken.length === 0) ledger.broken.push(what);
}

function reportOf(seed: number, run: Run, underFaults: number[]): SwitchoverReport {
  const { world, passes, injected, seen } = run;
  const count = (code: string) => world.records.filter((record) => record.code === code).length;
  return {
    ...{ seed, violations: world.ledger.broken, passes, injected, seen },
    ...{ completed: count("steady"), aborted: count("aborted") },
    payments: world.ledger.payments(),
    pauses: { underFaults, without: [...world.ledger.pauses] },
    virtualMinutes: (world.scheduler.now() - STARTS_AT) / MINUTE,
  };
}
