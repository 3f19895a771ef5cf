import {
  type Color,
  DNS_REACH_SECONDS,
  type OperatorRequest,
  type Plan,
  type Weights,
} from "../lambdas/cutover/contract";
import type { Strength } from "../lambdas/cutover/evidence/traffic";
import type { Ports } from "../lambdas/cutover/ports";
import type { CutoverState } from "../lambdas/cutover/state";
import { type TickReport, tick } from "../lambdas/cutover/tick";
import { type Checker, createChecker } from "./checker";
import { isDead, type Lives, livesOf, meetDisturbances, mortal } from "./disturbances";
import { shareOnAws } from "./dns";
import { type ClientCounts, type CountsPerColor, noCounts } from "./payments";
import { type Message, type Recorded, simulatedPorts } from "./ports";
import { seededRandom } from "./random";
import type { Scenario } from "./scenarios";
import { createWorld, passSlice, type World } from "./world";
import { waitsForWriter } from "./writer";

export interface RehearsalOptions {
  plan: Plan;
  /** The color that carries everything at the start. */
  live: Color;
  scenario: Scenario;
  paymentsPerHour: number;
  /** Seconds between two passes of the controller while something moves. */
  tickSeconds: number;
  seed: number;
  /**
   * Percent of the clients that come to AWS at first: what is rehearsed is then how the others are led
   * there, by the plan's migration. @default a cutover is rehearsed, and all clients come
   */
  awsPercent?: number;
  /**
   * The hour of the day at which the operator starts, 0 to 23, in UTC: payments then come as the hour has
   * it, and `paymentsPerHour` is the busiest's. @default as many come at any time
   */
  hourOfDay?: number;
  onEvent?: (event: RehearsalEvent) => void;
  /** Puts something between the controller and its ports, such as a fault of one of them. */
  interpose?: (ports: Ports, world: World) => Ports;
}

/** A decision on record; times are seconds since the operator's start. */
export interface Decided {
  atSeconds: number;
  code: string;
  reason: string;
  /** Who decided: the controller, or the person who asked. */
  who: string;
  /** The weights on record after it. */
  weights: Weights;
  /** Percent of the clients that DNS leads to AWS, by the record; where there are others. */
  awsPercent?: number;
  /** Whether weights, step, phase or live color differ from those before; a hold changes none. */
  changes: boolean;
}

export interface Progress {
  atSeconds: number;
  weightsInPlace: Weights;
  /** Percent of the clients that come to AWS; where there are others. */
  awsPercent?: number;
  /** Since the operator's start. */
  counts: CountsPerColor;
  /** What the last pass decided, as a sentence. */
  reason: string;
  /** How strong the last pass found the evidence, if it weighed any. */
  strength?: Strength;
  /** The cluster that takes the writes. */
  writer: Color;
  /** Whether payments wait because no cluster does. */
  waits: boolean;
  /** When the first payment met the release's fault; absent before. */
  faultAtSeconds?: number;
}

/** Something that happened besides payments. */
export interface Happened {
  atSeconds: number;
  /** As a clause, for people. */
  what: string;
}

/** What a live view shows: decisions and incidents when they fall, and the progress after each second. */
export type RehearsalEvent =
  | ({ kind: "decision" } & Decided)
  | ({ kind: "incident" } & Happened)
  | ({ kind: "progress" } & Progress);

/** - "refused" means that the start was refused; "stuck" that there was no end within the maximum. */
export type Outcome = "completed" | "rolled-back" | "refused" | "stuck";

/** How a rehearsal went; seconds count from the operator's start. */
export interface Rehearsal {
  outcome: Outcome;
  durationSeconds: number;
  counts: CountsPerColor;
  /** When the first payment met the release's fault; absent when none did. */
  faultAtSeconds?: number;
  /** From then until no payment went to the standby color any more, because of a rollback. */
  secondsFromFaultToRollback?: number;
  /** When the first payment failed, or was rejected, because of the release; absent when none did. */
  firstHurtAtSeconds?: number;
  /** Of payments whose clients ask again. */
  clients: ClientCounts;
  /** Longest time in one go in which payments waited for a database that takes writes, in seconds. */
  longestWaitSeconds: number;
  decisions: Decided[];
  messages: Message[];
}

interface Stage {
  options: RehearsalOptions;
  world: World;
  ports: Ports;
  checker: Checker;
  recorded: Recorded;
  startedAt: number;
  reason: string;
  strength?: Strength | undefined;
  decisions: Decided[];
  takenBackAt?: number;
  lives: Lives;
  /** Seconds for which payments have been waiting, and the longest such time. */
  waiting: { seconds: number; longest: number };
}

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** Any day will do: a rehearsal must not depend on that on which it runs. */
const DAY = Date.UTC(2026, 0, 5);
const USUAL_HOUR = 9;

/** Minutes in which the world runs before the operator's start, so that metrics have a past. */
const LEAD_IN_MINUTES = 3;

const WAKING_MILLISECONDS = 2_000;

/** Time that a rollback after the longest hold of the last step may still take. */
const ROLLBACK_MINUTES = 10;

/** After that many minutes any cutover by this plan must have ended, one way or the other. */
export function maximumMinutes({ steps, limits }: Plan): number {
  return minutesOf(steps, limits.longestHoldMinutes);
}

/** The same of a migration, which gives DNS its time with each step. */
export function migrationMinutes({ migration, limits }: Plan): number {
  return minutesOf(migration?.steps ?? [], limits.longestHoldMinutes + DNS_REACH_SECONDS / 60);
}

function minutesOf(steps: { bakeMinutes: number; switchover?: true }[], more: number): number {
  // A step with a switchover bakes once more.
  return steps.reduce(
    (total, { bakeMinutes, switchover }) => total + (bakeMinutes + more) * (switchover ? 2 : 1),
    ROLLBACK_MINUTES,
  );
}

/**
 * Runs one whole cutover of the production controller in virtual time: from an operator's start
 * until the new color is live, or until everything has been seen back on the old one. The same
 * options always give the same rehearsal. Throws a `Violation` when an invariant is broken.
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const stage = prepare(options);
  await leadIn(stage);
  const { world } = stage;
  const { plan, awsPercent } = options;
  const tickMilliseconds = options.tickSeconds * 1000;
  const minutes = awsPercent === undefined ? maximumMinutes(plan) : migrationMinutes(plan);
  const endsAt = stage.startedAt + minutes * MINUTE;
  let report = await start(stage);
  const refused = report.code === "refuse";
  // An operator's request is one pass; it wakes another invocation, which begins within a second or two.
  let nextPassAt = world.now + WAKING_MILLISECONDS;
  while (moves(report) && world.now < endsAt) {
    passTimeUntil(stage, nextPassAt);
    const next = isDead(stage.lives, world.now) ? undefined : await pass(stage, answerTo(report));
    // A dead invocation makes no more passes: the schedule's next minute begins a new one.
    nextPassAt = next === undefined ? nextMinute(world.now) : world.now + tickMilliseconds;
    report = next ?? report;
  }
  const durationSeconds = secondsSinceStart(stage, world.now);
  while (world.pending.length > 0) passSecond(stage);
  return { ...summaryOf(stage), outcome: refused ? "refused" : outcomeOf(report), durationSeconds };
}

/** Without what the calendar forbids: what is rehearsed is the release, not the hour. */
function atAnyTime({ freeze: _, ...plan }: Plan): Plan {
  return plan;
}

function prepare(given: RehearsalOptions): Stage {
  const options = { ...given, plan: atAnyTime(given.plan) };
  const { live, scenario, paymentsPerHour, seed, awsPercent, hourOfDay } = options;
  const random = seededRandom(seed);
  const startsAt = DAY + (hourOfDay ?? USUAL_HOUR) * HOUR - LEAD_IN_MINUTES * MINUTE;
  const { limits } = options.plan;
  const clients = awsPercent === undefined ? {} : { awsPercent };
  const shared = { live, scenario, paymentsPerHour, limits, daily: hourOfDay !== undefined };
  const world = createWorld({ ...shared, ...clients, startsAt, random });
  const checker = createChecker(
    live,
    () => world.now,
    undefined,
    () => world.writer.color,
  );
  const recorded: Recorded = { stored: [], messages: [] };
  const lives = livesOf(scenario);
  const simulated = mortal(simulatedPorts(world, checker, recorded), lives);
  const ports = options.interpose?.(simulated, world) ?? simulated;
  // The operator starts at any second of a minute, as people do.
  const startedAt = startsAt + LEAD_IN_MINUTES * MINUTE + Math.floor(random() * 60) * 1000;
  world.startedAt = startedAt;
  return {
    ...{ options, world, ports, checker, recorded, startedAt, lives },
    ...{ reason: "", decisions: [], waiting: { seconds: 0, longest: 0 } },
  };
}

/** The idle minutes before the start; nothing of them is counted. */
async function leadIn(stage: Stage): Promise<void> {
  const { world, startedAt } = stage;
  while (world.now < startedAt) {
    if (world.now % MINUTE === 0) await runTick(stage, undefined);
    passSlice(world);
  }
  world.counts = noCounts();
}

async function start(stage: Stage): Promise<TickReport> {
  const why = `rehearsal of ${stage.options.scenario.name}`;
  const verb = stage.options.awsPercent === undefined ? "start" : "migrate";
  // A person whose request got no answer asks again.
  for (;;) {
    const report = await pass(stage, { verb, who: "operator", why });
    if (report !== undefined) return report;
  }
}

/** A step that asks for approval gets it: what is rehearsed is the release, not the person. */
function answerTo({ code }: TickReport): OperatorRequest | undefined {
  if (code !== "ask-approval" && code !== "hold-approval") return undefined;
  return { verb: "approve", who: "operator", why: "rehearsal" };
}

function moves({ phase }: TickReport): boolean {
  return phase !== "idle" && phase !== "rolled-back";
}

function nextMinute(now: number): number {
  return (Math.floor(now / MINUTE) + 1) * MINUTE;
}

/** An alarm that turns red wakes the controller at once. */
function passTimeUntil(stage: Stage, nextPassAt: number): void {
  while (stage.world.now < nextPassAt) {
    if (passSecond(stage).alarmTurnedRed) return;
  }
}

function passSecond(stage: Stage): { alarmTurnedRed: boolean } {
  const { world, checker, options } = stage;
  for (const what of meetDisturbances(world, checker, stage.lives)) {
    const atSeconds = secondsSinceStart(stage, world.now);
    options.onEvent?.({ kind: "incident", atSeconds, what });
  }
  const { waiting } = stage;
  waiting.seconds = waitsForWriter(world.writer, world.now) ? waiting.seconds + 1 : 0;
  waiting.longest = Math.max(waiting.longest, waiting.seconds);
  const happened = passSlice(world);
  checker.sawInPlace(world.weightsInPlace);
  checker.throwIfBroken();
  noteTakenBack(stage);
  options.onEvent?.({ kind: "progress", ...progressOf(stage) });
  return happened;
}

function progressOf(stage: Stage): Progress {
  const { world, reason, strength, waiting } = stage;
  const { dns, now, counts, faultAt } = world;
  const { blue, green } = counts;
  return {
    atSeconds: secondsSinceStart(stage, now),
    weightsInPlace: { ...world.weightsInPlace },
    ...(dns !== undefined && { awsPercent: shareOnAws(dns, now) }),
    counts: { blue: { ...blue }, green: { ...green } },
    reason,
    ...(strength !== undefined && { strength }),
    writer: world.writer.color,
    waits: waiting.seconds > 0,
    ...(faultAt !== undefined && { faultAtSeconds: secondsSinceStart(stage, faultAt) }),
  };
}

function noteTakenBack(stage: Stage): void {
  const { world, recorded, options } = stage;
  // Clients who were led back go on coming for minutes, and nothing tells when the last one does.
  if (options.awsPercent !== undefined) return;
  const phase = recorded.stored[recorded.stored.length - 1]?.state.phase.name;
  const takenBack = phase === "rolling-back" || phase === "rolled-back";
  if (takenBack && world.weightsInPlace[options.live] === 100) stage.takenBackAt ??= world.now;
}

/** One pass; undefined when the process died in it. */
async function pass(stage: Stage, request?: OperatorRequest): Promise<TickReport | undefined> {
  const before = stage.recorded.stored.length;
  const report = await runTick(stage, request);
  for (let index = before; index < stage.recorded.stored.length; index++) noteDecided(stage, index);
  if (report === undefined) return undefined;
  stage.reason = report.reason;
  stage.strength = report.strength;
  return report;
}

async function runTick(
  stage: Stage,
  request: OperatorRequest | undefined,
): Promise<TickReport | undefined> {
  const { plan, live } = stage.options;
  if (request !== undefined) stage.checker.sawRequest(request);
  const passing = tick(stage.ports, { plan, initialLive: live, request });
  const report = await Promise.race([passing, stage.lives.death]);
  stage.checker.throwIfBroken();
  return report;
}

function noteDecided(stage: Stage, index: number): void {
  const entry = stage.recorded.stored[index];
  if (entry === undefined) return;
  const { at, code, reason, who, weights, awsPercent } = entry.record;
  const changes =
    whereItStands(entry.state) !== whereItStands(stage.recorded.stored[index - 1]?.state);
  const decided = {
    ...{ atSeconds: secondsSinceStart(stage, at), code, reason, who, weights, changes },
    ...(awsPercent !== undefined && { awsPercent }),
  };
  stage.decisions.push(decided);
  stage.options.onEvent?.({ kind: "decision", ...decided });
}

function whereItStands(state: CutoverState | undefined): string {
  if (state === undefined) return "";
  const { live, weights, awsPercent, phase } = state;
  const stepIndex = phase.name === "shifting" ? phase.cutover.stepIndex : undefined;
  return JSON.stringify([live, weights, awsPercent, phase.name, stepIndex]);
}

function secondsSinceStart(stage: Stage, at: number): number {
  return (at - stage.startedAt) / 1000;
}

function outcomeOf({ phase }: TickReport): Outcome {
  if (phase === "idle") return "completed";
  return phase === "rolled-back" ? "rolled-back" : "stuck";
}

function summaryOf(stage: Stage) {
  const { world, takenBackAt, decisions, recorded, waiting } = stage;
  const { faultAt, firstHurtAt, counts, clients } = world;
  return {
    counts,
    clients,
    longestWaitSeconds: waiting.longest,
    ...(faultAt !== undefined && { faultAtSeconds: secondsSinceStart(stage, faultAt) }),
    ...(firstHurtAt !== undefined && { firstHurtAtSeconds: secondsSinceStart(stage, firstHurtAt) }),
    ...(faultAt !== undefined &&
      takenBackAt !== undefined && { secondsFromFaultToRollback: (takenBackAt - faultAt) / 1000 }),
    decisions,
    messages: recorded.messages,
  };
}
