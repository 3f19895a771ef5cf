import type { Known } from "../../lambdas/common/ports";
import { type Color, otherColor } from "../../lambdas/cutover/contract";
import { TIMEOUT_SECONDS } from "../../lambdas/switchover/contract";
import type { Preflight } from "../../lambdas/switchover/handle";
import type { Answer } from "../../lambdas/switchover/serve";
import { type StoredSwitchover, writerIn } from "../../lambdas/switchover/state";
import { Complaint, WRONG_USAGE } from "../terminal/complaint";
import { type Asked, invoke } from "./aws/invoke";
import { readFunction, readWriter } from "./facts";
import type { Stack } from "./stack";
import { trailOf } from "./trail";

/** Questions to the databases take a while, and the RDS Data API may have to wake a cluster. */
const LOOK_MILLISECONDS = 60_000;
/** A switchover's own time, and what Lambda and the network add to it. */
const MOVE_MILLISECONDS = (TIMEOUT_SECONDS + 20) * 1000;

/** The function that moves the database writer. Throws a complaint for a stack that names none. */
export async function switchoverFunctionOf(stack: Stack): Promise<string> {
  const { switchoverFunctionName, cutoverFunctionName, name } = stack;
  if (switchoverFunctionName !== undefined) return switchoverFunctionName;
  const deployed =
    cutoverFunctionName === undefined ? undefined : await readFunction(cutoverFunctionName);
  const arn = deployed?.known ? deployed.value.wiring.switchoverFunctionArn : "";
  if (arn !== "") return arn;
  const why = deployed?.known === false ? ` (${deployed.reason})` : "";
  throw new Complaint(
    `Stack ${name} names no switchover function${why}: name the stack that owns the data layer, such as prod-base.`,
    WRONG_USAGE,
  );
}

function asked(functionName: string, milliseconds: number): Asked {
  return { functionName, title: "the switchover function", milliseconds };
}

/** Where the writer is; from the table where it can be read, else from the function itself. */
export async function readStanding(stack: Stack): Promise<StoredSwitchover> {
  const stored = await readStored(stack);
  if (stored.known && stored.value !== undefined) return stored.value;
  const functionName = await switchoverFunctionOf(stack);
  const answer = await invoke(asked(functionName, LOOK_MILLISECONDS), { verb: "status" });
  return answer as StoredSwitchover;
}

async function readStored(stack: Stack): Promise<Known<StoredSwitchover | undefined>> {
  try {
    return await readWriter(await trailOf(stack));
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return { known: false, reason: error.message };
  }
}

/** All that stands against a switchover now. */
export async function askPreflight(stack: Stack): Promise<string[]> {
  const functionName = await switchoverFunctionOf(stack);
  const answer = await invoke(asked(functionName, LOOK_MILLISECONDS), { verb: "preflight" });
  return (answer as Preflight).obstacles;
}

export interface SwitchoverRequest {
  verb: "start" | "abort";
  who: string;
  why: string;
  to?: Color;
}

/** What came of a request. */
export interface SwitchoverOutcome {
  isGranted: boolean;
  sentences: string[];
  report: Answer;
}

/** Sends the request, once, and waits until payments wait no longer. */
export async function askSwitchover(
  functionName: string,
  request: SwitchoverRequest,
  { choice }: Stack,
): Promise<SwitchoverOutcome> {
  const lookUp = `npm run cutover -- switchover status ${choice} tells.`;
  const report = await invoke({ ...asked(functionName, MOVE_MILLISECONDS), lookUp }, request);
  return switchoverOutcome(request, report as Answer, lookUp);
}

/** Reads the function's answer. Pure. */
export function switchoverOutcome(
  { verb, to }: SwitchoverRequest,
  report: Answer,
  lookUp: string,
): SwitchoverOutcome {
  const { code, phase, writer, story, problems } = report;
  const sentences = [
    ...(story.length > 0 ? story : [report.reason]),
    ...(problems.length > 0 ? [`But ${problems.join("; ")}.`] : []),
  ];
  const isAtRest = phase === "prepared" || phase === "steady";
  if (code === "refuse") return { isGranted: false, sentences, report };
  if (!isAtRest && phase !== "reversing")
    return {
      isGranted: false,
      report,
      sentences: [...sentences, `It is ${phase} still: ${lookUp}`],
    };
  const isMoved =
    phase === "reversing" || (phase === "steady" && (to === undefined || writer === to));
  const isGranted = verb === "start" ? isMoved && (to === undefined || writer === to) : isAtRest;
  if (isGranted) return { isGranted, sentences, report };
  const not = verb === "start" ? "The writer was not moved." : "Nothing was given back.";
  return { isGranted, sentences: [...sentences, not], report };
}

/** What a request does to payments, as a sentence that names the environment. Pure. */
export function switchoverEffect(
  { verb, to }: Pick<SwitchoverRequest, "verb" | "to">,
  { phase }: StoredSwitchover,
  environment: string,
): string {
  const isAtRest = phase.name === "prepared" || phase.name === "steady";
  const writer = writerIn(phase);
  const target = to ?? otherColor(writer);
  if (verb === "abort")
    return isAtRest
      ? `In ${environment} no switchover runs: the function will refuse.`
      : `This gives all writes of ${environment} back to the old writer, unless the new one has been opened (it is ${phase.name}).`;
  if (!isAtRest)
    return `In ${environment} a switchover is ${phase.name}: the function will refuse.`;
  if (writer === target)
    return `In ${environment} ${writer} takes all writes already: the function will refuse.`;
  return `This moves the database writer of ${environment} from ${writer} to ${target}: all live payments wait meanwhile, for seconds as a rule and for 60 s at most.`;
}
