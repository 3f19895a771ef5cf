import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Color, Weights } from "../../lambdas/cutover/contract";
import type { Service } from "../emulator/resources";
import type { Target } from "./front";
import type { Failure, Sent } from "./load";

const ROOT = join(__dirname, "..", "..");
const COMPILE = ["./tools/node/compile-cache.cjs", "ts-node/register/transpile-only"];

/** What the process of the traffic is told. */
export type Order =
  | { kind: "open"; awsUrl: string; service: Service; seed: number }
  | { kind: "targets"; targets: Target[] }
  | { kind: "begin"; paymentsPerHour: number }
  | { kind: "end" };

/** An order, with a number that its answer bears. */
export type Numbered = Order & { number: number };

/** What it tells: all that is new since the last time, in order. */
export interface News {
  /** Payments that have arrived. */
  sent: Sent[];
  /** Payments that have been acknowledged, by their place among those sent. */
  acknowledged: { place: number; id: string; acknowledgedAt: number; tries: number }[];
  failures: Failure[];
  /** Requests since the beginning, by the color that they went to. */
  requests: Weights;
  /** Number of an order that was carried out. */
  done?: number;
}

/**
 * Merchants, and the front that they pay through, in a process of their own: when payments wait, their
 * connections cost so much that the services which the controller needs would wait as well.
 */
export class Traffic {
  readonly sent: Sent[] = [];
  readonly failures: Failure[] = [];
  requests: { [color in Color]: number } = { blue: 0, green: 0 };
  private readonly acknowledgedSent: Sent[] = [];
  private readonly waiting = new Map<number, { done(): void; fail(error: Error): void }>();
  private orders = 0;
  private failure: Error | undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on("message", (news: News) => this.note(news));
    child.once("exit", () => {
      this.failure = new Error("the process of the traffic has ended");
      for (const { fail } of this.waiting.values()) fail(this.failure);
    });
  }

  static async start(awsUrl: string, service: Service, seed: number): Promise<Traffic> {
    const compile = COMPILE.flatMap((module) => ["-r", module]);
    const program = join("test", "drill", "trafficProcess.ts");
    const child = spawn(process.execPath, [...compile, program], {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    const traffic = new Traffic(child);
    await traffic.order({ kind: "open", awsUrl, service, seed });
    return traffic;
  }

  /** In the order in which they were acknowledged. */
  get acknowledged(): readonly Sent[] {
    return this.acknowledgedSent;
  }

  /** Tasks that get payments from now on. */
  setTargets(targets: Target[]): Promise<void> {
    const plain = targets.map(({ color, port }) => ({ color, port }));
    return this.order({ kind: "targets", targets: plain });
  }

  /** Payments begin to arrive. */
  begin(paymentsPerHour: number): Promise<void> {
    return this.order({ kind: "begin", paymentsPerHour });
  }

  /** No new ones arrive; resolves when all have been made, and are known here. */
  end(): Promise<void> {
    return this.order({ kind: "end" });
  }

  close(): void {
    this.child.removeAllListeners("exit");
    this.child.kill("SIGKILL");
  }

  /** Rejects when the process ends instead: its ledger would be lost with it. */
  private order(order: Order): Promise<void> {
    return new Promise((done, fail) => {
      if (this.failure !== undefined) return fail(this.failure);
      const numbered: Numbered = { ...order, number: ++this.orders };
      this.waiting.set(numbered.number, { done, fail });
      this.child.send(numbered);
    });
  }

  private note({ sent, acknowledged, failures, requests, done }: News): void {
    this.sent.push(...sent);
    this.failures.push(...failures);
    this.requests = requests;
    for (const { place, ...told } of acknowledged) {
      const found = this.sent[place];
      if (found === undefined) throw new Error(`payment ${place} was acknowledged and never sent`);
      this.acknowledgedSent.push(Object.assign(found, told));
    }
    if (done === undefined) return;
    this.waiting.get(done)?.done();
    this.waiting.delete(done);
  }
}
