import type { OperatorRequest, Plan } from "../contract";
import { decide } from "../decide";
import { type Decision, notify } from "../decision";
import type { Observation } from "../observe";
import { type Known, known } from "../ports";
import type { CutoverState } from "../state";
import { conclusion } from "./conclusion";
import { LONGEST_WAIT_MINUTES, minutesOf, TAKE_BACK_MINUTES } from "./contract";
import type { GateEvent } from "./event";
import type { Answer, Gate, Owed, Stage } from "./memory";
import { changedInPlace, HOW_TO_CLEAR, judgeRequest } from "./rules";

/** What the gate knows beside the observation. */
export interface GateFacts {
  event?: GateEvent | undefined;
  /** Status of the stack that asks, in CloudFormation's words. */
  stack: Known<string>;
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
  if (owed === undefined) return pass(state, seen, plan, seen.request);
  if (owed.stage.name === "answering") return keepAnswering(state, seen, plan, owed);
  if (owed.stage.name === "following") return follow(state, seen, plan, owed);
  // A person's request is answered first; CloudFormation's comes with the next pass.
  if (seen.request !== undefined) return pass(state, seen, plan, seen.request);
  return serve(state, seen, plan, facts, owed);
}

/**
 * The request that is to be answered. A new one takes the place of any other: CloudFormation sends it
 * when it has given the other up. One that comes twice changes nothing, or is answered as before.
 */
function owedNow(state: CutoverState, event: GateEvent | undefined, now: number): Owed | undefined {
  const { owed, answered } = state.gate ?? {};
  if (event === undefined) return owed;
  const { address, wish, mistakes } = event;
  if (address.requestId !== "" && owed?.requestId === address.requestId) return owed;
  const fresh = { ...address, receivedAt: now, ...(wish && { wish }) };
  if (mistakes.length > 0)
    return { ...fresh, stage: answering({ status: "FAILED", reason: mistakes.join(" ") }) };
  if (answered?.requestId === address.requestId) return { ...fresh, stage: answering(answered) };
  return { ...fresh, stage: { name: "waiting" } };
}

function serve(
  state: CutoverState,
  seen: Observation,
  plan: Plan,
  facts: GateFacts,
  owed: Owed,
): Ruling {
  const inPlace = facts.event && changedInPlace(state, owed.wish, facts.stack);
  const told = inPlace === undefined ? [] : [inPlace];
  const judgment = judgeRequest(state, owed, facts.stack, plan);
  if (judgment.kind === "start") return start(state, seen, plan, owed, told);
  if (judgment.kind === "wait") {
    const own = pass(state, seen, plan, undefined);
    return wait(state, own, owed, plan, judgment.reason, told, seen.now);
  }
  if (judgment.kind === "answer") {
    const { status, reason, tell } = judgment;
    const own = pass(state, seen, plan, undefined);
    const note = { code: codeOf(status), reason, tell: tell ? [...told, reason] : told };
    return withStage(state, own, owed, answering({ status, reason }), note, seen.now);
  }
  const { cutoverId } = judgment;
  const takesBack = judgment.kind === "take-back";
  const request = takesBack ? requestOf("rollback", owed, "which went back") : undefined;
  const own = pass(state, seen, plan, request);
  const reason = takesBack ? "CloudFormation hears when that has ended." : judgment.reason;
  const note = { code: "gate-follow", reason, tell: told };
  return withStage(state, own, owed, { name: "following", cutoverId }, note, seen.now);
}

function start(
  state: CutoverState,
  seen: Observation,
  plan: Plan,
  owed: Owed,
  told: string[],
): Ruling {
  const asked = pass(state, seen, plan, requestOf("start", owed, "changed live"));
  const { next, code, reason } = asked.decision;
  const tell = told;
  if (code === "start" && next.phase.name === "shifting") {
    const cutoverId = next.phase.cutover.id;
    const started: Stage =
      owed.wish?.mode === "detached"
        ? answering({ status: "SUCCESS", reason: "The cutover has been started." })
        : { name: "following", cutoverId };
    const note = { code, reason: "", tell };
    return withStage(state, asked, owed, started, note, seen.now, { startedId: cutoverId });
  }
  if (onlyTargetsAreMissing(state, seen, plan)) {
    const own = pass(state, seen, plan, undefined);
    return wait(state, own, owed, plan, reason, told, seen.now);
  }
  const note = { code, reason: "", tell };
  const hint = state.phase.name === "rolled-back" ? ` ${HOW_TO_CLEAR}` : "";
  const refusal = answering({ status: "FAILED", reason: `${reason}${hint}` });
  return withStage(state, asked, owed, refusal, note, seen.now);
}

/** Whether a start would be granted if the standby color could take payments: its tasks may be starting. */
function onlyTargetsAreMissing(state: CutoverState, seen: Observation, plan: Plan): boolean {
  const targets = known({ healthy: 1, unhealthy: 0, initial: 0 });
  const request: OperatorRequest = { verb: "start", who: WHO, why: "to see what is missing" };
  const better = { ...seen, standby: { ...seen.standby, targets }, request };
  return decide(state, better, plan).code === "start";
}

/** Looks again with each pass, as long as the cutover could still end in time. */
function wait(
  state: CutoverState,
  own: Ruling,
  owed: Owed,
  plan: Plan,
  because: string,
  tell: string[],
  now: number,
): Ruling {
  const spare = TAKE_BACK_MINUTES - minutesOf(plan.steps);
  const attached = owed.wish?.mode === "attached";
  const minutes = attached ? Math.min(LONGEST_WAIT_MINUTES, spare) : LONGEST_WAIT_MINUTES;
  if (now - owed.receivedAt > minutes * MINUTE) {
    const reason = `Waited ${minutes} minutes in vain: ${because}`;
    const note = { code: codeOf("FAILED"), reason, tell };
    return withStage(state, own, owed, answering({ status: "FAILED", reason }), note, now);
  }
  const note = { code: "gate-wait", reason: `The release waits: ${because}`, tell };
  return withStage(state, own, owed, owed.stage, note, now);
}

/** Once a cutover has begun, CloudFormation hears how it ends, and in any case before its hour is over. */
function follow(state: CutoverState, seen: Observation, plan: Plan, owed: Owed): Ruling {
  const late = outOfTime(state, owed, seen.now)
    ? requestOf("rollback", owed, "waits no longer")
    : undefined;
  const own = pass(state, seen, plan, seen.request ?? late);
  return withStage(state, own, owed, owed.stage, undefined, seen.now);
}

function outOfTime({ phase, live, gate }: CutoverState, owed: Owed, now: number): boolean {
  if (phase.name !== "shifting" || owed.wish?.live === live) return false;
  return (
    phase.cutover.id === gate?.startedId && now - owed.receivedAt >= TAKE_BACK_MINUTES * MINUTE
  );
}

function keepAnswering(state: CutoverState, seen: Observation, plan: Plan, owed: Owed): Ruling {
  const own = pass(state, seen, plan, seen.request);
  const { stage } = owed;
  if (stage.name !== "answering") return own;
  if (owed !== state.gate?.owed) {
    const note = { code: codeOf(stage.status), reason: stage.reason, tell: [] };
    return withStage(state, own, owed, stage, note, seen.now);
  }
  if (seen.now - owed.receivedAt < GIVE_UP_MINUTES * MINUTE) return own;
  const reason = `CloudFormation never took the answer ${stage.status}: ${stage.reason}`;
  const { owed: _, ...gate } = state.gate;
  return noted(state, own, gate, { code: "gate-give-up", reason, tell: [reason] });
}

/** The ordinary decision, on the gate's request or on a person's. */
function pass(
  state: CutoverState,
  seen: Observation,
  plan: Plan,
  request: OperatorRequest | undefined,
): Ruling {
  const asked = request === undefined ? seen : { ...seen, request };
  return { decision: decide(state, asked, plan), request };
}

/** Adds what becomes of the request to an ordinary decision. What has been concluded is on record at once. */
function withStage(
  state: CutoverState,
  own: Ruling,
  owed: Owed,
  stage: Stage,
  note: Note | undefined,
  now: number,
  more: Partial<Gate> = {},
): Ruling {
  const gate: Gate = { ...state.gate, ...more, owed: { ...owed, stage } };
  const ended = conclusion({ ...own.decision.next, gate }, { ...owed, stage }, now);
  if (ended !== undefined)
    return noted(state, own, { ...gate, owed: { ...owed, stage: answering(ended) } }, note);
  const unchanged = owed === state.gate?.owed && stage === owed.stage;
  if (unchanged) return noted(state, own, undefined, note);
  return noted(state, own, gate, note);
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
