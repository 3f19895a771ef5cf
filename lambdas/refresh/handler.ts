import type { InvocationContext } from "../common/ports";
import { awsPorts } from "./aws/ports";
import type { Consumer } from "./contract";
import { type PassReport, pass } from "./pass";
import type { Ports } from "./ports";
import { readVariables } from "./variables";

/** Between two looks at a task that stops or starts. */
const POLL_MILLISECONDS = 10_000;

/** Time kept back at the end of an invocation, so that a pass which has begun can end. */
const RESERVE_MILLISECONDS = 30_000;

/** Made once per cold start; the returned function serves each invocation. */
export function createHandler(environment: { [name: string]: string | undefined }) {
  const wiring = readVariables(environment);
  const ports = awsPorts(wiring);
  return async (_event: unknown, context: InvocationContext): Promise<PassReport> =>
    serve(ports, wiring.consumers, context);
}

/**
 * Passes until no task of ours is on its way or the invocation's time is nearly used up: replication
 * then stands still for a minute and not until the next event. Throws what a person must see to, at
 * the end, so that the function's alarm rises.
 */
export async function serve(
  ports: Ports,
  consumers: Consumer[],
  context: InvocationContext,
): Promise<PassReport> {
  const problems: string[] = [];
  for (;;) {
    const report = await pass(ports, consumers);
    console.log(JSON.stringify(report));
    for (const problem of report.problems) if (!problems.includes(problem)) problems.push(problem);
    const timeLeft = context.getRemainingTimeInMillis() - POLL_MILLISECONDS - RESERVE_MILLISECONDS;
    if (report.again && timeLeft > 0) await ports.clock.sleep(POLL_MILLISECONDS);
    else if (problems.length > 0) throw new Error(problems.join(" | "));
    else return report;
  }
}
