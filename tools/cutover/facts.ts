import { type Known, unknown } from "../../lambdas/common/ports";
import { type Decision, decide } from "../../lambdas/cutover/decide";
import { type Observation, observe } from "../../lambdas/cutover/observe";
import type { Ports } from "../../lambdas/cutover/ports";
import { type CutoverState, type DecisionRecord, initialState } from "../../lambdas/cutover/state";
import type { Wiring } from "../../lambdas/cutover/variables";
import { dynamoStore } from "../../lambdas/switchover/aws/store";
import type { SwitchoverStore } from "../../lambdas/switchover/ports";
import type { StoredSwitchover } from "../../lambdas/switchover/state";
import { Complaint } from "../terminal/complaint";
import { FATAL, read, readBeside } from "./aws/calls";
import { type Deployed, deployedReader } from "./aws/deployed";
import { invoke } from "./aws/invoke";
import { readingPorts } from "./aws/reader";
import { type RecordsReader, recordsReader, type Trail, take } from "./aws/records";
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

/**
 * How long the controller may take for an answer, in milliseconds: a cold start, and a pass in which every
 * call has to be tried twice.
 */
export const ANSWER_MILLISECONDS = 30_000;

/** Looks at everything at once. Throws a complaint where there is nothing to see. */
export function readFacts(stack: Stack): Promise<Facts> {
  return factsReader(stack)();
}

/** The same as often as it is called, over the same connections. */
export function factsReader(stack: Stack): () => Promise<Facts> {
  const functionName = cutoverFunctionOf(stack);
  const readIt = deployedReader(functionName);
  let window: Window | undefined;
  return async () => {
    const deployed = await readFunction(functionName, readIt);
    if (!deployed.known) return withoutWindow(stack, deployed, functionName);
    const { wiring } = deployed.value;
    const key = JSON.stringify(wiring);
    if (window?.key !== key) window = openWindow(wiring, key);
    const { ports, newest, switchover } = window;
    const [state, last, writer] = await Promise.all([
      readState(ports, deployed.value, functionName),
      readLast(newest, wiring.stateTable),
      readWriterFrom(switchover, wiring.stateTable),
    ]);
    const seen = await observe(ports, state, undefined);
    const foreseen = decide(state, seen, wiring.plan);
    return { stack, now: seen.now, deployed, state, seen, foreseen, last, writer };
  };
}

/** What the controller's surroundings are seen through, as long as they are the same. */
interface Window {
  key: string;
  ports: Ports;
  newest: RecordsReader;
  switchover: SwitchoverStore;
}

function openWindow(wiring: Wiring, key: string): Window {
  const { stateTable: table, environment } = wiring;
  const newest = recordsReader({ table, environment });
  return { key, newest, ports: readingPorts(wiring), switchover: dynamoStore(table, environment) };
}

async function withoutWindow(
  stack: Stack,
  deployed: Known<Deployed> & { known: false },
  functionName: string,
): Promise<Facts> {
  const nobody = unknown<never>(deployed.reason);
  const state = await askForState(functionName, deployed.reason);
  return { stack, now: Date.now(), deployed, state, last: nobody, writer: nobody };
}

/** Throws a complaint where there is no such function. */
export function readFunction(
  functionName: string,
  readIt = deployedReader(functionName),
): Promise<Known<Deployed>> {
  const subject = `function ${functionName}`;
  return read({ permission: "lambda:GetFunctionConfiguration", subject }, readIt, [
    ...FATAL,
    "missing",
  ]);
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

async function readLast(
  newest: RecordsReader,
  table: string,
): Promise<Known<DecisionRecord | undefined>> {
  const call = { permission: "dynamodb:Query", subject: `table ${table}` };
  return readBeside(call, async () => (await take(newest("decision", 1), 1))[0]);
}

export function readWriter({ table, environment }: Trail): Promise<Facts["writer"]> {
  return readWriterFrom(dynamoStore(table, environment), table);
}

function readWriterFrom(store: SwitchoverStore, table: string): Promise<Facts["writer"]> {
  const call = { permission: "dynamodb:GetItem", subject: `table ${table}` };
  return readBeside(call, () => store.load());
}
