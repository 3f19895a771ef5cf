import { setTimeout as pause } from "node:timers/promises";
import type { Color } from "../../lambdas/cutover/contract";
import { type Client, Client as HttpsClient } from "../app/client";
import { type Program, startProgram } from "../app/program";

/** One task of the reference application, in a process of its own. */
export interface Instance {
  color: Color;
  port: number;
  program: Program;
}

/** Starts a task, and waits until it is ready. Throws with what it says when it ends instead. */
export async function startInstance(
  color: Color,
  variables: { [name: string]: string },
): Promise<Instance> {
  const program = startProgram("main", {
    ...variables,
    NODE_OPTIONS: "-r ./test/drill/names.cjs",
    PAYMENTS_COLOR: color,
    PAYMENTS_PORT: "0",
  });
  const port = await portOf(program);
  const client = new HttpsClient(port);
  try {
    await untilReady(client, program);
  } finally {
    client.close();
  }
  return { color, port, program };
}

const START_MILLISECONDS = 60_000;

async function portOf(program: Program): Promise<number> {
  const until = performance.now() + START_MILLISECONDS;
  while (performance.now() < until) {
    const serving = program.lines.find((line) => line.includes('"serving"'));
    if (serving !== undefined) return JSON.parse(serving).port;
    if (program.process.exitCode !== null) break;
    await pause(20);
  }
  throw new Error(`the application did not start: ${program.errors()}`);
}

async function untilReady(client: Client, program: Program): Promise<void> {
  const until = performance.now() + START_MILLISECONDS;
  while (performance.now() < until) {
    const { status } = await client.get("/healthz/ready");
    if (status === 200) return;
    await pause(50);
  }
  throw new Error(`the application is not ready: ${program.lines.slice(-3).join("\n")}`);
}
