import type { OperatorRequest, Verb } from "./contract";
import { act, type Decision, enterStep, hold, notify, stepAt, withCutover } from "./decision";
import type { Observation } from "./observe";
import type { Cutover, CutoverState } from "./state";

/** What a person may ask of a cutover that runs, besides to take it back. */
export function answer(state: CutoverState, cutover: Cutover, request: OperatorRequest): Decision {
  const { verb, who, why } = request;
  const { weightPercent, approval } = stepAt(cutover.plan, cutover.stepIndex);
  const share = `${weightPercent} % on ${cutover.target}`;
  if (verb === "pause") {
    const reason = `${who} paused the cutover at ${share} (${why}); it holds until somebody resumes it.`;
    return act(withCutover(state, { ...cutover, pausedBy: who }), "pause", reason, notify(reason));
  }
  if (verb === "approve" && approval !== undefined && cutover.approvedBy === undefined) {
    const reason = `${who} approved at ${share} (${why}): ${approval}.`;
    return act(
      withCutover(state, { ...cutover, approvedBy: who }),
      "approve",
      reason,
      notify(reason),
    );
  }
  if (verb === "skip-bake" && cutover.bakingSince !== undefined && !cutover.bakeSkipped) {
    const reason = `${who} ended the bake time of ${share} (${why}).`;
    const next = withCutover(state, { ...cutover, bakeSkipped: true });
    return act(next, "skip-bake", reason, notify(reason));
  }
  return hold(state, "refuse", `Refused to ${verb}: ${obstacleToAnswer(verb, cutover)}.`);
}

function obstacleToAnswer(verb: Verb, { target, bakeSkipped, approvedBy }: Cutover): string {
  if (verb === "approve")
    return approvedBy === undefined ? "the step asks nobody" : `${approvedBy} has approved already`;
  if (verb === "resume") return `the cutover to ${target} is not paused`;
  if (verb === "skip-bake")
    return bakeSkipped ? "the bake time has been ended already" : "the step does not bake yet";
  return `a cutover to ${target} runs`;
}

/**
 * While a person has the cutover in hand nothing moves on, weights are left as they are found, and no
 * time runs out. That the standby color hurts payments is seen all the same, before this.
 */
export function stayPaused(
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
