import type { OperatorRequest } from "../../lambdas/cutover/contract";
import type { TickReport } from "../../lambdas/cutover/tick";
import { DONE, FAILED } from "../terminal/complaint";
import type { OperatorVerb } from "./arguments";
import { invoke } from "./aws/invoke";
import { ANSWER_MILLISECONDS } from "./facts";
import { cutoverFunctionOf, type Stack } from "./stack";

/** What came of a request. */
export interface Outcome {
  /** Whether the controller did what was asked. */
  isGranted: boolean;
  /** What it said, and what follows, as sentences. */
  sentences: string[];
  report: TickReport;
}

/** Sends the request, once. Throws a complaint, which says so where it may have been carried out. */
export async function operate(stack: Stack, request: OperatorRequest): Promise<Outcome> {
  const asked = {
    functionName: cutoverFunctionOf(stack),
    title: "the controller",
    milliseconds: ANSWER_MILLISECONDS,
    lookUp: lookUp(stack),
  };
  const report = (await invoke(asked, request)) as TickReport;
  return outcomeOf(request.verb as OperatorVerb, report, stack);
}

export function lookUp({ choice }: Stack): string {
  return `npm run cutover -- status ${choice} tells.`;
}

/** Code of the decision by which the controller does what is asked. */
const GRANTED: { [verb in OperatorVerb]: string } = {
  start: "start",
  migrate: "migrate",
  pause: "pause",
  resume: "resume",
  approve: "approve",
  "skip-bake": "skip-bake",
  rollback: "roll-back",
  clear: "clear",
};

/** Reads the controller's answer. Pure. */
export function outcomeOf(verb: OperatorVerb, report: TickReport, stack: Stack): Outcome {
  const { code, reason, problems } = report;
  const isGranted = code === GRANTED[verb];
  if (isGranted) return { isGranted, report, sentences: [reason, ...inWords(problems)] };
  if (code === "refuse") return { isGranted, report, sentences: [reason] };
  if (code === "store-unknown")
    return {
      isGranted,
      report,
      sentences: [reason, `Whether it counts: ${lookUp(stack)}`],
    };
  if (code === "store-conflict")
    return { isGranted, report, sentences: [reason, "Ask once more."] };
  // Safety comes before what people want.
  return {
    isGranted,
    report,
    sentences: [`Not done: the controller had something else to do first. ${reason}`],
  };
}

/** It is on record all the same, and the next pass sees to it. */
function inWords(problems: string[]): string[] {
  if (problems.length === 0) return [];
  return [
    `It is on record, but ${problems.join("; ")}. The controller sees to it within a minute.`,
  ];
}

export function exitCodeOf({ isGranted }: Outcome): number {
  return isGranted ? DONE : FAILED;
}
