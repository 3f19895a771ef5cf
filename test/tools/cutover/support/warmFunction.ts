import { type ChildProcess, spawn } from "node:child_process";
import type { Deployment } from "../../../support/lambda";

/** What Lambda's runtime does, for one event after the other: the handler is loaded once. */
const RUNTIME = `
const { handler } = require(process.env.LAMBDA_TASK_ROOT + "/__index.js");
process.on("message", async ({ id, event, milliseconds }) => {
  const end = Date.now() + milliseconds;
  const context = { getRemainingTimeInMillis: () => end - Date.now() };
  try {
    process.send({ id, payload: (await handler(event, context)) ?? null });
  } catch (error) {
    process.send({ id, payload: { errorType: error.name, errorMessage: error.message }, failed: true });
  }
});
process.once("disconnect", () => process.exit());
process.send({ id: 0 });
`;

/** What an invocation came to. */
export interface Invoked {
  payload: unknown;
  /** Whether the handler threw. */
  failed?: true;
}

/** A deployed function in a process that stays, as Lambda keeps one for the next event. */
export class WarmFunction {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (invoked: Invoked) => void>();
  private count = 0;
  private readonly loaded: Promise<unknown>;
  private trouble = "";

  constructor(deployment: Deployment, variables: { [name: string]: string }) {
    this.child = spawn(process.execPath, ["-e", RUNTIME], {
      cwd: deployment.folder,
      env: {
        ...variables,
        NODE_PATH: deployment.modulePath,
        LAMBDA_TASK_ROOT: deployment.folder,
      },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.loaded = new Promise((resolve) => this.waiting.set(0, resolve));
    this.child.stderr?.on("data", (chunk) => {
      this.trouble += chunk;
    });
    this.child.on("message", ({ id, ...invoked }: Invoked & { id: number }) => {
      this.waiting.get(id)?.(invoked);
      this.waiting.delete(id);
    });
    this.child.once("exit", () => {
      const payload = { errorType: "Runtime.ExitError", errorMessage: this.trouble || "it ended" };
      for (const end of this.waiting.values()) end({ payload, failed: true });
    });
  }

  async invoke(event: unknown, milliseconds: number): Promise<Invoked> {
    await this.loaded;
    const id = ++this.count;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.send({ id, event, milliseconds });
    });
  }

  /** How many invocations run now. */
  get running(): number {
    return this.waiting.size;
  }

  close(): void {
    this.child.kill("SIGKILL");
  }
}
