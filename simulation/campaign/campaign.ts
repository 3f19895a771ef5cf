import { type Color, otherColor } from "../../lambdas/cutover/contract";
import { targetsOf } from "../colors";
import type { StoredDecision } from "../ports";
import { maximumMinutes, migrationMinutes } from "../rehearse";
import { ask, deliver, moveIn, setInMotion } from "./events";
import type { Fault, RunOptions } from "./options";
import { brokenIn, prepareRun, type Run, STARTS_AT, stateOf } from "./run";

export interface CampaignSettings {
  /** Most invocations of the function that run at once. @default 4 */
  concurrency?: number;
  /** Gets a line for each call, decision and fault. */
  onTrace?: (line: string) => void;
}

/** How one run went. The same seed and concurrency always give the same. */
export interface RunReport {
  seed: number;
  options: RunOptions;
  /** What was broken, as sentences; the run ends with the first of them. */
  violations: string[];
  completed: number;
  /** Migrations that led all clients to AWS. */
  migrated: number;
  /** Of both kinds. */
  rolledBack: number;
  invocations: number;
  passes: number;
  injected: { [fault in Fault]?: number };
  /** What CloudFormation was told, how often. */
  answers: { SUCCESS: number; FAILED: number };
  /** How often each decision was reported, by the phase that it led to. */
  seen: { [phase: string]: { [code: string]: number } };
  virtualMinutes: number;
  stored: StoredDecision[];
}

const MINUTE = 60_000;

const STACK_MINUTES = 75;

/** Every life from the safety phase has ended by then, and every freeze, which ends before 10:00. */
const DRAIN_MINUTES = 2;
const LAST_FREEZE_ENDS_AT = STARTS_AT + 60 * MINUTE;

/**
 * One run of the production function in virtual time, many invocations at once. In the safety phase
 * everything goes wrong and no invariant may break. Then, in the liveness phase, nothing goes wrong
 * any more: what runs must end, the next cutover must end as its release deserves, and everything
 * must be as on record.
 */
export async function runSeed(seed: number, settings: CampaignSettings = {}): Promise<RunReport> {
  const run = prepareRun(seed, settings.concurrency ?? 4, settings.onTrace);
  setInMotion(run);
  await until(run, run.options.safetyMinutes, () => false);
  await liveness(run);
  return reportOf(seed, run);
}

async function liveness(run: Run): Promise<void> {
  run.faulty = false;
  run.outage = undefined;
  run.trace(() => "no more faults");
  await until(run, DRAIN_MINUTES, () => false);
  const { plan } = run.options;
  const bound = Math.max(maximumMinutes(plan), migrationMinutes(plan)) + minutesOfFreeze(run);
  const answered = () => run.stack.request === undefined;
  // Forwards it may take the whole hour, and backwards as long as a rollback.
  await mustBe(run, bound + STACK_MINUTES, "CloudFormation still waits", answered, () => help(run));
  await mustBe(
    run,
    bound,
    "the cutover has not ended",
    () => rests(run),
    () => help(run),
  );
  await startAnew(run, bound);
  if (brokenIn(run).length === 0) await migrateAnew(run, bound);
  await until(run, 3, () => false);
  if (brokenIn(run).length === 0) checkAtRest(run);
}

/** A cutover that nothing goes wrong with ends as its release deserves. */
async function startAnew(run: Run, bound: number): Promise<void> {
  const target = otherColor(stateOf(run)?.live ?? run.options.live);
  // Health checks fail already: the start would be refused, rightly.
  if (targetsOf(run.world, target).unhealthy > 0) return;
  const before = countsOf(run);
  const ended = () => {
    const { completed, rolledBack } = countsOf(run);
    return completed + rolledBack > before.completed + before.rolledBack;
  };
  await mustBe(run, bound, "the next cutover has not ended", ended, () => {
    if (stateOf(run)?.phase.name === "rolled-back") deliver(run, ask("clear"));
    else if (rests(run)) deliver(run, ask("start"));
    else help(run);
  });
  const completed = countsOf(run).completed > before.completed;
  if (brokenIn(run).length > 0) return;
  if (!completed && !mustNotComplete(run, target))
    run.mistakes.push(
      `a good release to ${target} was taken back without any fault: ${run.lastReason}`,
    );
  if (isBad(run, target)) checkSwiftness(run, ["start"]);
}

/** Without any payment nobody can say that clients may come, nor where they are too many. */
function mayCome({ options }: Run): boolean {
  return options.paymentsPerHour > 0 && options.scenario.overload === undefined;
}

/** Clients whom nothing keeps away all come. */
async function migrateAnew(run: Run, bound: number): Promise<void> {
  const { awsPercent } = stateOf(run) ?? {};
  if (run.world.dns === undefined || awsPercent === 100) return;
  const before = countsOf(run);
  const ended = () => {
    const { migrated, rolledBack } = countsOf(run);
    return migrated + rolledBack > before.migrated + before.rolledBack;
  };
  await mustBe(run, bound, "the next migration has not ended", ended, () => {
    if (stateOf(run)?.phase.name === "rolled-back") deliver(run, ask("clear"));
    else if (rests(run)) deliver(run, ask("migrate"));
    else help(run);
  });
  const migrated = countsOf(run).migrated > before.migrated;
  if (brokenIn(run).length === 0 && !migrated && mayCome(run))
    run.mistakes.push(`clients were led back without any fault: ${run.lastReason}`);
  if (run.options.scenario.overload !== undefined) checkSwiftness(run, ["migrate", "promote"]);
}

function isBad({ options }: Run, target: Color): boolean {
  return target !== options.live && options.scenario.expected === "rolled-back";
}

function mustNotComplete(run: Run, target: Color): boolean {
  return isBad(run, target) || run.options.paymentsPerHour === 0;
}

/** Metrics are two minutes late and a step begins within a minute of them: no need for a long hold. */
const SWIFT_MINUTES = 6;

/** @param since codes of the decisions from which on payments may have been hurt */
function checkSwiftness({ recorded, mistakes, options }: Run, since: string[]): void {
  const last = (codes: string[]) =>
    recorded.stored.filter(({ record }) => codes.includes(record.code)).at(-1);
  const [start, end] = [last(since)?.record.at ?? 0, last(["roll-back"])?.record.at ?? 0];
  const minutes = (end - start) / MINUTE;
  if (options.paymentsPerHour > 0 && minutes > SWIFT_MINUTES)
    mistakes.push(`what hurts payments was taken back after ${minutes} min only`);
}

/** Lets time pass until then, or until something is broken. */
async function until(run: Run, minutes: number, done: () => boolean, each = () => {}) {
  const { scheduler } = run;
  const endsAt = scheduler.now() + minutes * MINUTE;
  while (scheduler.now() < endsAt && !done() && brokenIn(run).length === 0) {
    each();
    await scheduler.runUntil(scheduler.now() + MINUTE / 2);
    checkCompletions(run);
  }
}

async function mustBe(
  run: Run,
  minutes: number,
  otherwise: string,
  done: () => boolean,
  each: () => void,
): Promise<void> {
  await until(run, minutes, done, each);
  if (done() || brokenIn(run).length > 0) return;
  run.mistakes.push(`${otherwise} after ${minutes} min without faults: ${run.lastReason}`);
}

function rests(run: Run): boolean {
  const phase = stateOf(run)?.phase.name ?? "idle";
  return phase === "idle" || phase === "rolled-back";
}

/** People do what a move waits for. */
function help(run: Run): void {
  const move = moveIn(stateOf(run)?.phase);
  if (move === undefined) return;
  const { pausedBy, approvalAsked, approvedBy } = move;
  if (pausedBy !== undefined) deliver(run, ask("resume"));
  else if (approvalAsked && approvedBy === undefined) deliver(run, ask("approve"));
}

function minutesOfFreeze(run: Run): number {
  const left = (LAST_FREEZE_ENDS_AT - run.scheduler.now()) / MINUTE;
  return run.options.plan.freeze === undefined ? 0 : Math.max(0, Math.ceil(left));
}

/** However much goes wrong, a bad release is never made live. */
function checkCompletions(run: Run): void {
  const { live } = stateOf(run) ?? run.options;
  if (live !== run.options.live && mustNotComplete(run, live))
    run.mistakes.push(`a release that hurts payments, or has none, was completed to ${live}`);
  if (!mayCome(run) && countsOf(run).migrated > 0)
    run.mistakes.push("all clients were led to AWS, which hurts their payments or sees none");
}

function checkAtRest(run: Run): void {
  const { weights, awsPercent } = stateOf(run) ?? {};
  const { weightsInRule, weightsInPlace, dns } = run.world;
  const told = JSON.stringify;
  if (told(weights) !== told(weightsInRule) || told(weights) !== told(weightsInPlace))
    run.mistakes.push(
      `on record are ${told(weights)}, in the rule ${told(weightsInRule)}, in place ${told(weightsInPlace)}`,
    );
  if (dns !== undefined && awsPercent !== dns.percent)
    run.mistakes.push(`on record are ${awsPercent} % on AWS, DNS says ${dns.percent} %`);
  if (!rests(run)) run.mistakes.push("something moves although nobody asked for it");
}

function countsOf({ recorded }: Run) {
  const count = (code: string) =>
    recorded.stored.filter(({ record }) => record.code === code).length;
  const [completed, migrated] = [count("complete"), count("migrated")];
  return { completed, migrated, rolledBack: count("rolled-back") };
}

function reportOf(seed: number, run: Run): RunReport {
  const { options, invocations, passes, injected, seen, recorded, scheduler } = run;
  return {
    ...{ seed, options, violations: brokenIn(run), ...countsOf(run) },
    ...{ invocations, passes, injected, seen, stored: recorded.stored },
    answers: run.stack.answers,
    virtualMinutes: (scheduler.now() - STARTS_AT) / MINUTE,
  };
}
