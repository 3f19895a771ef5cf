import { createHandler } from "../../lambdas/switchover/handler";

/** An execution environment of the controller's function: made once, then one event after the other. */

export interface Invocation {
  event: unknown;
  /** Milliseconds that the invocation may take. */
  milliseconds: number;
}

export type Result = { answer: unknown } | { error: string };

// Loaded by a clock of its own where one is set (`clock.cjs`).
const handler = createHandler(process.env);

process.on("message", async ({ event, milliseconds }: Invocation) => {
  const until = performance.now() + milliseconds;
  const context = { getRemainingTimeInMillis: () => until - performance.now() };
  const send = (result: Result) => process.send?.(result);
  try {
    send({ answer: await handler(event, context) });
  } catch (error) {
    send({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
});
