import type { Plan } from "../contract";
import type { Known, ServiceState } from "../ports";
import type { Cutover, CutoverState } from "../state";
import { attachedMistakes } from "./contract";
import type { Answer, Owed, Wish } from "./memory";

/** What a request comes to, as things stand. */
export type Judgment =
  /** Tells people too, with `tell`: the stack and the payments go different ways. */
  | ({ kind: "answer"; tell?: true } & Answer)
  | { kind: "start"; wish: Wish }
  | { kind: "follow"; cutoverId: string; reason: string }
  /** Means that the cutover is no longer wanted, or no longer what it was; `did` is the stack's part in it. */
  | { kind: "take-back"; cutoverId: string; did: string }
  | { kind: "wait"; reason: string };

export const HOW_TO_CLEAR =
  'Find the cause, then clear the latch with {"verb":"clear"}, or set payments:live back.';

/**
 * Judges what CloudFormation asks for. Payments are moved for one request only: an update that goes
 * forward, and changes Live to the color that is not live. Everything else that CloudFormation sends
 * (creation, deletion, its way back, a request that nobody waits for) may take payments back, and
 * never moves them on.
 * @param stack status of the stack, in CloudFormation's words
 */
export function judgeRequest(
  state: CutoverState,
  { wish, receivedAt }: Pick<Owed, "wish" | "receivedAt">,
  stack: Known<string>,
  plan: Plan,
): Judgment {
  if (wish === undefined) return success("The gate goes; payments stay where they are.");
  if (wish.kind === "create") return judgeCreation(state, wish);
  const { phase } = state;
  if (phase.name === "shifting" && changesReleased(phase.cutover, wish, receivedAt))
    return { kind: "take-back", cutoverId: phase.cutover.id, did: "changed what is released" };
  if (wish.live === state.live) return judgeStay(state, wish, stack);
  return judgeMove(state, wish, stack) ?? judgeStart(state, wish, plan);
}

/** What has been shown of a release was shown of the image that ran when its cutover began. */
function changesReleased({ target, evidence }: Cutover, wish: Wish, receivedAt: number): boolean {
  return wish.changed.includes(target) && receivedAt > (evidence?.since ?? 0);
}

/** A table may outlive its stack: whoever makes the gate anew may not know where payments are. */
function judgeCreation({ live }: CutoverState, wish: Wish): Judgment {
  if (wish.live === live) return success(`Payments are on ${live}.`);
  return failure(
    `A new gate moves nothing. Payments are on ${live}, got ${wish.live}: set payments:live: ${live}, deploy, and release afterwards.`,
  );
}

/** The stack wants the color that is live: nothing moves on, and what moves on by its order comes back. */
function judgeStay(state: CutoverState, wish: Wish, stack: Known<string>): Judgment {
  const { phase, live, gate } = state;
  if (phase.name === "rolling-back")
    return { kind: "follow", cutoverId: phase.cutover.id, reason: `${live} gets everything back.` };
  if (phase.name !== "shifting") return success(`Payments are on ${live}; nothing moves.`);
  const { id, target, requestedBy } = phase.cutover;
  if (id === gate?.startedId) return { kind: "take-back", cutoverId: id, did: "went back" };
  const runs = `The cutover to ${target} that ${requestedBy} started goes on`;
  if (goesForward(stack) && wish.previousLive !== live)
    return failure(
      `${runs}, got Live ${live}. Take it back with {"verb":"rollback"}, or wait for its end.`,
    );
  return { ...success(`${runs}, though the stack has Live ${live}.`), tell: true };
}

/** What forbids that payments move to the color that the stack wants; undefined when nothing does. */
function judgeMove(state: CutoverState, wish: Wish, stack: Known<string>): Judgment | undefined {
  const { live, phase } = state;
  if (!stack.known)
    return { kind: "wait", reason: `the status of the stack is unknown (${stack.reason})` };
  if (stack.value.startsWith("UPDATE_ROLLBACK")) return apart(state, wish);
  if (!goesForward(stack))
    return failure(`The stack is ${stack.value}: nobody waits for this release, nothing moves.`);
  if (phase.name === "shifting") {
    const { id, target, requestedBy } = phase.cutover;
    const reason = `The cutover to ${target} that ${requestedBy} started runs already.`;
    return wish.mode === "detached" ? success(reason) : { kind: "follow", cutoverId: id, reason };
  }
  if (wish.previousLive === wish.live) return apart(state, wish);
  return phase.name === "rolling-back"
    ? failure(`${live} gets everything back, because ${phase.cause}. ${HOW_TO_CLEAR}`)
    : undefined;
}

function judgeStart(state: CutoverState, wish: Wish, plan: Plan): Judgment {
  const mistakes = wish.mode === "attached" ? attachedMistakes(plan.steps) : [];
  if (state.phase.name !== "idle" || mistakes.length === 0) return { kind: "start", wish };
  return failure(
    `Refused to start: CloudFormation cannot wait for the plan: ${mistakes.join("; ")}. Change payments:cutoverSteps, or set payments:releaseGate: detached.`,
  );
}

/** The stack goes one way and the payments another, and that is for people to settle. */
function apart({ live }: CutoverState, wish: Wish): Judgment {
  const reason = `The stack has Live ${wish.live} and payments are on ${live}: nothing moves. Set payments:live: ${live} and deploy, so that both say the same.`;
  return { ...success(reason), tell: true };
}

/** What people have to hear of, whatever is answered; undefined when there is nothing. */
export function changedInPlace(
  { live }: CutoverState,
  wish: Wish | undefined,
  stack: Known<string>,
): string | undefined {
  if (!wish?.changed.includes(live) || !goesForward(stack)) return undefined;
  return `What runs in ${live}, which is live, was changed in place: no step of the plan judges it, and nothing takes it back.`;
}

/**
 * Why the color does not run yet what the stack says; undefined when it does. Targets may be healthy
 * all the while: they are then the old tasks, of which the new ones take the place one by one.
 */
export function unsteady(wish: Wish, service: Known<ServiceState>): string | undefined {
  const { live } = wish;
  if (!service.known) return `what runs in ${live} is unknown (${service.reason})`;
  const { taskArn, rollout } = service.value;
  if (taskArn !== wish.service.taskArn)
    return `${live} runs ${taskArn} and should run ${wish.service.taskArn}: ECS may have gone back`;
  return rollout === "COMPLETED" ? undefined : `the deployment of ${live} is ${rollout}`;
}

function goesForward(stack: Known<string>): boolean {
  return stack.known && stack.value === "UPDATE_IN_PROGRESS";
}

function success(reason: string): Judgment & { kind: "answer" } {
  return { kind: "answer", status: "SUCCESS", reason };
}

function failure(reason: string): Judgment & { kind: "answer" } {
  return { kind: "answer", status: "FAILED", reason };
}
