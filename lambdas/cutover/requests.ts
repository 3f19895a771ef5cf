import type { OperatorRequest, Verb } from "./contract";
import { act, type Decision, hold, notify } from "./decision";
import type { Observation } from "./observe";
import type { CutoverState, Move } from "./state";

/** A move as people speak of it, and what they can do to it. */
export interface Subject {
  kind: "cutover" | "migration";
  /** With its end, such as "cutover to green". */
  name: string;
  move: Move;
  /** What its step gives, such as "10 % on green". */
  share: string;
  /** What its step asks. */
  approval: string | undefined;
  /** The state in which the move has these marks. */
  mark(marks: Partial<Move>): CutoverState;
  /** Begins the step anew. */
  beginAnew(code: string, because: string): Decision;
}

/** What a person may ask of a move that runs, besides to take it back. */
export function answer(state: CutoverState, subject: Subject, request: OperatorRequest): Decision {
  const { verb, who, why } = request;
  const { kind, move, share, approval } = subject;
  if (verb === "pause") {
    const reason = `${who} paused the ${kind} at ${share} (${why}); it holds until somebody resumes it.`;
    return act(subject.mark({ pausedBy: who }), "pause", reason, notify(reason));
  }
  if (verb === "approve" && approval !== undefined && move.approvedBy === undefined) {
    const reason = `${who} approved at ${share} (${why}): ${approval}.`;
    return act(subject.mark({ approvedBy: who }), "approve", reason, notify(reason));
  }
  if (verb === "skip-bake" && move.bakingSince !== undefined && !move.bakeSkipped) {
    const reason = `${who} ended the bake time of ${share} (${why}).`;
    return act(subject.mark({ bakeSkipped: true }), "skip-bake", reason, notify(reason));
  }
  return hold(state, "refuse", `Refused to ${verb}: ${obstacleToAnswer(verb, subject)}.`);
}

function obstacleToAnswer(verb: Verb, { name, move: { bakeSkipped, approvedBy } }: Subject) {
  if (verb === "approve")
    return approvedBy === undefined ? "the step asks nobody" : `${approvedBy} has approved already`;
  if (verb === "resume") return `the ${name} is not paused`;
  if (verb === "skip-bake")
    return bakeSkipped ? "the bake time has been ended already" : "the step does not bake yet";
  return `a ${name} runs`;
}

/**
 * While a person has the move in hand nothing moves on, weights are left as they are found, and no
 * time runs out. That it hurts payments is seen all the same, before this.
 */
export function stayPaused(
  state: CutoverState,
  { request }: Observation,
  { kind, beginAnew }: Subject,
  pausedBy: string,
): Decision {
  if (request?.verb === "resume")
    return beginAnew(
      "resume",
      `${request.who} resumed the ${kind} (${request.why}), the step begins anew`,
    );
  if (request !== undefined)
    return hold(state, "refuse", `Refused to ${request.verb}: ${pausedBy} paused the ${kind}.`);
  return hold(state, "hold-paused", `Held: ${pausedBy} paused the ${kind}.`);
}

/** People are told once; the step then waits, as any step that lacks something. */
export function askForApproval(state: CutoverState, subject: Subject): Decision {
  const question = `${subject.share} waits for approval: ${subject.approval}`;
  if (subject.move.approvalAsked) return hold(state, "hold-approval", `Held: ${question}.`);
  const reason = `Bake time over, ${question}.`;
  return act(subject.mark({ approvalAsked: true }), "ask-approval", reason, notify(reason));
}

/** In a freeze nothing moves on, however long. */
export function stayFrozen(state: CutoverState, { move, share, mark }: Subject, because: string) {
  return hold(
    move.frozen ? state : mark({ frozen: true }),
    "hold-freeze",
    `Held ${share}: ${because}.`,
  );
}

/**
 * A freeze may hold a step far longer than anything else may. What the step comes to lack in the
 * meantime must not count from its beginning, or one missing fact would take everything back.
 */
export function beginAnew(subject: Subject, obstacle: string): Decision {
  return subject.beginAnew("begin-anew", `Held by a freeze, the step begins anew, as ${obstacle}`);
}
