import type { InvocationContext } from "../common/ports";
import { awsPorts } from "./aws/ports";
import { type OperatorRequest, VERBS, type Verb } from "./contract";
import { readGateEvent } from "./gate/event";
import type { Ports } from "./ports";
import { type CutoverState, initialState } from "./state";
import { type TickOptions, type TickReport, tick } from "./tick";
import { readVariables } from "./variables";

export type Answer = TickReport | CutoverState;

/** Time kept back at the end of an invocation, so that a pass which has begun can end. */
const RESERVE_MILLISECONDS = 8_000;

/** How often a request is tried while other passes store their decisions first. */
const TRIES = 4;

/** Made once per cold start; the returned function serves each invocation. */
export function createHandler(environment: { [name: string]: string | undefined }) {
  const variables = readVariables(environment);
  const ports = awsPorts(variables);
  const tickMilliseconds = variables.tickSeconds * 1000;
  const { plan, initialLive, environment: name } = variables;
  return async (event: unknown, context: InvocationContext): Promise<Answer> => {
    const gateEvent = readGateEvent(event, name);
    const request = gateEvent === undefined ? readRequest(event) : undefined;
    if (request?.verb === "status") return status(ports, { plan, initialLive });
    const options = { plan, initialLive, request, gateEvent };
    const report = await serve(ports, options, tickMilliseconds, context);
    return request === undefined ? report : wakeAnother(report, ports);
  };
}

/**
 * Where something moves at a person's request, another invocation sees to it at once: the person is
 * answered, and nobody waits for the schedule's next minute to see what the payments say.
 */
export async function wakeAnother(
  report: TickReport,
  ports: Pick<Ports, "wakeAnother">,
): Promise<TickReport> {
  if (!isMoving(report)) return report;
  try {
    await ports.wakeAnother();
    return report;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem = `no other invocation could be woken (${why}); the schedule does within a minute`;
    return { ...report, problems: [...report.problems, problem] };
  }
}

function isMoving({ phase }: TickReport): boolean {
  return phase !== "idle" && phase !== "rolled-back";
}

async function status(ports: Ports, options: TickOptions): Promise<CutoverState> {
  const state = (await ports.state.load()) ?? initialState(options.initialLive);
  const owed = state.gate?.owed;
  if (owed === undefined) return state;
  // Whoever has the address may answer in the controller's name.
  return { ...state, gate: { ...state.gate, owed: { ...owed, responseUrl: "kept secret" } } };
}

/**
 * An operator's request is one pass, answered at once. The schedule's and the alarms' events, and
 * CloudFormation's, pass again and again while something moves, until the invocation's time is nearly
 * used up: that is how a rule that fires once a minute gives a pass every few seconds. Throws when
 * CloudFormation's request could not be put on record: Lambda then sends it again.
 */
export async function serve(
  ports: Ports,
  options: TickOptions,
  tickMilliseconds: number,
  context: InvocationContext,
  log: (line: string) => void = (line) => console.log(line),
): Promise<TickReport> {
  let { gateEvent } = options;
  for (let pass = 1; ; pass++) {
    const report = await tick(ports, { ...options, gateEvent });
    log(JSON.stringify(report));
    // A request must not get lost because a scheduled pass stored its decision first.
    const lost = report.code === "store-conflict" || report.code === "store-unknown";
    if (lost && gateEvent !== undefined) {
      if (pass === TRIES)
        throw new Error(`CloudFormation's request is not on record: ${report.reason}`);
      continue;
    }
    gateEvent = undefined;
    if (report.code === "store-conflict" && options.request !== undefined && pass < TRIES) continue;
    const timeLeft = context.getRemainingTimeInMillis() - tickMilliseconds - RESERVE_MILLISECONDS;
    if (!isMoving(report) || options.request !== undefined || timeLeft <= 0) return report;
    await ports.clock.sleep(tickMilliseconds);
  }
}

/** An operator's request; undefined for the events of the schedule and of alarms. */
export function readRequest(event: unknown): OperatorRequest | undefined {
  const { verb, who, why } = (event ?? {}) as Partial<OperatorRequest>;
  if (verb === undefined) return undefined;
  if (!isVerb(verb)) throw new Error(`verb must be one of ${VERBS.join(", ")}, got ${verb}`);
  if (verb !== "status" && (!isText(who) || !isText(why)))
    throw new Error(`${verb} goes on record: send who and why with it, as texts`);
  return { verb, who: who ?? "", why: why ?? "" };
}

function isVerb(value: unknown): value is Verb {
  return (VERBS as readonly unknown[]).includes(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
