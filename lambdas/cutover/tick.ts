import { act } from "./act";
import type { Color, OperatorRequest, Plan, Weights } from "./contract";
import type { Decision } from "./decide";
import type { Strength } from "./evidence/traffic";
import { decideWithGate } from "./gate/decide";
import { deliver } from "./gate/deliver";
import type { GateEvent } from "./gate/event";
import { observeGate } from "./gate/observe";
import { ACT_WINDOW_MILLISECONDS, setsWeights, withLease } from "./lease";
import { observe } from "./observe";
import type { Ports } from "./ports";
import { type CutoverState, initialState } from "./state";

/** What one pass did, for logs, answers to operators, and the loop that decides on another pass. */
export interface TickReport {
  at: number;
  code: string;
  reason: string;
  phase: CutoverState["phase"]["name"];
  live: Color;
  weights: Weights;
  /** Percent of the clients that DNS should lead to AWS, where there is an on-premises endpoint. */
  awsPercent?: number;
  /** How strong the evidence is, while a step is under way. */
  strength?: Strength;
  /** What went wrong while acting; the next pass sees to it. */
  problems: string[];
}

export interface TickOptions {
  plan: Plan;
  initialLive: Color;
  request?: OperatorRequest | undefined;
  /** What CloudFormation asks for; never together with a person's request. */
  gateEvent?: GateEvent | undefined;
}

/**
 * One pass: load, observe, decide, record the intent, act, and tell CloudFormation the answer that is
 * on record. Two passes at once are safe: the conditional write lets one of them win, and the other
 * ends without having touched anything. One that stalls after it won is what leases are for, see
 * `lease.ts`.
 */
export async function tick(ports: Ports, options: TickOptions): Promise<TickReport> {
  const state = (await ports.state.load()) ?? initialState(options.initialLive);
  const [seen, facts] = await Promise.all([
    observe(ports, state, options.request),
    observeGate(ports, state, options.gateEvent, options.request),
  ]);
  const { decision, request } = decideWithGate(state, seen, options.plan, facts);
  // Not the time of the observation: reading may take long, and nothing is done about it until now.
  const decidedAt = ports.clock.now();
  let current = state;
  if (mustStore(state, decision, request)) {
    const leased = withLease(decision.next, decision.actions, decidedAt);
    current = { ...leased, version: state.version + 1, lastCode: decision.code };
    const outcome = await store(ports, state, current, decision, seen.now, request);
    if (outcome !== "saved") return lostReport(seen.now, state, outcome);
  }
  const problems = await act(ports, decision.actions, decidedAt + ACT_WINDOW_MILLISECONDS);
  problems.push(...(await deliver(ports, current)));
  const { code, reason, next, strength } = decision;
  return { ...report(seen.now, code, reason, next, problems), ...(strength && { strength }) };
}

/**
 * A hold that repeats the last one is not put on record again; everything else is. What sets weights
 * always is: only the conditional write tells that the state it follows from still stands.
 */
function mustStore(
  state: CutoverState,
  decision: Decision,
  request: OperatorRequest | undefined,
): boolean {
  const repeats = decision.next === state && decision.code === state.lastCode;
  return !repeats || setsWeights(decision.actions) || answers(decision, request);
}

/** Code of the decision that grants each request; any may be refused instead. */
const GRANTED: { [verb in OperatorRequest["verb"]]?: string } = {
  start: "start",
  migrate: "migrate",
  pause: "pause",
  resume: "resume",
  approve: "approve",
  "skip-bake": "skip-bake",
  rollback: "roll-back",
  clear: "clear",
};

/** Whether the decision is a person's. While payments are being taken back, no request changes it. */
function answers(decision: Decision, request: OperatorRequest | undefined): boolean {
  if (request === undefined) return false;
  return decision.code === "refuse" || decision.code === GRANTED[request.verb];
}

function store(
  ports: Ports,
  state: CutoverState,
  stored: CutoverState,
  decision: Decision,
  at: number,
  request: OperatorRequest | undefined,
) {
  const { code, reason, strength } = decision;
  const who = answers(decision, request) ? request?.who : undefined;
  const { weights, awsPercent } = stored;
  const record = {
    ...{ at, code, reason, who: who ?? "controller", weights },
    ...(awsPercent !== undefined && { awsPercent }),
  };
  return ports.state.save(stored, state.version, { ...record, ...(strength && { strength }) });
}

function lostReport(at: number, state: CutoverState, outcome: "conflict" | "unknown"): TickReport {
  const reason =
    outcome === "conflict"
      ? "Another pass stored its decision first; this one did nothing."
      : "It is unknown whether the decision was stored; this pass did nothing more.";
  return report(at, `store-${outcome}`, reason, state, []);
}

function report(
  at: number,
  code: string,
  reason: string,
  state: CutoverState,
  problems: string[],
): TickReport {
  const { live, weights, awsPercent, phase } = state;
  return {
    ...{ at, code, reason, phase: phase.name, live, weights, problems },
    ...(awsPercent !== undefined && { awsPercent }),
  };
}
