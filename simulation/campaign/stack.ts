import { type Color, otherColor } from "../../lambdas/cutover/contract";
import { type GateEvent, readGateEvent } from "../../lambdas/cutover/gate/event";
import { known, type ReleaseSource } from "../../lambdas/cutover/ports";
import type { StoredDecision } from "../ports";

/**
 * The stack with the release gate, as CloudFormation treats it: it asks, waits for an hour, and goes
 * back to what it had when the answer is a failure or does not come.
 */
export interface Stack {
  /** The live color that the stack has. */
  live: Color;
  status: string;
  /** Epoch milliseconds of the last change of the status. */
  statusSince: number;
  /** What it waits for an answer to. */
  request: Request | undefined;
  requests: number;
  /** Answers that came in time, by what they said. */
  answers: { SUCCESS: number; FAILED: number };
}

interface Request {
  id: number;
  live: Color;
  sentAt: number;
  event: GateEvent;
  /** When the color's new tasks are all there. */
  steadyAt: number;
}

/** What the stack needs of the run around it. */
export interface Around {
  now(): number;
  random(): number;
  /** What was stored so far, oldest first. */
  stored: StoredDecision[];
  mistake(sentence: string): void;
  /** Invokes the function with the stack's request. */
  send(event: GateEvent): void;
}

const MINUTE = 60_000;
const TIMEOUT_MINUTES = 60;
/** Lambda tries an asynchronous event twice more. */
const RETRY_MINUTES = [1, 3];
/** A pass may have read the status so long before it stored what follows from it. */
const STALE_MILLISECONDS = 90_000;

const ENVIRONMENT = "campaign";
const STACK_ID = "arn:aws:cloudformation:us-east-1:111122223333:stack/gate/1";
const SERVICE = "arn:aws:ecs:us-east-1:111122223333:service/application/color";
const TASK = "arn:aws:ecs:us-east-1:111122223333:task-definition/color:1";

export function createStack(live: Color): Stack {
  const answers = { SUCCESS: 0, FAILED: 0 };
  const status = "CREATE_COMPLETE";
  return { live, status, statusSince: 0, request: undefined, requests: 0, answers };
}

/** A person changes `live` and deploys, or cancels the deployment that runs. */
export function deployOrCancel(stack: Stack, around: Around): void {
  if (stack.request === undefined) {
    setStatus(stack, "UPDATE_IN_PROGRESS", around);
    ask(stack, otherColor(stack.live), around);
  } else if (stack.status === "UPDATE_IN_PROGRESS") goBack(stack, around);
}

/** To be told of each second. */
export function passStackSecond(stack: Stack, around: Around): void {
  const { request } = stack;
  if (request === undefined) return;
  const age = around.now() - request.sentAt;
  if (RETRY_MINUTES.some((minutes) => age === minutes * MINUTE)) around.send(request.event);
  if (age >= TIMEOUT_MINUTES * MINUTE) conclude(stack, "FAILED", around);
}

/** Ports of the stack, without faults. */
export function stackPorts(stack: Stack, around: Around): ReleaseSource {
  return {
    readStatus: async () => known(stack.status),
    readService: async () => {
      const isSteady = around.now() >= (stack.request?.steadyAt ?? 0);
      return known({ taskArn: TASK, rollout: isSteady ? "COMPLETED" : "IN_PROGRESS" });
    },
    answer: async (_url, body) => {
      take(stack, JSON.parse(body) as { Status: string; RequestId: string }, around);
      return "answered";
    },
  };
}

/** An answer to anything but the request in flight is too late, and ignored. */
function take(
  stack: Stack,
  { Status, RequestId }: { Status: string; RequestId: string },
  around: Around,
): void {
  const { request } = stack;
  if (request === undefined || RequestId !== idOf(request.id)) return;
  const status = Status === "SUCCESS" ? "SUCCESS" : "FAILED";
  stack.answers[status]++;
  const isForward = stack.status === "UPDATE_IN_PROGRESS";
  const wasLive = around.stored.some(
    ({ record, state }) => record.at >= request.sentAt && state.live === request.live,
  );
  if (status === "SUCCESS" && isForward && !wasLive)
    around.mistake(`CloudFormation was told that ${request.live} is live, which it never was`);
  conclude(stack, status, around);
}

function conclude(stack: Stack, status: "SUCCESS" | "FAILED", around: Around): void {
  const { request } = stack;
  if (request === undefined) return;
  const isForward = stack.status === "UPDATE_IN_PROGRESS";
  stack.request = undefined;
  if (isForward && status === "FAILED") {
    goBack(stack, around);
    return;
  }
  if (isForward) stack.live = request.live;
  setStatus(stack, isForward ? "UPDATE_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE", around);
}

function goBack(stack: Stack, around: Around): void {
  setStatus(stack, "UPDATE_ROLLBACK_IN_PROGRESS", around);
  ask(stack, stack.live, around);
}

function setStatus(stack: Stack, status: string, around: Around): void {
  stack.status = status;
  stack.statusSince = around.now();
}

function ask(stack: Stack, live: Color, around: Around): void {
  const id = ++stack.requests;
  const event = readGateEvent(eventOf(id, live), ENVIRONMENT);
  if (event === undefined || event.mistakes.length > 0)
    throw new Error(`the stack's own request is malformed: ${event?.mistakes.join(" ")}`);
  const steadyAt = around.now() + Math.floor(around.random() * 3 * MINUTE);
  stack.request = { id, live, sentAt: around.now(), event, steadyAt };
  around.send(event);
}

function idOf(id: number): string {
  return `r-${id}`;
}

function eventOf(id: number, live: Color): object {
  return {
    RequestType: "Update",
    ResponseURL: `https://answers.example/${idOf(id)}`,
    StackId: STACK_ID,
    RequestId: idOf(id),
    ResourceType: "Custom::PaymentsReleaseGate",
    LogicalResourceId: "ReleaseGate",
    PhysicalResourceId: `payments-release-gate-${ENVIRONMENT}`,
    ResourceProperties: properties(live),
    OldResourceProperties: properties(otherColor(live)),
  };
}

function properties(live: Color): object {
  return {
    ServiceToken: "arn:aws:lambda:us-east-1:111122223333:function:cutover",
    Environment: ENVIRONMENT,
    Live: live,
    BlueImage: "registry.example/payments@sha256:1",
    GreenImage: "registry.example/payments@sha256:2",
    BlueServiceArn: SERVICE,
    GreenServiceArn: SERVICE,
    BlueTaskArn: TASK,
    GreenTaskArn: TASK,
    Mode: "attached",
  };
}

/** CloudFormation's way back, and a stack at rest, must move nothing. */
export function checkStart(stack: Stack, { record }: StoredDecision, around: Around): void {
  if (record.code !== "start" || record.who !== "cloudformation") return;
  const isNew = around.now() - stack.statusSince < STALE_MILLISECONDS;
  if (stack.status !== "UPDATE_IN_PROGRESS" && !isNew)
    around.mistake(`CloudFormation started a cutover while its stack was ${stack.status}`);
}
