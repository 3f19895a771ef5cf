import { type Color, type Plan, type Step, weightsFor } from "./contract";
import {
  act,
  type Decision,
  enterStep,
  hold,
  keepingEvidence,
  notify,
  setWeights,
  stepAt,
  withCutover,
  withMarks,
} from "./decision";
import { driftOf } from "./drift";
import { settledEvidence } from "./evidence/gather";
import { judgeTargets } from "./evidence/health";
import { judge } from "./evidence/judge";
import type { Verdict } from "./evidence/verdict";
import { noEvidence } from "./evidence/weigh";
import { frozenBy, planObstacles } from "./freeze";
import { leaseRunning } from "./lease";
import { finishWayBack, migrate } from "./migration/decide";
import { keepDns } from "./migration/heal";
import { startMigration } from "./migration/start";
import type { Observation } from "./observe";
import {
  answer,
  askForApproval,
  beginAnew,
  type Subject,
  stayFrozen,
  stayPaused,
} from "./requests";
import { type Cutover, type CutoverState, standby } from "./state";
import { type SwitchoverRuling, switchOver } from "./switchoverStep";

export type { Action, Decision } from "./decision";

const MINUTE = 60_000;

/**
 * Decides what one pass does. Pure: no clock, no randomness, no effects. `plan` is the configured
 * plan, for a cutover that starts now; a running one keeps the plan it started with.
 */
export function decide(state: CutoverState, seen: Observation, plan: Plan): Decision {
  return keepDns(state, seen, decideByPhase(state, seen, plan));
}

function decideByPhase(state: CutoverState, seen: Observation, plan: Plan): Decision {
  const { phase } = state;
  switch (phase.name) {
    case "idle":
      if (seen.request?.verb === "start") return start(state, seen, plan);
      if (seen.request?.verb === "migrate") return startMigration(state, seen, plan);
      return rest(state, seen);
    case "shifting":
      return shift(state, seen, phase.cutover);
    case "rolling-back":
      return finishRollback(state, seen, phase.cutover, phase.cause);
    case "migrating":
      return migrate(state, seen, phase.migration);
    case "migrating-back":
      return finishWayBack(state, seen, phase.migration, phase.cause);
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
  if (drift !== undefined) return healDrift(state, drift);
  return hold(
    state,
    latch === undefined ? "idle" : "latched",
    `Nothing moves: ${latch ?? "idle"}.`,
  );
}

function start(state: CutoverState, seen: Observation, plan: Plan): Decision {
  const target = standby(state);
  const obstacles = obstaclesToStart(target, seen, plan);
  if (obstacles.length > 0)
    return hold(state, "refuse", `Refused to start: ${obstacles.join("; ")}.`);
  const cutover: Cutover = {
    id: new Date(seen.now).toISOString(),
    target,
    plan,
    requestedBy: seen.request?.who ?? "unknown",
    stepIndex: 0,
    stepEnteredAt: seen.now,
    evidence: noEvidence(seen.now),
    redBefore: redNow(seen),
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

/** All that stands against a start, so that a person need not find out one by one. */
function obstaclesToStart(target: Color, seen: Observation, plan: Plan): string[] {
  const targets = judgeTargets(seen.standby.targets);
  return [
    ...planObstacles(plan, seen.now),
    ...(plan.steps.some(({ switchover }) => switchover) && seen.switchover === undefined
      ? ["the plan has a switchover, and there is no function for it"]
      : []),
    ...(targets.kind === "not-worse" ? [] : [`on ${target}, ${targets.reason}`]),
  ];
}

function redNow({ standby: { redAlarms } }: Observation): string[] {
  return redAlarms.known ? redAlarms.value.map(({ name }) => name) : [];
}

function shift(state: CutoverState, seen: Observation, running: Cutover): Decision {
  const cutover = { ...running, evidence: settledEvidence(running, seen.traffic, seen.now) };
  const { verdict, strength } = judge(seen, cutover);
  const decision = { ...shiftBy(verdict, state, seen, running, cutover), strength };
  const kept = withCutover(state, cutover);
  return keepingEvidence(decision, state, running, cutover, kept, seen.now);
}

/**
 * Safety first: each check that takes payments back stands before each that could promote.
 * @param cutover the running one, with what is now settled of its evidence
 */
function shiftBy(
  verdict: Verdict,
  state: CutoverState,
  seen: Observation,
  running: Cutover,
  cutover: Cutover,
): Decision {
  const { target, plan } = running;
  if (seen.request?.verb === "rollback")
    return rollBack(state, cutover, `${seen.request.who} asked for it (${seen.request.why})`);
  if (verdict.kind === "worse") return rollBack(state, cutover, `on ${target}, ${verdict.reason}`);
  const quiet = noteQuietAlarms(state, seen, cutover);
  if (quiet !== undefined) return quiet;
  const subject = subjectOf(state, cutover, seen.now);
  if (cutover.pausedBy !== undefined) return stayPaused(state, seen, subject, cutover.pausedBy);
  // Before what takes a step back or begins it anew: a person's word must not get lost beside it.
  if (seen.request !== undefined) return answer(state, subject, seen.request);
  const obstacle = obstacleTo(state, seen, cutover, verdict);
  if (obstacle !== undefined) {
    const held = heldBy(obstacle, verdict, state, seen, cutover, subject);
    if (held !== undefined) return held;
  }
  const drift = driftOf(seen.weights, state.weights);
  if (drift !== undefined)
    return cutover.bakingSince === undefined
      ? act(state, "set-again", `Set the weights again: ${drift}.`, setWeights(state.weights))
      : healDrift(state, drift);
  if (!seen.weights.known)
    return hold(
      state,
      "hold-weights-unknown",
      `Held: the weights are unknown (${seen.weights.reason}).`,
    );
  return advance(state, seen, cutover, stepAt(plan, running.stepIndex), verdict);
}

/** Minutes for which trouble of both colors is watched before its counts are forgotten. */
const TROUBLE_MINUTES = 5;

/**
 * What becomes of a step that lacks something; undefined as long as it may simply be held. In a freeze
 * nobody is there to mend it, and the night is quiet: the step waits, and begins anew in the morning.
 * Trouble of both colors leaves counts that would spoil the step when it is over: it begins anew as well,
 * until that has lasted for the longest hold.
 */
function heldBy(
  obstacle: string,
  verdict: Verdict,
  state: CutoverState,
  { now, weights }: Observation,
  cutover: Cutover,
  subject: Subject,
): Decision | undefined {
  const { plan, stepIndex, stepEnteredAt, bakingSince, troubledSince } = cutover;
  const frozen = frozenBy(plan.freeze, now);
  if (frozen !== undefined) {
    const isInPlace = driftOf(weights, state.weights) === undefined && bakingSince !== undefined;
    return isInPlace ? stayFrozen(state, subject, `${frozen}, and ${obstacle}`) : undefined;
  }
  if (cutover.frozen) {
    const anew = beginAnew(subject, obstacle);
    // Whoever agreed to the step agreed to it, however often it begins.
    const { approvedBy } = cutover;
    return approvedBy === undefined
      ? anew
      : { ...anew, next: withMarks(anew.next, { approvedBy }) };
  }
  const isShared = verdict.code === "shared-trouble";
  const since = isShared ? (troubledSince ?? stepEnteredAt) : stepEnteredAt;
  if (heldTooLong(now, since, cutover, stepAt(plan, stepIndex)))
    return rollBack(state, cutover, `the step was held too long: ${obstacle}`);
  if (!isShared || now - stepEnteredAt < TROUBLE_MINUTES * MINUTE) return undefined;
  const anew = subject.beginAnew("begin-anew", `The step begins anew, as ${obstacle}`);
  return { ...anew, next: withMarks(anew.next, { troubledSince: since }) };
}

/** An alarm that was red before the start tells of the release once it has been quiet. */
function noteQuietAlarms(
  state: CutoverState,
  { request, standby: { redAlarms } }: Observation,
  cutover: Cutover,
): Decision | undefined {
  const { redBefore = [] } = cutover;
  // A person's request comes first, or it would be lost.
  if (request !== undefined || !redAlarms.known) return undefined;
  const red = redAlarms.value.map(({ name }) => name);
  const quiet = redBefore.filter((name) => !red.includes(name));
  if (quiet.length === 0) return undefined;
  const still = redBefore.filter((name) => red.includes(name));
  const reason = `Red since before the start, ${quiet.join(" and ")} turned quiet: from now on it counts.`;
  return hold(withCutover(state, { ...cutover, redBefore: still }), "alarm-quiet", reason);
}

/** The step's weights are in place: count its bake time, then move on if the evidence allows. */
function advance(
  state: CutoverState,
  seen: Observation,
  cutover: Cutover,
  step: Step,
  verdict: Verdict,
): Decision {
  const { now } = seen;
  const share = `${step.weightPercent} % on ${cutover.target}`;
  if (cutover.bakingSince === undefined) {
    const next = withCutover(state, { ...cutover, bakingSince: now });
    return hold(next, "bake", `Baking ${share} for ${step.bakeMinutes} min.`);
  }
  // What payments show of the pause itself is no reason to wait any longer.
  const awaited = cutover.switchover && switchOver(state, seen, cutover);
  if (awaited) return carryOut(awaited, state, cutover);
  const baked = now - cutover.bakingSince;
  if (verdict.kind !== "not-worse")
    return hold(state, `hold-${verdict.code}`, `Held ${share}: ${verdict.reason}.`);
  if (baked < step.bakeMinutes * MINUTE && !cutover.bakeSkipped)
    return hold(state, "hold-baking", `Baking ${share}: ${verdict.reason}.`);
  if (step.approval !== undefined && cutover.approvedBy === undefined)
    return askForApproval(state, subjectOf(state, cutover, now));
  const lease = leaseRunning(state, now);
  if (lease !== undefined) return hold(state, "hold-lease", `Held ${share}: ${lease}.`);
  const ruling = switchOver(state, seen, cutover);
  if (ruling !== undefined) return carryOut(ruling, state, cutover);
  const nextIndex = cutover.stepIndex + 1;
  if (nextIndex === cutover.plan.steps.length) return complete(state, cutover, verdict.reason);
  const frozen = frozenBy(cutover.plan.freeze, now);
  if (frozen !== undefined) return stayFrozen(state, subjectOf(state, cutover, now), frozen);
  return enterStep(state, cutover, nextIndex, "promote", `Promoted: ${verdict.reason}`, now);
}

function carryOut(ruling: SwitchoverRuling, state: CutoverState, cutover: Cutover): Decision {
  return "aborted" in ruling ? rollBack(state, cutover, ruling.aborted) : ruling.decision;
}

function subjectOf(state: CutoverState, cutover: Cutover, now: number): Subject {
  const { target, stepIndex } = cutover;
  const { weightPercent, approval } = stepAt(cutover.plan, stepIndex);
  return {
    kind: "cutover",
    name: `cutover to ${target}`,
    move: cutover,
    share: `${weightPercent} % on ${target}`,
    approval,
    mark: (marks) => withCutover(state, { ...cutover, ...marks }),
    beginAnew: (code, because) => enterStep(state, cutover, stepIndex, code, because, now),
  };
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

/**
 * The rollback has ended when the weights have been read back and no pass from before it can change
 * them any more; until then they are set again. Latched, they are only looked at once a minute.
 */
function finishRollback(
  state: CutoverState,
  seen: Observation,
  cutover: Cutover,
  cause: string,
): Decision {
  const drift = driftOf(seen.weights, state.weights);
  if (drift === undefined && seen.weights.known) {
    const lease = leaseRunning(state, seen.now);
    if (lease !== undefined)
      return hold(state, "hold-lease", `${state.live} carries everything again, but ${lease}.`);
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

function heldTooLong(now: number, since: number, cutover: Cutover, step: Step): boolean {
  const allowedMinutes = step.bakeMinutes + cutover.plan.limits.longestHoldMinutes;
  return now - since > allowedMinutes * MINUTE;
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
  if (verdict.kind !== "not-worse") return verdict.reason;
  const { switchover } = cutover;
  if (switchover !== undefined && !switchover.isDone) return "its switchover has not ended";
  return cutover.approvalAsked && cutover.approvedBy === undefined
    ? "nobody approved it"
    : undefined;
}

/** Somebody else has changed the weights: they are put back, and people told, once. */
function healDrift(state: CutoverState, drift: string): Decision {
  const reason = `Put the weights back, which somebody else has changed: ${drift}.`;
  const isNews = state.lastCode !== "heal-drift";
  const tell = isNews ? [notify(reason)] : [];
  return act(state, "heal-drift", reason, setWeights(state.weights), ...tell);
}

function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
