import { type ChildProcess, spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { JsonService, ServiceError } from "./jsonService";
import type { Result } from "./sandbox";

const ROOT = join(__dirname, "..", "..");
const COMPILE = [
  "./test/drill/clock.cjs",
  "./tools/node/compile-cache.cjs",
  "ts-node/register/transpile-only",
];
/** A function, and how it is run. */
export interface FunctionOptions {
  /** Program of its processes, such as `switchoverSandbox`. */
  program: string;
  /** Longest time of an invocation, in seconds. */
  timeoutSeconds: number;
  /** Environment variables of the process with this name. */
  variablesOf(sandbox: string): { [name: string]: string };
}

/** A process that serves one event at a time, as Lambda runs functions. */
interface Sandbox {
  name: string;
  process: ChildProcess;
  /** Whether it was started for somebody with another clock. */
  clockMilliseconds: number;
  event: unknown;
}

/** An invocation that is over, or was cut off. */
export interface Ended {
  sandbox: string;
  result: Result;
}

/**
 * AWS Lambda for one function: keeps processes for the next event, runs as many at once as there are
 * events, and takes asynchronous invocations in the API's wire protocol.
 */
export class Functions extends JsonService {
  /** Milliseconds by which the clocks of new invocations are wrong, by event. @default not at all */
  clockOf: (event: unknown) => number = () => 0;
  /** Functions besides this one that can be invoked here, by name. */
  readonly others = new Map<string, Functions>();
  /** All lines that the function has logged. */
  readonly lines: string[] = [];
  private readonly idle: Sandbox[] = [];
  private readonly busy = new Map<string, Sandbox>();
  private count = 0;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: FunctionOptions) {
    super();
  }

  get running(): number {
    return this.busy.size;
  }

  /** Invokes it for the schedule; in AWS that is once a minute. */
  schedule(everyMilliseconds: number): void {
    this.timer = setInterval(() => {
      void this.invoke({ source: "aws.events", "detail-type": "Scheduled Event" });
    }, everyMilliseconds);
  }

  pauseSchedule(): void {
    clearInterval(this.timer);
  }

  /** Never rejects: an invocation that failed, or was cut off, has an error. */
  async invoke(event: unknown): Promise<Ended> {
    const sandbox = this.sandboxFor(event);
    sandbox.event = event;
    this.busy.set(sandbox.name, sandbox);
    const result = await this.run(sandbox);
    this.busy.delete(sandbox.name);
    if (sandbox.process.connected && !this.isClosed) this.idle.push(sandbox);
    return { sandbox: sandbox.name, result };
  }

  /** As when its machine fails. False when it runs no more. */
  kill(sandbox: string): boolean {
    return this.busy.get(sandbox)?.process.kill("SIGKILL") ?? false;
  }

  /** All that run now; how many those were. */
  killAll(): number {
    return [...this.busy.keys()].filter((name) => this.kill(name)).length;
  }

  override close(): void {
    super.close();
    this.isClosed = true;
    this.pauseSchedule();
    for (const { process } of [...this.idle, ...this.busy.values()]) process.kill("SIGKILL");
  }

  /** Lambda's Invoke; only asynchronous, which is what the function asks for. */
  protected async answer(incoming: IncomingMessage, body: unknown): Promise<object> {
    const { url = "", headers } = incoming;
    if (!url.includes(`/functions/`) || headers["x-amz-invocation-type"] !== "Event")
      throw new ServiceError("InvalidRequestContentException", `${url} is not served`);
    const name = /\/functions\/([^/]+)\//.exec(url)?.[1] ?? "";
    void (this.others.get(name) ?? this).invoke(body);
    return {};
  }

  protected override get successStatus(): number {
    return 202;
  }

  private sandboxFor(event: unknown): Sandbox {
    const clockMilliseconds = this.clockOf(event);
    const fits = (one: Sandbox) =>
      one.process.connected && one.clockMilliseconds === clockMilliseconds;
    const index = this.idle.findIndex(fits);
    const [kept] = index < 0 ? [] : this.idle.splice(index, 1);
    return kept ?? this.startSandbox(clockMilliseconds);
  }

  private startSandbox(clockMilliseconds: number): Sandbox {
    const name = `sandbox-${++this.count}`;
    const { PATH = "", NODE_PATH = "" } = process.env;
    const compile = COMPILE.flatMap((module) => ["-r", module]);
    const DRILL_CLOCK_MILLISECONDS = String(clockMilliseconds);
    const { program, variablesOf } = this.options;
    const child = spawn(process.execPath, [...compile, join("test", "drill", `${program}.ts`)], {
      cwd: ROOT,
      env: { PATH, NODE_PATH, DRILL_CLOCK_MILLISECONDS, ...variablesOf(name) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("close", () => process.off("exit", kill));
    for (const pipe of [child.stdout, child.stderr])
      pipe?.setEncoding("utf8").on("data", (chunk: string) => {
        this.lines.push(...chunk.split("\n").filter((line) => line !== ""));
      });
    return { name, process: child, clockMilliseconds, event: undefined };
  }

  private run({ process: child, event }: Sandbox): Promise<Result> {
    const milliseconds = this.options.timeoutSeconds * 1000;
    return new Promise((resolve) => {
      const end = (result: Result) => {
        clearTimeout(timer);
        child.off("message", end);
        child.off("exit", cutOff);
        resolve(result);
      };
      const cutOff = () => end({ error: "the process was killed" });
      const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
      child.on("message", end);
      child.once("exit", cutOff);
      child.send({ event, milliseconds }, (error) => error && cutOff());
    });
  }
}
