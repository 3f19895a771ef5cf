/**
 * Everything that the evaluation takes from inside the Pulumi SDK, beyond its documented API, with
 * the little of its types that is needed. An SDK upgrade that breaks the evaluation breaks it here.
 */
import * as pulumi from "@pulumi/pulumi";
import { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as protocol from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "./values";

export { protocol };

type Reply<T> = (error: Error | null, response?: T) => void;

/** A call from the program to the engine, answered in this process. */
export type Unary<Request, Response> = (request: Request, reply: Reply<Response>) => void;

/** Makes a monitor method of a plain function: what it throws becomes the call's error. */
export function unary<Request, Response>(
  handle: (request: Request) => Response,
): Unary<Request, Response> {
  return (request, reply) => {
    Promise.resolve(request)
      .then(handle)
      .then(
        (response) => reply(null, response),
        // gRPC errors carry their text twice, and the SDK reads now one, now the other.
        (error: Error) => reply(Object.assign(error, { details: error.message })),
      );
  };
}

export function toStruct(properties: Properties): Struct {
  // By way of JSON, because protobuf refuses `undefined`.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

export function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

interface Store {
  callbacks: unknown;
}

const state: {
  withLocalStorage<T>(run: () => T): T;
  getStore(): Store;
} = require("@pulumi/pulumi/runtime/state");

const settings: { waitForRPCs(): Promise<void> } = require("@pulumi/pulumi/runtime/settings");

const debuggable: {
  debuggablePromise<T>(promise: Promise<T>, context: unknown): Promise<T>;
} = require("@pulumi/pulumi/runtime/debuggable");

/**
 * The SDK takes a stack trace of each promise, to tell where one that is never settled was made. The
 * evaluation waits until all are settled, and a trace of each is a good part of its time.
 */
function withoutTraces(): void {
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

withoutTraces();

/** Runs `run` with a Pulumi runtime of its own: nothing leaks from one evaluation to another. */
export const withOwnRuntime = state.withLocalStorage;

/** Resolves when no registration or invoke is under way. */
export const untilQuiet = settings.waitForRPCs;

/**
 * Transforms reach the engine as callbacks, for which the SDK would start a gRPC server. Nobody
 * calls them here: the engine runs them on the children of remote components, which only a
 * provider makes.
 */
export function answerCallbacksLocally(): void {
  state.getStore().callbacks = {
    registerTransform: async () => new Callback(),
    registerStackTransform: () => unsupported("transforms of a whole stack"),
    registerStackInvokeTransform: () => unsupported("transforms of invokes"),
    registerResourceHook: () => unsupported("resource hooks"),
    awaitStackRegistrations: async () => {},
    shutdown: () => {},
  };
}

function unsupported(what: string): never {
  throw new Error(`An offline evaluation does not run ${what}.`);
}

/** Puts methods in the place of the mock monitor's own. */
export function replaceMonitorMethods(methods: {
  [name: string]: (request: never, reply: never) => void;
}): void {
  Object.assign(pulumi.runtime.getMonitor() as object, methods);
}
