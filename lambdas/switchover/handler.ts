import type { InvocationContext } from "../common/ports";
import { awsPorts } from "./aws/ports";
import { type Handled, handle } from "./handle";
import { readVariables } from "./variables";

/** Made once per cold start; the returned function serves each invocation. */
export function createHandler(environment: { [name: string]: string | undefined }) {
  const wiring = readVariables(environment);
  const ports = awsPorts(wiring);
  return (event: unknown, context: InvocationContext): Promise<Handled> =>
    handle(ports, wiring, event, context, write);
}

/** Straight to the log: the console would wrap the line, and CloudWatch would find no metrics in it. */
function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
