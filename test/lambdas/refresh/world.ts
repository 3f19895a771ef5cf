import type { Consumer } from "../../../lambdas/refresh/contract";
import {
  type Known,
  known,
  type Outcome,
  type Ports,
  unknown,
} from "../../../lambdas/refresh/ports";
import { MINUTE, NOW } from "../../support/facts";
import { BEFORE } from "./facts";

/** How long things take. */
const ROLLOUT = 3 * MINUTE;
const STOPPING = 25_000;
const STARTING = 40_000;

/** How a write goes wrong. */
export type Fault =
  /** It is refused, and nothing was done. */
  | "fails"
  /** No answer, and nothing was done. */
  | "lost"
  /** No answer, though it was done. */
  | "unanswered"
  /** The process dies after it was done. */
  | "dies";

interface FakeService {
  startedAt: number;
  steadyAt: number;
}

interface FakeTask {
  status: string;
  /** When a status that ends with "ing", but for running, gives way to the next. */
  until: number;
  startedAt: number;
  markedAt: number | undefined;
  loading: boolean;
  /** Whether its last start is bound to fail. */
  broken: boolean;
}

/** The consumers in memory. What is done to them is written down, and what is forbidden is too. */
export class FakeWorld {
  now = NOW;
  phase: Known<string> = known("idle");
  readonly rotatedAt: { [secretArn: string]: number | undefined } = {};
  readonly services: { [arn: string]: FakeService } = {};
  readonly tasks: { [arn: string]: FakeTask } = {};
  readonly messages: string[] = [];
  /** Every effect, such as `stop FORWARD`. */
  readonly log: string[] = [];
  /** Effects that must never be. */
  readonly violations: string[] = [];
  /** Faults of the next writes, first come first served; undefined lets one pass. */
  readonly faults: (Fault | undefined)[] = [];
  /** Reads that fail, by their name. */
  readonly unreadable: { [read: string]: boolean } = {};
  notifierFails = false;
  /** Whether the process that uses `ports` lives: a dead one has no more effects. */
  alive = true;
  /** Called at each call, before it has its effect. */
  beforeCall: () => Promise<void> = async () => {};
  private phaseAsRead: Known<string> = unknown("not read");

  constructor(readonly consumers: Consumer[]) {
    for (const consumer of consumers) {
      for (const secretArn of consumer.secretArns) this.rotatedAt[secretArn] = undefined;
      if (consumer.kind === "service")
        this.services[consumer.serviceArn] = { startedAt: BEFORE, steadyAt: BEFORE };
      else
        this.tasks[consumer.taskArn] = {
          status: "running",
          until: 0,
          startedAt: BEFORE,
          markedAt: undefined,
          loading: false,
          broken: false,
        };
    }
  }

  readonly ports: Ports = {
    cutover: { readPhase: () => this.readPhase() },
    secrets: { readRotatedAt: (arn) => this.read("secrets", () => this.rotatedAt[arn]) },
    services: {
      read: ({ serviceArn }) => this.read("services", () => this.serviceFacts(serviceArn)),
      restart: (_clusterArn, arn) => this.write(`restart ${last(arn)}`, () => this.restart(arn)),
    },
    tasks: {
      read: (arn) => this.read("tasks", () => this.taskFacts(arn)),
      mark: (arn, at) => this.write(`mark ${last(arn)}`, () => this.setMark(arn, at)),
      unmark: (arn) => this.write(`unmark ${last(arn)}`, () => this.setMark(arn, undefined)),
      stop: (arn) => this.write(`stop ${last(arn)}`, () => this.stopByRefresh(arn)),
      resume: (arn) => this.write(`resume ${last(arn)}`, () => this.resumeByRefresh(arn)),
    },
    notifier: { notify: (_subject, message) => this.notify(message) },
    clock: {
      now: () => this.now,
      sleep: async (milliseconds) => {
        if (!this.alive) throw new Error("the process is dead");
        this.pass(milliseconds);
      },
    },
  };

  pass(milliseconds: number): void {
    this.now += milliseconds;
  }

  /** The log since it was last taken. */
  takeLog(): string[] {
    return this.log.splice(0);
  }

  task(arn: string): FakeTask {
    const task = this.tasks[arn];
    if (task === undefined) throw new Error(`no task ${arn}`);
    if (this.now >= task.until) {
      if (task.status === "stopping") task.status = "stopped";
      if (task.status === "starting") task.status = task.broken ? "failed" : "running";
    }
    return task;
  }

  /** What a person or the cutover controller does. */
  stopTask(arn: string): void {
    Object.assign(this.task(arn), { status: "stopping", until: this.now + STOPPING });
  }

  startTask(arn: string): void {
    const until = this.now + STARTING;
    Object.assign(this.task(arn), { status: "starting", until, startedAt: this.now });
  }

  deploy(arn: string): void {
    this.services[arn] = { startedAt: this.now, steadyAt: this.now + ROLLOUT };
  }

  private async readPhase(): Promise<Known<string>> {
    const phase = await this.read("phase", () => this.phase);
    this.phaseAsRead = phase.known ? phase.value : unknown("unread");
    return this.phaseAsRead;
  }

  private async read<T>(what: string, value: () => T): Promise<Known<T>> {
    await this.begin();
    if (this.unreadable[what]) throw new Error(`${what} cannot be read`);
    return known(value());
  }

  private serviceFacts(arn: string) {
    const service = this.services[arn];
    if (service === undefined) throw new Error(`no service ${arn}`);
    const steady = this.now >= service.steadyAt;
    return {
      startedAt: service.startedAt,
      rollout: steady ? "COMPLETED" : "IN_PROGRESS",
      deployments: steady ? 1 : 2,
      running: 2,
      desired: 2,
    };
  }

  private taskFacts(arn: string) {
    const { status, startedAt, markedAt, loading } = this.task(arn);
    return { status, startedAt, markedAt, loading, stopReason: "" };
  }

  private restart(arn: string): Outcome {
    this.checkDisturbance(arn);
    this.deploy(arn);
    return "done";
  }

  private setMark(arn: string, at: number | undefined): Outcome {
    const task = this.task(arn);
    if (at === undefined && task.status !== "running") this.forbid(`unmark, ${task.status}`, arn);
    task.markedAt = at;
    return "done";
  }

  private stopByRefresh(arn: string): Outcome {
    const task = this.task(arn);
    if (task.status !== "running") return "changed";
    this.checkDisturbance(arn);
    if (task.markedAt === undefined) this.forbid("stop without a tag", arn);
    this.stopTask(arn);
    return "done";
  }

  private resumeByRefresh(arn: string): Outcome {
    const task = this.task(arn);
    if (task.status !== "stopped") return "changed";
    if (task.markedAt === undefined) this.forbid("start without a tag", arn);
    this.startTask(arn);
    return "done";
  }

  private async notify(message: string): Promise<void> {
    await this.begin();
    if (this.notifierFails) throw new Error("the topic is gone");
    this.messages.push(message);
  }

  /** Rules for whoever is disturbed, held against the world and not against what was seen of it. */
  private checkDisturbance(arn: string): void {
    const phase = this.phaseAsRead.known ? this.phaseAsRead.value : "unknown";
    if (phase !== "idle" && phase !== "rolled-back") this.forbid(`disturbed while ${phase}`, arn);
    for (const [other, service] of Object.entries(this.services))
      if (other !== arn && this.now < service.steadyAt) this.forbid(`beside ${last(other)}`, arn);
    for (const other of Object.keys(this.tasks))
      if (other !== arn && this.task(other).markedAt !== undefined)
        this.forbid(`beside ${last(other)}`, arn);
  }

  private forbid(what: string, arn: string): void {
    this.violations.push(`${last(arn)}: ${what}`);
  }

  private async write(what: string, effect: () => Outcome): Promise<Outcome> {
    await this.begin();
    const fault = this.faults.shift();
    if (fault === "fails") throw new Error("it was refused");
    if (fault === "lost") return "unknown";
    const outcome = effect();
    this.log.push(outcome === "done" ? what : `${what}, ${outcome}`);
    if (fault === "dies") this.alive = false;
    if (!this.alive) throw new Error("the process is dead");
    return fault === "unanswered" ? "unknown" : outcome;
  }

  private async begin(): Promise<void> {
    if (!this.alive) throw new Error("the process is dead");
    await this.beforeCall();
  }
}

function last(arn: string): string {
  return arn.split(/[/:]/).pop() ?? arn;
}
