import { type AddressInfo, createServer, type Socket } from "node:net";
import { awsPorts } from "../../lambdas/cutover/aws/ports";
import { type Observation, observe } from "../../lambdas/cutover/observe";
import { initialState } from "../../lambdas/cutover/state";
import { readVariables } from "../../lambdas/cutover/variables";
import { shifting } from "../support/facts";
import { awsEnvironment, setVariables } from "../support/moto";
import { variablesOf } from "./environment";
import { PLAN } from "./rehearsal";
import { NO_MESSAGES, NO_SERVICE } from "./resources";

/** What came of calls to an AWS that takes connections and never answers. */
export interface Silence {
  seen: Observation;
  written: string;
  saved: string;
  /** The errors of what has no other answer. */
  loaded: unknown;
  notified: unknown;
  milliseconds: number;
}

/** Targets and alarms of both colors, counts of both sources, weights; new weights, state, saving and notifying. */
const CALLS = 11;

let begun: Promise<{ outcome: Promise<Silence> }> | undefined;

/**
 * Makes every call of the adapters, with their real limits of time, to a service that never
 * answers; once in this process. Resolves when all have connected: the outcome takes seconds, in
 * which other tests can run.
 */
export function beginSilence(): Promise<{ outcome: Promise<Silence> }> {
  begun ??= callSilentAws();
  return begun;
}

async function callSilentAws(): Promise<{ outcome: Promise<Silence> }> {
  const sockets: Socket[] = [];
  let connected = () => {};
  const allConnected = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const server = createServer((socket) => {
    if (sockets.push(socket) === CALLS) connected();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const restore = setVariables(awsEnvironment(`http://127.0.0.1:${port}`));
  const outcome = callAll().finally(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // Whoever waits for the outcome is told of a failure; until then it is no unhandled one.
  outcome.catch(() => undefined);
  await Promise.race([allConnected, outcome]).finally(restore);
  return { outcome };
}

async function callAll(): Promise<Silence> {
  const around = { ...NO_SERVICE, topicArn: NO_MESSAGES.topicArn };
  const ports = awsPorts(readVariables(variablesOf(around, PLAN, 1, "blue")));
  const state = initialState("blue");
  const record = { at: 1, code: "-", reason: "-", who: "-", weights: state.weights };
  const began = Date.now();
  const [seen, written, saved, loaded, notified] = await Promise.all([
    observe(ports, shifting({ bakingMinutesAgo: 1 }), undefined),
    ports.router.writeWeights({ blue: 90, green: 10 }),
    ports.state.save({ ...state, version: 1 }, 0, record),
    errorOf(ports.state.load()),
    errorOf(ports.notifier.notify("subject", "message")),
  ]);
  return { seen, written, saved, loaded, notified, milliseconds: Date.now() - began };
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error) => error,
  );
}
