import {
  type OperatorRequest,
  type Plan,
  planMistakes,
  type Step,
  type Verb,
  type Weights,
  weightsFor,
} from "./contract";
import { judge, judgeTargets, type Verdict } from "./evidence";
import type { Observation } from "./observe";
import type { Known } from "./ports";
import { type Cutover, type CutoverState, standby } from "./state";

/** Something to be done outside. Each is idempotent: doing it twice is doing it once. */
export type Action =
  | { kind: "set-weights"; weights: Weights }
  | { kind: "notify"; subject: string; message: string };

export interface Decision {
  /** Stable name, such as "promote" or "hold-baking". */
  code: string;
  /** The decision as a sentence, for records, notifications and people. */
  reason: string;
  /** The state to store before any action. */
  next: CutoverState;
  /** In the order in which they are done. */
  actions: Action[];
}

const MINUTE = 60_000;

/**
 * Decides what one pass does. Pure: no clock, no randomness, no effects. `plan` is the configured
 * plan, for a cutover that starts now; a running one keeps the plan it started with.
 */
export function decide(state: CutoverState, seen: Observation, plan: Plan): Decision {
  const { phase } = state;
  switch (phase.name) {
    case "idle":
      return seen.request?.verb === "start" ? start(state, seen, plan) : rest(state, seen);
    case "shifting":
      return shift(state, seen, phase.cutover);
    case "rolling-back":
      return finishRollback(state, seen, phase.cutover, phase.cause);
    case "rolled-back":
      return seen.request?.verb === "clear"
        ? clear(state, seen, phase.cause)
        : rest(state, seen, `latched after a rollback because ${phase.cause}; clear it first`);
    default:
      return assertNever(phase);
  }
}

/** Nothing moves: keep the weights as they are on record. */
function rest(state: CutoverState, seen: Observation, latch?: string): Decision {
  if (seen.request !== undefined) {
    const obstacle = latch ?? "no cutover runs";
    return hold(state, "refuse", `Refused to ${seen.request.verb}: ${obstacle}.`);
  }
  const drift = driftOf(seen.weights, state.weights);
  if (drift !== undefined)
    return act(state, "heal-drift", `Put the weights back: ${drift}.`, setWeights(state.weights));
  return hold(
    state,
    latch === undefined ? "idle" : "latched",
    `Nothing moves: ${latch ?? "idle"}.`,
  );
}

function start(state: CutoverState, seen: Observation, plan: Plan): Decision {
  const target = standby(state);
  const mistakes = planMistakes(plan);
  if (mistakes.length > 0)
    return hold(state, "refuse", `Refused to start: the plan cannot run: ${mistakes.join("; ")}.`);
  const targets = judgeTargets(seen.standby.targets);
  if (targets.kind !== "not-worse")
    return hold(state, "refuse", `Refused to start: on ${target}, ${targets.reason}.`);
  const cutover: Cutover = {
    id: new Date(seen.now).toISOString(),
    target,
    plan,
    requestedBy: seen.request?.who ?? "unknown",
    stepIndex: 0,
    stepEnteredAt: seen.now,
  };
  const why = seen.request?.why ?? "";
  return enterStep(
    state,
    cutover,
    0,
    "start",
    `Started the cutover to ${target} (${why})`,
    seen.now,
  );
}

/** Safety first: each check that takes payments back stands before each that could promote. */
function shift(state: CutoverState, seen: Observation, cutover: Cutover): Decision {
  const { target, plan } = cutover;
  const step = stepAt(plan, cutover.stepIndex);
  const verdict = judge(seen.standby, plan.limits);
  if (seen.request?.verb === "rollback")
    return rollBack(state, cutover, `${seen.request.who} asked for it (${seen.request.why})`);
  if (verdict.kind === "worse") return rollBack(state, cutover, `on ${target}, ${verdict.reason}`);
  if (cutover.pausedBy !== undefined) return stayPaused(state, seen, cutover, cutover.pausedBy);
  const obstacle = obstacleTo(state, seen, cutover, verdict);
  if (obstacle !== undefined && heldTooLong(seen.now, cutover, step))
    return rollBack(state, cutover, `the step was held too long: ${obstacle}`);
  if (seen.request !== undefined) return answer(state, cutover, seen.request);
  const drift = driftOf(seen.weights, state.weights);
  if (drift !== undefined)
    return act(state, "set-again", `Set the weights again: ${drift}.`, setWeights(state.weights));
  if (!seen.weights.known)
    return hold(
      state,
      "hold-weights-unknown",
      `Held: the weights are unknown (${seen.weights.reason}).`,
    );
  return advance(state, seen.now, cutover, step, verdict);
}

/** What a person may ask of a cutover that runs, besides to take it back. */
function answer(state: CutoverState, cutover: Cutover, request: OperatorRequest): Decision {
  const { verb, who, why } = request;
  const share = `${stepAt(cutover.plan, cutover.stepIndex).weightPercent} % on ${cutover.target}`;
  if (verb === "pause") {
    const reason = `${who} paused the cutover at ${share} (${why}); it holds until somebody resumes it.`;
    return act(withCutover(state, { ...cutover, pausedBy: who }), "pause", reason, notify(reason));
  }
  if (verb === "skip-bake" && cutover.bakingSince !== undefined && !cutover.bakeSkipped) {
    const reason = `${who} ended the bake time of ${share} (${why}).`;
    const next = withCutover(state, { ...cutover, bakeSkipped: true });
    return act(next, "skip-bake", reason, notify(reason));
  }
  return hold(state, "refuse", `Refused to ${verb}: ${obstacleToAnswer(verb, cutover)}.`);
}

function obstacleToAnswer(verb: Verb, { target, bakeSkipped }: Cutover): string {
  if (verb === "resume") return `the cutover to ${target} is not paused`;
  if (verb === "skip-bake")
    return bakeSkipped ? "the bake time has been ended already" : "the step does not bake yet";
  return `a cutover to ${target} runs`;
}

/**
 * While a person has the cutover in hand nothing moves on, weights are left as they are found, and no
 * time runs out. That the standby color hurts payments is seen all the same, before this.
 */
function stayPaused(
  state: CutoverState,
  { now, request }: Observation,
  cutover: Cutover,
  pausedBy: string,
): Decision {
  if (request?.verb === "resume") {
    const because = `${request.who} resumed the cutover (${request.why}), the step begins anew`;
    return enterStep(state, cutover, cutover.stepIndex, "resume", because, now);
  }
  if (request !== undefined)
    return hold(state, "refuse", `Refused to ${request.verb}: ${pausedBy} paused the cutover.`);
  return hold(state, "hold-paused", `Held: ${pausedBy} paused the cutover.`);
}

/** The step's weights are in place: count its bake time, then move on if the evidence allows. */
function advance(
  state: CutoverState,
  now: number,
  cutover: Cutover,
  step: Step,
  verdict: Verdict,
): Decision {
  const share = `${step.weightPercent} % on ${cutover.target}`;
  if (cutover.bakingSince === undefined) {
    const next = withCutover(state, { ...cutover, bakingSince: now });
    return hold(next, "bake", `Baking ${share} for ${step.bakeMinutes} min.`);
  }
  const baked = now - cutover.bakingSince;
  if (verdict.kind !== "not-worse")
    return hold(state, `hold-${verdict.code}`, `Held ${share}: ${verdict.reason}.`);
  if (baked < step.bakeMinutes * MINUTE && !cutover.bakeSkipped)
    return hold(state, "hold-baking", `Baking ${share}: ${verdict.reason}.`);
  const nextIndex = cutover.stepIndex + 1;
  if (nextIndex === cutover.plan.steps.length) return complete(state, cutover, verdict.reason);
  return enterStep(state, cutover, nextIndex, "promote", `Promoted: ${verdict.reason}`, now);
}

function enterStep(
  state: CutoverState,
  cutover: Cutover,
  stepIndex: number,
  code: string,
  because: string,
  now: number,
): Decision {
  const { weightPercent } = stepAt(cutover.plan, stepIndex);
  const weights = weightsFor(cutover.target, weightPercent);
  const { bakingSince: _, bakeSkipped: __, pausedBy: ___, ...rest } = cutover;
  const next = withCutover({ ...state, weights }, { ...rest, stepIndex, stepEnteredAt: now });
  const reason = `${because}: ${weightPercent} % to ${cutover.target}.`;
  return act(next, code, reason, setWeights(weights), notify(reason));
}

function complete(state: CutoverState, cutover: Cutover, evidence: string): Decision {
  const reason = `Completed: ${cutover.target} is live (${evidence}).`;
  const next: CutoverState = { ...state, live: cutover.target, phase: { name: "idle" } };
  return act(next, "complete", reason, notify(reason));
}

/** Gives everything back to the live color in one call, whatever the weights are now. */
function rollBack(state: CutoverState, cutover: Cutover, cause: string): Decision {
  const weights = weightsFor(state.live, 100);
  const reason = `Rolled back to ${state.live}: ${cause}.`;
  const phase = { name: "rolling-back" as const, cutover, cause };
  return act(
    { ...state, weights, phase },
    "roll-back",
    reason,
    setWeights(weights),
    notify(reason),
  );
}

/** The rollback has ended when the weights have been read back; until then they are set again. */
function finishRollback(
  state: CutoverState,
  seen: Observation,
  cutover: Cutover,
  cause: string,
): Decision {
  const drift = driftOf(seen.weights, state.weights);
  if (drift === undefined && seen.weights.known) {
    const phase = { name: "rolled-back" as const, cutover, cause };
    const reason = `${state.live} carries everything again; latched until a person clears it.`;
    return act({ ...state, phase }, "rolled-back", reason, notify(reason));
  }
  const found = drift ?? "the weights are unknown";
  return act(state, "set-again", `Set the weights again: ${found}.`, setWeights(state.weights));
}

function clear(state: CutoverState, seen: Observation, cause: string): Decision {
  const who = seen.request?.who ?? "unknown";
  const reason = `${who} cleared the latch (${seen.request?.why ?? ""}) set because ${cause}.`;
  return act({ ...state, phase: { name: "idle" } }, "clear", reason, notify(reason));
}

function heldTooLong(now: number, cutover: Cutover, step: Step): boolean {
  const allowedMinutes = step.bakeMinutes + cutover.plan.limits.longestHoldMinutes;
  return now - cutover.stepEnteredAt > allowedMinutes * MINUTE;
}

/** What the step lacks, apart from bake time; undefined when time alone will end it. */
function obstacleTo(
  state: CutoverState,
  seen: Observation,
  cutover: Cutover,
  verdict: Verdict,
): string | undefined {
  if (!seen.weights.known) return `the weights are unknown (${seen.weights.reason})`;
  const drift = driftOf(seen.weights, state.weights);
  if (drift !== undefined) return drift;
  if (cutover.bakingSince === undefined) return "its weights were not seen in place";
  return verdict.kind === "not-worse" ? undefined : verdict.reason;
}

function driftOf(live: Known<Weights>, intended: Weights): string | undefined {
  if (!live.known) return undefined;
  const { blue, green } = live.value;
  if (blue === intended.blue && green === intended.green) return undefined;
  return `found blue ${blue} green ${green}, on record are blue ${intended.blue} green ${intended.green}`;
}

function stepAt(plan: Plan, index: number): Step {
  const step = plan.steps[index];
  if (step === undefined) throw new Error(`the plan has no step ${index + 1}`);
  return step;
}

function withCutover(state: CutoverState, cutover: Cutover): CutoverState {
  return { ...state, phase: { name: "shifting", cutover } };
}

function hold(next: CutoverState, code: string, reason: string): Decision {
  return { code, reason, next, actions: [] };
}

function act(next: CutoverState, code: string, reason: string, ...actions: Action[]): Decision {
  return { code, reason, next, actions };
}

function setWeights(weights: Weights): Action {
  return { kind: "set-weights", weights };
}

function notify(message: string): Action {
  return { kind: "notify", subject: message.slice(0, 100), message };
}

function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
