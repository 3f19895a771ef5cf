import { type Known, unknown } from "../../lambdas/common/ports";
import { type Decision, decide } from "../../lambdas/cutover/decide";
import { type Observation, observe } from "../../lambdas/cutover/observe";
import type { Ports } from "../../lambdas/cutover/ports";
import { type CutoverState, type DecisionRecord, initialState } from "../../lambdas/cutover/state";
import { dynamoStore } from "../../lambdas/switchover/aws/store";
import type { StoredSwitchover } from "../../lambdas/switchover/state";
import { Complaint } from "../terminal/complaint";
import { read, readBeside } from "./aws/calls";
import { type Deployed, readDeployed } from "./aws/deployed";
import { invoke } from "./aws/invoke";
import { readingPorts } from "./aws/reader";
import { newestRecords, type Trail, take } from "./aws/records";
import { cutoverFunctionOf, type Stack } from "./stack";

/** What is known of an environment, from outside its controller. */
export interface Facts {
  stack: Stack;
  /** Epoch milliseconds. */
  now: number;
  deployed: Known<Deployed>;
  state: CutoverState;
  /** What the controller would see now. Absent where nobody knows where to look. */
  seen?: Observation;
  /** What it would decide by that, by the code that is here. */
  foreseen?: Decision;
  /** Undefined: nothing is on record yet. */
  last: Known<DecisionRecord | undefined>;
  /** Undefined: no switchover was ever asked for. */
  writer: Known<StoredSwitchover | undefined>;
}

/** How long the controller may take for `status`, cold start included; in milliseconds. */
export const ANSWER_MILLISECONDS = 20_000;

/** Looks at everything at once. Throws a complaint where there is nothing to see. */
export async function readFacts(stack: Stack): Promise<Facts> {
  const functionName = cutoverFunctionOf(stack);
  const deployed = await readFunction(functionName);
  if (!deployed.known) {
    const nobody = unknown<never>(deployed.reason);
    const state = await askForState(functionName, deployed.reason);
    return { stack, now: Date.now(), deployed, state, last: nobody, writer: nobody };
  }
  const { wiring } = deployed.value;
  const trail = { table: wiring.stateTable, environment: wiring.environment };
  const ports = readingPorts(wiring);
  const [state, last, writer] = await Promise.all([
    readState(ports, deployed.value, functionName),
    readLast(trail),
    readWriter(trail),
  ]);
  const seen = await observe(ports, state, undefined);
  const foreseen = decide(state, seen, wiring.plan);
  return { stack, now: seen.now, deployed, state, seen, foreseen, last, writer };
}

/** Throws a complaint where there is no such function. */
export function readFunction(functionName: string): Promise<Known<Deployed>> {
  const subject = `function ${functionName}`;
  return read(
    { permission: "lambda:GetFunctionConfiguration", subject },
    () => readDeployed(functionName),
    ["credentials", "missing", "unreachable", "throttled", "unanswered"],
  );
}

async function readState(
  ports: Ports,
  { wiring }: Deployed,
  functionName: string,
): Promise<CutoverState> {
  const call = { permission: "dynamodb:GetItem", subject: `table ${wiring.stateTable}` };
  const state = await readBeside(call, () => ports.state.load());
  if (state.known) return state.value ?? initialState(wiring.initialLive);
  return askForState(functionName, state.reason);
}

/** The state from the controller itself, for whoever may ask it and not look around. */
async function askForState(functionName: string, because: string): Promise<CutoverState> {
  const asked = { functionName, title: "the controller", milliseconds: ANSWER_MILLISECONDS };
  try {
    return (await invoke(asked, { verb: "status" })) as CutoverState;
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    throw new Complaint(
      `Where the cutover stands cannot be told: ${because}; and asked for it: ${error.message}`,
    );
  }
}

async function readLast(trail: Trail): Promise<Known<DecisionRecord | undefined>> {
  const call = { permission: "dynamodb:Query", subject: `table ${trail.table}` };
  return readBeside(call, async () => (await take(newestRecords(trail, "decision", 1), 1))[0]);
}

export function readWriter({
  table,
  environment,
}: Trail): Promise<Known<StoredSwitchover | undefined>> {
  const call = { permission: "dynamodb:GetItem", subject: `table ${table}` };
  return readBeside(call, () => dynamoStore(table, environment).load());
}
