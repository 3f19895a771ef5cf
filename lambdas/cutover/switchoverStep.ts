import { act, type Decision, enterStep, hold, stepAt, withCutover } from "./decision";
import type { Observation } from "./observe";
import type { Cutover, CutoverState } from "./state";

/** After how long without an attempt it is asked for once more, in milliseconds: a request may get lost. */
const ASK_AGAIN_MILLISECONDS = 60_000;

/** What becomes of a step for its switchover. `aborted` is the cause to take the payments back. */
export type SwitchoverRuling = { decision: Decision } | { aborted: string };

/**
 * Moves the writer to the target's cluster, once in a step: an attempt that was aborted has made
 * payments wait, and people should see why before another does. Undefined when the step may end.
 */
export function switchOver(
  state: CutoverState,
  { now, switchover }: Observation,
  cutover: Cutover,
): SwitchoverRuling | undefined {
  const { target, plan, stepIndex, switchover: asked } = cutover;
  if (!stepAt(plan, stepIndex).switchover || asked?.isDone) return undefined;
  if (!switchover?.known)
    return held(state, `where the writer is, is unknown (${switchover?.reason ?? "nobody tells"})`);
  const { isAtRest, writer, phase, epoch, reason } = switchover.value;
  if (!isAtRest) return held(state, `the switchover to ${target} is ${phase}`);
  if (writer === target) return asked ? bakeAgain(state, cutover, now) : undefined;
  if (asked && epoch > asked.epochBefore)
    return { aborted: `the writer did not move to ${target}: ${asClause(reason)}` };
  if (asked && now - asked.askedAt < ASK_AGAIN_MILLISECONDS)
    return held(state, `the switchover to ${target} has not begun: ${asClause(reason)}`);
  const next = withCutover(state, { ...cutover, switchover: { askedAt: now, epochBefore: epoch } });
  const why = `a step of the cutover to ${target} that began ${cutover.id}`;
  const said = `Asked for the switchover to ${target}${asked ? " once more" : ""}.`;
  const ask = { kind: "ask-switchover" as const, to: target, why };
  return { decision: act(next, "ask-switchover", said, ask) };
}

/** A sentence, to stand at the end of another. */
function asClause(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function held(state: CutoverState, because: string): SwitchoverRuling {
  return { decision: hold(state, "hold-switchover", `Held: ${because}.`) };
}

/** What the pause did to payments is forgotten; how they fare on the other database has to be seen. */
function bakeAgain(state: CutoverState, cutover: Cutover, now: number): SwitchoverRuling {
  const { target, stepIndex, switchover } = cutover;
  const done = {
    ...cutover,
    ...(switchover && { switchover: { ...switchover, isDone: true as const } }),
  };
  const because = `${target}'s cluster takes all writes, the step bakes once more`;
  return { decision: enterStep(state, done, stepIndex, "switched-over", because, now) };
}
