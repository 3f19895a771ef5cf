/** What Lambda gives a function beside the event. */
interface Context {
  getRemainingTimeInMillis(): number;
}

export interface Invocation {
  event: unknown;
  /** Milliseconds that the invocation may take. */
  milliseconds: number;
}

export type Result = { answer: unknown } | { error: string };

/** Makes this process an execution environment of a function: one event after the other. */
export function serveEvents(handler: (event: unknown, context: Context) => Promise<unknown>): void {
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
}
