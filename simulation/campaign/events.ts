import type { OperatorRequest, Verb } from "../../lambdas/cutover/contract";
import type { GateEvent } from "../../lambdas/cutover/gate/event";
import { serve } from "../../lambdas/cutover/handler";
import type { Move, Phase } from "../../lambdas/cutover/state";
import type { TickReport } from "../../lambdas/cutover/tick";
import { SLICE_MILLISECONDS } from "../arrivals";
import { changeDns, type Dns } from "../dns";
import { changeRule, passSlice } from "../world";
import { faultyPorts, isInjected } from "./faultyPorts";
import { nextAfter, pick } from "./options";
import { type Invocation, inject, kill, type Run, stateOf } from "./run";
import { type Around, checkStart, deployOrCancel, passStackSecond, stackPorts } from "./stack";

const MINUTE = 60_000;

/** As the infrastructure declares it. */
const TIMEOUT_MILLISECONDS = 60_000;

/** All that happens by itself: payments, the schedule, and, while faults are on, people and outages. */
export function setInMotion(run: Run): void {
  const { scheduler, options } = run;
  const every = (milliseconds: number, happens: () => void) => {
    scheduler.at(scheduler.now() + milliseconds, () => {
      happens();
      every(milliseconds, happens);
    });
  };
  every(SLICE_MILLISECONDS, () => passSecond(run));
  every(MINUTE, () => {
    const missed = run.faulty && run.random() < options.missedRatio;
    if (missed) inject(run, "missed");
    else deliver(run, undefined);
  });
  atRandom(run, options.requestMinutes, () => deliver(run, wish(run)));
  atRandom(run, options.byHandMinutes, () => changeByHand(run));
  atRandom(run, options.outageMinutes, () => beginOutage(run));
  const around = aroundStack(run);
  run.ports.release = stackPorts(run.stack, around);
  atRandom(run, options.releaseMinutes, () => deployOrCancel(run.stack, around));
  every(SLICE_MILLISECONDS, () => passStack(run, around));
}

function aroundStack(run: Run): Around {
  return {
    now: run.scheduler.now,
    random: run.random,
    stored: run.recorded.stored,
    mistake: (sentence) => void run.mistakes.push(sentence),
    send: (event) => {
      run.trace(() => `CloudFormation, ${run.stack.status}, asks for ${event.wish?.live}`);
      deliver(run, undefined, event);
    },
  };
}

function passStack(run: Run, around: Around): void {
  const { stack, checker, recorded } = run;
  passStackSecond(stack, around);
  // What it waits for may be done for it at any time, by the verbs of a person.
  if (stack.request !== undefined)
    for (const verb of ["start", "rollback"] as const) checker.sawRequest(ask(verb));
  for (; run.checkedForStack < recorded.stored.length; run.checkedForStack++) {
    const decision = recorded.stored[run.checkedForStack];
    if (decision !== undefined) checkStart(stack, decision, around);
  }
}

/** Happens again and again until faults are off. */
function atRandom(run: Run, meanMinutes: number, happens: () => void): void {
  const { scheduler, random } = run;
  scheduler.at(scheduler.now() + nextAfter(random, meanMinutes), () => {
    if (!run.faulty) return;
    happens();
    atRandom(run, meanMinutes, happens);
  });
}

function passSecond(run: Run): void {
  const { world, checker } = run;
  const { alarmTurnedRed } = passSlice(world);
  regret(run);
  checker.sawInPlace(world.weightsInPlace);
  if (alarmTurnedRed) deliver(run, undefined);
}

/** Somebody takes back what has just been put on record, while it is perhaps still being done. */
function regret(run: Run): void {
  const last = run.recorded.stored[run.recorded.stored.length - 1]?.record;
  const isNew = last !== undefined && last.at !== run.regretted;
  if (!isNew || !run.faulty || !["start", "promote", "migrate"].includes(last.code)) return;
  run.regretted = last.at;
  if (run.random() < run.options.regretRatio) deliver(run, ask("rollback"));
}

/** Hands an event to the function, perhaps more than once. */
export function deliver(
  run: Run,
  request: OperatorRequest | undefined,
  gateEvent?: GateEvent,
): void {
  invokeIn(run, 1 + Math.floor(run.random() * 2_000), request, gateEvent);
  if (!run.faulty || run.random() >= run.options.duplicateRatio) return;
  inject(run, "duplicate");
  // A person's request is sent again by the one who waits for its answer, or never.
  const latest = request === undefined ? MINUTE : 3_000;
  invokeIn(run, 1 + Math.floor(run.random() * latest), request, gateEvent);
}

function invokeIn(
  run: Run,
  milliseconds: number,
  request: OperatorRequest | undefined,
  gateEvent: GateEvent | undefined,
): void {
  void run.scheduler.wait(milliseconds).then(() => invoke(run, request, gateEvent));
}

async function invoke(
  run: Run,
  request: OperatorRequest | undefined,
  gateEvent: GateEvent | undefined,
): Promise<void> {
  if (run.running >= run.concurrency) return;
  const { scheduler, options, checker } = run;
  const endsAt = scheduler.now() + TIMEOUT_MILLISECONDS;
  const invocation: Invocation = { id: ++run.invocations, endsAt, alive: true };
  run.running++;
  run.trace(() => `#${invocation.id} begins ${request?.verb ?? "by the schedule or an alarm"}`);
  if (request !== undefined) checker.sawRequest(request);
  const context = { getRemainingTimeInMillis: () => endsAt - scheduler.now() };
  const tickOptions = { plan: options.plan, initialLive: options.live, request, gateEvent };
  const log = (line: string) =>
    noteReport(run, invocation, JSON.parse(line) as TickReport, request?.verb);
  const ports = faultyPorts(run, invocation);
  try {
    await serve(ports, tickOptions, options.tickSeconds * 1000, context, log);
  } catch (error) {
    noteFailure(run, invocation, error);
  }
  void kill(run, invocation);
}

function noteReport(
  run: Run,
  { id }: Invocation,
  { code, phase, reason }: TickReport,
  verb: Verb | undefined,
): void {
  run.seen[phase] ??= {};
  const codes = run.seen[phase];
  codes[code] = (codes[code] ?? 0) + 1;
  run.lastReason = reason;
  run.trace(() => `#${id} ${phase} ${code}: ${reason}`);
  const runs = ["shifting", "migrating"].includes(phase) && !code.startsWith("store-");
  if (verb === "rollback" && runs)
    run.mistakes.push(`a person's rollback was answered with ${code}`);
}

function noteFailure(run: Run, { id }: Invocation, error: unknown): void {
  run.trace(() => `#${id} fails: ${error}`);
  // Only without its memory a pass cannot go on: what cannot be read is unknown, what cannot be
  // done is left to the next pass.
  if (isInjected(error) && error.port === "state") return;
  // So Lambda sends CloudFormation's request again.
  if (/request is not on record/.test(String(error))) return;
  run.mistakes.push(`an invocation failed: ${(error as Error).stack ?? error}`);
}

/** What people most likely ask where things stand as they do, and now and then something else. */
function wish(run: Run): OperatorRequest {
  const phase = stateOf(run)?.phase;
  const name = phase?.name ?? "idle";
  const wishes: { [name in Phase["name"]]: Verb[] } = {
    idle: ["start", "start", "start", "rollback"],
    shifting: ["pause", "approve", "approve", "skip-bake", "skip-bake", "rollback", "start"],
    "rolling-back": ["clear", "start", "rollback"],
    "rolled-back": ["clear", "clear", "start"],
    migrating: ["pause", "approve", "approve", "skip-bake", "skip-bake", "rollback", "start"],
    "migrating-back": ["clear", "migrate", "rollback"],
  };
  const paused = moveIn(phase)?.pausedBy !== undefined;
  const most = paused ? ["resume" as const, "resume" as const, "rollback" as const] : wishes[name];
  // Where clients come on-premises too, people ask for them as often as for a release.
  const asks = run.world.dns === undefined || name !== "idle" ? most : [...most, ...MIGRATES];
  return ask(pick(run.random, asks));
}

const MIGRATES: readonly Verb[] = ["migrate", "migrate", "migrate"];

/** The move whose step is under way. */
export function moveIn(phase: Phase | undefined): Move | undefined {
  if (phase?.name === "shifting") return phase.cutover;
  return phase?.name === "migrating" ? phase.migration : undefined;
}

export function ask(verb: Verb): OperatorRequest {
  return { verb, who: "operator", why: "campaign" };
}

function changeByHand(run: Run): void {
  const { dns } = run.world;
  // What is found at first is taken for what is wanted.
  if (dns !== undefined && stateOf(run)?.awsPercent !== undefined && run.random() < 0.5) {
    changeDnsByHand(run, dns);
    return;
  }
  const blue = Math.floor(run.random() * 101);
  const weights = { blue, green: 100 - blue };
  inject(run, "by-hand");
  run.trace(() => `somebody sets the weights to ${JSON.stringify(weights)}`);
  run.checker.sawChangedByHand();
  changeRule(run.world, weights);
  run.ruleHistory.push({ at: run.scheduler.now(), weights });
}

function changeDnsByHand(run: Run, dns: Dns): void {
  const percent = Math.floor(run.random() * 101);
  inject(run, "by-hand");
  run.trace(() => `somebody has DNS lead ${percent} % to AWS`);
  changeDns(dns, percent, run.scheduler.now());
}

function beginOutage(run: Run): void {
  const port = pick(run.random, ["router", "health", "traffic", "state", "notifier", "release"]);
  const until = run.scheduler.now() + Math.ceil(run.random() * 8 * MINUTE);
  inject(run, "outage");
  run.trace(() => `${port} is down`);
  run.outage = { port, until };
  run.scheduler.at(until, () => {
    if (run.outage?.until !== until) return;
    run.outage = undefined;
    run.trace(() => `${port} is up`);
  });
}
