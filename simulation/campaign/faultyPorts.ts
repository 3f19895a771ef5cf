import type { Clock, Ports } from "../../lambdas/cutover/ports";
import type { CutoverState } from "../../lambdas/cutover/state";
import type { Random } from "../random";
import { CALL_FAULTS, type CallFault, pick } from "./options";
import { type Invocation, inject, kill, type Run } from "./run";
import { createWitness, type Witness } from "./witness";

/** One call of a port's method; which ports and methods there are is not known here. */
interface Call {
  port: string;
  method: string;
  given: unknown[];
  carryOut: () => Promise<unknown>;
}

/** Longest time until a call is answered or given up, and what it asks for is done or never done. */
const LONGEST_CALL_MILLISECONDS = 8_000;

const LONGEST_LATENCY_MILLISECONDS = 150;
/** Longest stalls: some within the time in which a pass may still act, some far beyond. */
const STALL_MILLISECONDS = [10_000, 45_000];

/** How old the weights may be that a reading shows. AWS names no bound; a lease allows for this. */
const STALEST_WEIGHTS_MILLISECONDS = 8_000;
const STALEST_ANSWER_MILLISECONDS = 30_000;

/** Writes that tell, instead of throwing, that no answer came. */
const TELLS_UNKNOWN = ["writeWeights", "writeAwsPercent", "save", "answer"];

/** What every fault throws. */
export interface InjectedFault extends Error {
  name: "InjectedFault";
  port: string;
}

export function isInjected(error: unknown): error is InjectedFault {
  return (error as Partial<Error> | undefined)?.name === "InjectedFault";
}

/** The run's ports as one invocation meets them: calls take time and go wrong. */
export function faultyPorts(run: Run, invocation: Invocation): Ports {
  const witness = createWitness(run);
  const wrapped: { [port: string]: unknown } = {};
  for (const [port, methods] of Object.entries(run.ports)) {
    if (port === "clock") continue;
    const calls = Object.entries(methods as { [name: string]: (...given: never[]) => unknown });
    wrapped[port] = Object.fromEntries(
      calls.map(([method, implementation]) => [
        method,
        (...given: never[]) => {
          const carryOut = async () => implementation(...given);
          return meet(run, invocation, witness, { port, method, given, carryOut });
        },
      ]),
    );
  }
  return { ...(wrapped as unknown as Omit<Ports, "clock">), clock: clockOf(run, invocation) };
}

function clockOf(run: Run, invocation: Invocation): Clock {
  return {
    now: run.scheduler.now,
    sleep: (milliseconds) => pass(run, invocation, milliseconds),
  };
}

/** Lets time pass for the invocation, which may end meanwhile. */
async function pass(run: Run, invocation: Invocation, milliseconds: number): Promise<void> {
  await run.scheduler.wait(milliseconds);
  if (run.scheduler.now() >= invocation.endsAt) return kill(run, invocation);
}

async function meet(
  run: Run,
  invocation: Invocation,
  witness: Witness,
  call: Call,
): Promise<unknown> {
  const fault = drawFault(run, call);
  if (fault !== undefined) inject(run, fault);
  if (fault === "killed-before") return kill(run, invocation);
  witness.begins(call.method, call.given);
  const name = `#${invocation.id} ${call.port}.${call.method}`;
  try {
    const answer = await answerOf(run, invocation, call, fault);
    run.trace(() => `${name}${told(call.given)} -> ${inShort(answer)} ${fault ?? ""}`);
    if (fault === "killed-after") return kill(run, invocation);
    if (fault === "stall")
      await pass(run, invocation, upTo(run.random, pick(run.random, STALL_MILLISECONDS)));
    witness.answered(call.port, call.method, call.given, answer);
    return answer;
  } catch (error) {
    run.trace(() => `${name}${told(call.given)} fails ${fault ?? "outage"}`);
    throw error;
  }
}

async function answerOf(
  run: Run,
  invocation: Invocation,
  call: Call,
  fault: CallFault | undefined,
): Promise<unknown> {
  const { random } = run;
  const long = fault === "slow" || fault === "lost" || fault === "unanswered";
  const longest = long ? LONGEST_CALL_MILLISECONDS : LONGEST_LATENCY_MILLISECONDS;
  if (fault === "late") return doLater(run, invocation, call);
  await pass(run, invocation, upTo(random, longest));
  if (run.outage?.port === call.port) throw injected(call, "is down");
  if (fault === "refused") throw injected(call, "was refused");
  if (fault === "conflict") return "conflict";
  if (fault === "lost") return noAnswer(call);
  if (fault === "stale") return staleAnswer(run, call) ?? carryOut(run, call);
  const answer = await carryOut(run, call);
  return fault === "unanswered" ? noAnswer(call) : answer;
}

/** The caller gives up at some moment, and what it asked for is done at another one. */
async function doLater(run: Run, invocation: Invocation, call: Call): Promise<unknown> {
  const doneAfter = upTo(run.random, LONGEST_CALL_MILLISECONDS);
  void run.scheduler.wait(doneAfter).then(() => {
    run.trace(() => `#${invocation.id} ${call.method}${told(call.given)} arrives`);
    return carryOut(run, call);
  });
  await pass(run, invocation, upTo(run.random, LONGEST_CALL_MILLISECONDS));
  return noAnswer(call);
}

async function carryOut(run: Run, call: Call): Promise<unknown> {
  const answer = await call.carryOut();
  const at = run.scheduler.now();
  if (call.method === "writeWeights")
    run.ruleHistory.push({ at, weights: { ...run.world.weightsInRule } });
  if (isReading(call)) run.lastAnswers[keyOf(call)] = { at, answer };
  return answer;
}

function noAnswer(call: Call): "unknown" {
  if (TELLS_UNKNOWN.includes(call.method)) return "unknown";
  throw injected(call, "was not answered");
}

/** What a reading showed before; undefined when that is too long ago. */
function staleAnswer(run: Run, call: Call): unknown {
  const now = run.scheduler.now();
  if (call.method === "readWeights") {
    const at = now - upTo(run.random, STALEST_WEIGHTS_MILLISECONDS);
    const then = run.ruleHistory.filter((entry) => entry.at <= at).at(-1);
    return then && { known: true, value: { ...then.weights } };
  }
  if (call.method === "readAwsPercent") {
    const at = now - upTo(run.random, STALEST_WEIGHTS_MILLISECONDS);
    const then = run.world.dns?.changes.filter((entry) => entry.at <= at).at(-1);
    return then && { known: true, value: then.percent };
  }
  const last = run.lastAnswers[keyOf(call)];
  return last !== undefined && now - last.at <= STALEST_ANSWER_MILLISECONDS
    ? last.answer
    : undefined;
}

function drawFault(run: Run, call: Call): CallFault | undefined {
  if (!run.faulty) return undefined;
  let drawn = run.random();
  // Most calls read; what is done in between is where the trouble is.
  const factor = isReading(call) ? 1 : 2;
  for (const fault of CALL_FAULTS) {
    if (!canHappen(fault, call)) continue;
    drawn -= factor * run.options.callFaults[fault];
    if (drawn < 0) return fault;
  }
  return undefined;
}

function canHappen(fault: CallFault, call: Call): boolean {
  if (fault === "unanswered") return !isReading(call);
  if (fault === "late") return /^write/.test(call.method);
  if (fault === "conflict") return call.method === "save";
  // The state is read consistently.
  if (fault === "stale") return isReading(call) && call.port !== "state";
  return true;
}

function isReading({ method }: Call): boolean {
  return /^(read|load)/.test(method);
}

function keyOf({ port, method, given }: Call): string {
  return `${port}.${method} ${given[0]}`;
}

function injected({ port, method }: Call, what: string): InjectedFault {
  const error = new Error(`${port}.${method} ${what}`);
  return Object.assign(error, { name: "InjectedFault" as const, port });
}

function upTo(random: Random, milliseconds: number): number {
  return 1 + Math.floor(random() * milliseconds);
}

function told(given: unknown[]): string {
  return `(${given.map(inShort).join(", ")})`;
}

/** A state as its version, phase, last decision and weights; all else as it is. */
function inShort(value: unknown): string {
  const { version, phase, lastCode, weights } = (value ?? {}) as Partial<CutoverState>;
  return phase === undefined || weights === undefined
    ? (JSON.stringify(value) ?? "nothing")
    : `version ${version} ${phase.name} ${lastCode} blue ${weights.blue} green ${weights.green}`;
}
