import type { CutoverState } from "../state";
import { LAST_ANSWER_MINUTES, TAKE_BACK_MINUTES } from "./contract";
import type { Answer, Owed } from "./memory";
import { HOW_TO_CLEAR } from "./rules";

const MINUTE = 60_000;

/** What can be answered now that the cutover stands so; undefined while it is not over. */
export function conclusion(
  state: CutoverState,
  { wish, receivedAt, stage }: Owed,
  now: number,
): Answer | undefined {
  if (stage.name !== "following") return undefined;
  const { phase, live } = state;
  if (phase.name !== "shifting" && phase.name !== "rolling-back") {
    if (wish?.live === live) return { status: "SUCCESS", reason: `${live} carries everything.` };
    const cause = phase.name === "rolled-back" ? phase.cause : "the cutover was ended";
    return failed(`Taken back to ${live}, because ${cause}. ${HOW_TO_CLEAR}`);
  }
  const { id, requestedBy, target } = phase.cutover;
  if (id !== stage.cutoverId) return failed(`Another cutover, to ${target}, has begun.`);
  const waited = now - receivedAt;
  if (waited >= LAST_ANSWER_MINUTES * MINUTE)
    return failed(`CloudFormation waits no longer, and ${live} has not everything back yet.`);
  // A person's cutover is not the gate's to take back.
  const foreign = id !== state.gate?.startedId && wish?.live !== live;
  if (foreign && waited >= TAKE_BACK_MINUTES * MINUTE)
    return failed(
      `CloudFormation waits no longer; the cutover to ${target} that ${requestedBy} started goes on. Deploy again when it has ended.`,
    );
  return undefined;
}

function failed(reason: string): Answer {
  return { status: "FAILED", reason };
}
