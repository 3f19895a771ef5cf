import {
  type Color,
  DNS_REACH_SECONDS,
  type OperatorRequest,
  type Plan,
  type Weights,
} from "../lambdas/cutover/contract";
import type { Ports } from "../lambdas/cutover/ports";
import type { CutoverState } from "../lambdas/cutover/state";
import { type TickReport, tick } from "../lambdas/cutover/tick";
import { type Checker, createChecker } from "./checker";
import { type Message, type Recorded, simulatedPorts } from "./ports";
import { seededRandom } from "./random";
import type { Scenario } from "./scenarios";
import { type CountsPerColor, createWorld, noCounts, passSlice, type World } from "./world";

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
  onEvent?: (event: RehearsalEvent) => void;
  /** Puts something between the controller and its ports, such as a fault of one of them. */
  interpose?: (ports: Ports, world: World) => Ports;
}

/** A decision on record; times are seconds since the operator's start. */
export interface Decided {
  atSeconds: number;
  code: string;
  reason: string;
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
  /** Since the operator's start. */
  counts: CountsPerColor;
  /** What the last pass decided, as a sentence. */
  reason: string;
}

/** What a live view shows: a decision when it falls, and the progress after each second. */
export type RehearsalEvent = ({ kind: "decision" } & Decided) | ({ kind: "progress" } & Progress);

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
  decisions: Decided[];
  takenBackAt?: number;
}

const MINUTE = 60_000;

/** Any full minute will do: a rehearsal must not depend on the day on which it runs. */
const WORLD_STARTS_AT = Date.UTC(2026, 0, 5, 9);

/** Minutes in which the world runs before the operator's start, so that metrics have a past. */
const LEAD_IN_MINUTES = 3;

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
  const minutes = awsPercent === undefined ? maximumMinutes(plan) : migrationMinutes(plan);
  const endsAt = stage.startedAt + minutes * MINUTE;
  let report = await start(stage);
  const refused = report.code === "refuse";
  // An operator's request is one pass; the schedule's next minute brings the pass after it.
  let nextPassAt = nextMinute(world.now);
  while (moves(report) && world.now < endsAt) {
    passTimeUntil(stage, nextPassAt);
    report = await pass(stage, answerTo(report));
    nextPassAt = world.now + options.tickSeconds * 1000;
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
  const { live, scenario, paymentsPerHour, seed, awsPercent } = options;
  const random = seededRandom(seed);
  const startsAt = WORLD_STARTS_AT;
  const { limits } = options.plan;
  const clients = awsPercent === undefined ? {} : { awsPercent };
  const shared = { live, scenario, paymentsPerHour, limits, ...clients };
  const world = createWorld({ ...shared, startsAt, random });
  const checker = createChecker(live, () => world.now);
  const recorded: Recorded = { stored: [], messages: [] };
  const simulated = simulatedPorts(world, checker, recorded);
  const ports = options.interpose?.(simulated, world) ?? simulated;
  // The operator starts at any second of a minute, as people do.
  const startedAt = startsAt + LEAD_IN_MINUTES * MINUTE + Math.floor(random() * 60) * 1000;
  return { options, world, ports, checker, recorded, startedAt, reason: "", decisions: [] };
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

function start(stage: Stage): Promise<TickReport> {
  const why = `rehearsal of ${stage.options.scenario.name}`;
  const verb = stage.options.awsPercent === undefined ? "start" : "migrate";
  return pass(stage, { verb, who: "operator", why });
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
  const { world, checker, options, reason } = stage;
  const happened = passSlice(world);
  checker.sawInPlace(world.weightsInPlace);
  checker.throwIfBroken();
  noteTakenBack(stage);
  const { blue, green } = world.counts;
  options.onEvent?.({
    kind: "progress",
    atSeconds: secondsSinceStart(stage, world.now),
    weightsInPlace: { ...world.weightsInPlace },
    counts: { blue: { ...blue }, green: { ...green } },
    reason,
  });
  return happened;
}

function noteTakenBack(stage: Stage): void {
  const { world, recorded, options } = stage;
  // Clients who were led back go on coming for minutes, and nothing tells when the last one does.
  if (options.awsPercent !== undefined) return;
  const phase = recorded.stored[recorded.stored.length - 1]?.state.phase.name;
  const takenBack = phase === "rolling-back" || phase === "rolled-back";
  if (takenBack && world.weightsInPlace[options.live] === 100) stage.takenBackAt ??= world.now;
}

async function pass(stage: Stage, request?: OperatorRequest): Promise<TickReport> {
  const before = stage.recorded.stored.length;
  const report = await runTick(stage, request);
  stage.reason = report.reason;
  for (let index = before; index < stage.recorded.stored.length; index++) noteDecided(stage, index);
  return report;
}

async function runTick(stage: Stage, request: OperatorRequest | undefined): Promise<TickReport> {
  const { plan, live } = stage.options;
  if (request !== undefined) stage.checker.sawRequest(request);
  const report = await tick(stage.ports, { plan, initialLive: live, request });
  stage.checker.throwIfBroken();
  return report;
}

function noteDecided(stage: Stage, index: number): void {
  const entry = stage.recorded.stored[index];
  if (entry === undefined) return;
  const { at, code, reason, weights, awsPercent } = entry.record;
  const changes =
    whereItStands(entry.state) !== whereItStands(stage.recorded.stored[index - 1]?.state);
  const decided = {
    ...{ atSeconds: secondsSinceStart(stage, at), code, reason, weights, changes },
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
  const { world, takenBackAt, decisions, recorded } = stage;
  const { faultAt } = world;
  return {
    counts: world.counts,
    ...(faultAt === undefined ? {} : { faultAtSeconds: secondsSinceStart(stage, faultAt) }),
    ...(faultAt === undefined || takenBackAt === undefined
      ? {}
      : { secondsFromFaultToRollback: (takenBackAt - faultAt) / 1000 }),
    decisions,
    messages: recorded.messages,
  };
}
