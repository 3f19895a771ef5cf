import type { OperatorRequest, Plan } from "../contract";
import { decide } from "../decide";
import { type Decision, notify } from "../decision";
import { judgeTargets } from "../evidence/health";
import type { Observation } from "../observe";
import { type Known, known, type ServiceState } from "../ports";
import type { CutoverState } from "../state";
import { conclusion } from "./conclusion";
import { LONGEST_WAIT_MINUTES, minutesOf, TAKE_BACK_MINUTES } from "./contract";
import type { GateEvent } from "./event";
import { type Answer, type Gate, type Owed, type Stage, type Wish, withPast } from "./memory";
import { changedInPlace, HOW_TO_CLEAR, judgeRequest, unsteady } from "./rules";

/** What the gate knows beside the observation. */
export interface GateFacts {
  event?: GateEvent | undefined;
  /** Status of the stack that asks, in CloudFormation's words. */
  stack: Known<string>;
  /** What runs in the color that the stack wants to be live. */
  service: Known<ServiceState>;
}

/** A decision, and the request that it answers: a person's, or the gate's own. */
export interface Ruling {
  decision: Decision;
  request: OperatorRequest | undefined;
}

/** What happened to a request of CloudFormation, for the record. */
interface Note {
  code: string;
  reason: string;
  /** What people are told. */
  tell: string[];
}

/** All that a pass with an owed answer is decided by. */
interface Case {
  state: CutoverState;
  seen: Observation;
  plan: Plan;
  facts: GateFacts;
  owed: Owed;
}

const MINUTE = 60_000;
/** After this nobody can answer: the address has long expired, and so has the stack's patience. */
const GIVE_UP_MINUTES = 120;

/**
 * Decides what one pass does, with the release gate: `decide` alone moves payments, and the gate asks
 * it as a person would. What CloudFormation is to hear becomes a part of the same state, so that it is
 * stored together with the decision that it belongs to. Pure, as `decide` is.
 */
export function decideWithGate(
  state: CutoverState,
  seen: Observation,
  plan: Plan,
  facts: GateFacts,
): Ruling {
  const owed = owedNow(state, facts.event, seen.now);
  if (owed === undefined) return ask({ state, seen, plan }, seen.request);
  const one = { state, seen, plan, facts, owed };
  if (owed.stage.name === "answering") return keepAnswering(one, owed.stage);
  if (owed.stage.name === "following") return follow(one);
  // A person's request is answered first; CloudFormation's comes with the next pass.
  return seen.request === undefined ? serve(one) : ask(one, seen.request);
}

/**
 * The request that is to be answered. A new one takes the place of any other: CloudFormation sends it
 * when it has given the other up. One that comes twice changes nothing, or is answered as before; one
 * that is over, and comes late, must not take the place of another.
 */
function owedNow(state: CutoverState, event: GateEvent | undefined, now: number): Owed | undefined {
  const { owed, answered, past = [] } = state.gate ?? {};
  if (event === undefined) return owed;
  const { address, wish, mistakes } = event;
  if (address.requestId !== "" && owed?.requestId === address.requestId) return owed;
  const isLast = answered?.requestId === address.requestId;
  if (past.includes(address.requestId) && (owed !== undefined || !isLast)) return owed;
  const fresh = { ...address, receivedAt: now, ...(wish && { wish }) };
  if (mistakes.length > 0)
    return { ...fresh, stage: answering({ status: "FAILED", reason: mistakes.join(" ") }) };
  if (isLast && answered) return { ...fresh, stage: answering(answered) };
  return { ...fresh, stage: { name: "waiting" } };
}

function serve(one: Case): Ruling {
  const { state, facts, owed, plan } = one;
  const inPlace = facts.event && changedInPlace(state, owed.wish, facts.stack);
  const told = inPlace === undefined ? [] : [inPlace];
  const judgment = judgeRequest(state, owed, facts.stack, plan);
  switch (judgment.kind) {
    case "start":
      return start(one, judgment.wish, told);
    case "wait":
      return wait(one, judgment.reason, told);
    case "answer": {
      const { status, reason, tell } = judgment;
      const note = { code: codeOf(status), reason, tell: tell ? [...told, reason] : told };
      return withStage(one, ask(one), answering({ status, reason }), note);
    }
    case "follow": {
      const note = { code: "gate-follow", reason: judgment.reason, tell: told };
      return withStage(one, ask(one), { name: "following", cutoverId: judgment.cutoverId }, note);
    }
    case "take-back": {
      const own = ask(one, requestOf("rollback", owed, judgment.did));
      const reason = "CloudFormation hears when that has ended.";
      const stage = { name: "following" as const, cutoverId: judgment.cutoverId };
      return withStage(one, own, stage, { code: "gate-follow", reason, tell: told });
    }
  }
}

/** Starts what can start, waits for what may still come, and refuses the rest. */
function start(one: Case, wish: Wish, tell: string[]): Ruling {
  const { state, facts, owed } = one;
  const asked = ask(one, requestOf("start", owed, "changed live"));
  const { next, code, reason } = asked.decision;
  const note = { code, reason: "", tell };
  if (!couldStart(one)) {
    const hint = state.phase.name === "rolled-back" ? ` ${HOW_TO_CLEAR}` : "";
    const refusal = answering({ status: "FAILED", reason: `${reason}${hint}` });
    return withStage(one, asked, refusal, note);
  }
  const late = unsteady(wish, facts.service);
  if (late !== undefined) return wait(one, late, tell);
  if (next.phase.name !== "shifting") {
    const targets = judgeTargets(one.seen.standby.targets);
    return wait(one, `on ${wish.live}, ${targets.reason}`, tell);
  }
  const cutoverId = next.phase.cutover.id;
  const started: Stage =
    wish.mode === "detached"
      ? answering({ status: "SUCCESS", reason: "The cutover has been started." })
      : { name: "following", cutoverId };
  return withStage(one, asked, started, note, { startedId: cutoverId });
}

/** Whether a start would be granted if the standby color could take payments: its tasks may be starting. */
function couldStart({ state, seen, plan, owed }: Case): boolean {
  const targets = known({ healthy: 1, unhealthy: 0, initial: 0 });
  const better = { ...seen, standby: { ...seen.standby, targets } };
  return ask({ state, seen: better, plan }, requestOf("start", owed, "")).decision.code === "start";
}

/** Looks again with each pass, as long as the cutover could still end in time. */
function wait(one: Case, because: string, tell: string[]): Ruling {
  const { seen, plan, owed } = one;
  const spare = TAKE_BACK_MINUTES - minutesOf(plan.steps);
  const attached = owed.wish?.mode === "attached";
  const minutes = attached ? Math.min(LONGEST_WAIT_MINUTES, spare) : LONGEST_WAIT_MINUTES;
  if (seen.now - owed.receivedAt > minutes * MINUTE) {
    const reason = `Waited ${minutes} minutes in vain: ${because}.`;
    const note = { code: codeOf("FAILED"), reason, tell };
    return withStage(one, ask(one), answering({ status: "FAILED", reason }), note);
  }
  const note = { code: "gate-wait", reason: `The release waits: ${because}.`, tell };
  return withStage(one, ask(one), owed.stage, note);
}

/** Once a cutover has begun, CloudFormation hears how it ends, and in any case before its hour is over. */
function follow(one: Case): Ruling {
  const { seen, owed } = one;
  const late = outOfTime(one) ? requestOf("rollback", owed, "waits no longer") : undefined;
  return withStage(one, ask(one, seen.request ?? late), owed.stage);
}

function outOfTime({ state, seen, owed }: Case): boolean {
  const { phase, gate } = state;
  const late = seen.now - owed.receivedAt >= TAKE_BACK_MINUTES * MINUTE;
  return late && phase.name === "shifting" && phase.cutover.id === gate?.startedId;
}

function keepAnswering(one: Case, stage: Stage & { name: "answering" }): Ruling {
  const { state, seen, owed } = one;
  const { status, reason } = stage;
  const own = ask(one, seen.request);
  if (owed !== state.gate?.owed)
    return withStage(one, own, stage, { code: codeOf(status), reason, tell: [] });
  if (seen.now - owed.receivedAt < GIVE_UP_MINUTES * MINUTE) return own;
  const message = `CloudFormation never took the answer ${status}: ${reason}`;
  const { owed: _, ...gate } = state.gate;
  return noted(state, own, gate, { code: "gate-give-up", reason: message, tell: [message] });
}

/** The ordinary decision, on the gate's request or on a person's. */
function ask(
  { state, seen, plan }: Pick<Case, "state" | "seen" | "plan">,
  request?: OperatorRequest,
): Ruling {
  const asked = request === undefined ? seen : { ...seen, request };
  return { decision: decide(state, asked, plan), request };
}

/** Adds what becomes of the request to an ordinary decision. What has been concluded is on record at once. */
function withStage(
  { state, seen, owed }: Case,
  own: Ruling,
  stage: Stage,
  note?: Note,
  more: Partial<Gate> = {},
): Ruling {
  const before = state.gate?.owed?.requestId ?? owed.requestId;
  const kept = before === owed.requestId ? state.gate : withPast(state.gate ?? {}, before);
  const gate: Gate = { ...kept, ...more, owed: { ...owed, stage } };
  const ended = conclusion({ ...own.decision.next, gate }, { ...owed, stage }, seen.now);
  if (ended !== undefined) {
    const concluded = { ...owed, stage: answering(ended) };
    return noted(state, own, { ...gate, owed: concluded }, note);
  }
  const unchanged = owed === state.gate?.owed && stage === owed.stage;
  return noted(state, own, unchanged ? undefined : gate, note);
}

/**
 * Whatever else was decided keeps its code, and its place before the gate's sentence; a pass that
 * would have done nothing has the gate's.
 * @param gate what is remembered from now on; undefined: the same as before
 */
function noted(state: CutoverState, own: Ruling, gate: Gate | undefined, note?: Note): Ruling {
  const { decision } = own;
  const next = gate === undefined ? decision.next : { ...decision.next, gate };
  const idle = decision.next === state && decision.actions.length === 0;
  const { code, reason } = decision;
  const sentence = note?.reason ?? "";
  const actions = [...decision.actions, ...(note?.tell ?? []).map(notify)];
  const changed =
    idle && sentence !== ""
      ? { code: note?.code ?? code, reason: sentence }
      : { code, reason: [reason, sentence].filter((text) => text !== "").join(" ") };
  return { ...own, decision: { ...decision, ...changed, next, actions } };
}

/** Stands on record as who asked. */
const WHO = "cloudformation";

function requestOf(verb: "start" | "rollback", { stackId, requestId }: Owed, did: string) {
  const name = stackId.split("/")[1] ?? stackId;
  return { verb, who: WHO, why: `stack ${name} ${did}, request ${requestId}` };
}

function answering({ status, reason }: Answer): Stage {
  return { name: "answering", status, reason };
}

function codeOf(status: Answer["status"]): string {
  return status === "SUCCESS" ? "gate-confirm" : "gate-refuse";
}
