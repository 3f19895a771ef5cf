import { RunError } from "@pulumi/pulumi";
import { UsageError } from "../../evaluate/project";
import type { Answer, Order } from "./otherRevision";
import { takeSnapshot } from "./snapshot";

/**
 * The process that evaluates the other revision: its program runs as it was, on this checkout's packages, and
 * is looked at by this checkout's evaluation and policies. Waits for one order, answers, and ends.
 */
process.once("message", (order: Order) => {
  shareCompiled(order.directory, order.checkout);
  takeSnapshot(order)
    .then((snapshot): Answer => ({ snapshot }))
    .catch((error: unknown): Answer => ({ failure: describe(error) }))
    .then((answer) => {
      process.send?.(answer, () => process.disconnect());
    });
});

// Whoever asked is gone: nobody wants the answer.
process.once("disconnect", () => process.exit());

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack = "" } = error;
  if (error instanceof UsageError || RunError.isInstance(error)) return message;
  return message + (/\n +at .*/.exec(stack)?.[0] ?? "");
}

interface Compiler {
  compile(source: string, file: string, ...rest: unknown[]): string;
}

/**
 * Most files are the same in both revisions, and compiled already. What is compiled is kept by a file's place,
 * so the export's files are compiled as if they lay in the checkout; nothing is kept for the export's own
 * place, which no other run will have.
 */
function shareCompiled(directory: string, checkout: string): void {
  const instance = Symbol.for("ts-node.register.instance");
  const compiler = (process as unknown as { [key: symbol]: Compiler | undefined })[instance];
  if (compiler === undefined) return;
  const compile = compiler.compile;
  compiler.compile = (source, file, ...rest) =>
    compile(
      source,
      file.startsWith(directory) ? checkout + file.slice(directory.length) : file,
      ...rest,
    );
}
