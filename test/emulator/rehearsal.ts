import { setTimeout as sleep } from "node:timers/promises";
import type { Plan, Variables, Verb } from "../../lambdas/cutover/contract";
import type { TickReport } from "../../lambdas/cutover/tick";
import { LIMITS, request } from "../support/facts";
import { type Deployment, invoke, type Running } from "../support/lambda";
import { awsEnvironment } from "../support/moto";
import type { AwsProxy } from "../support/proxy";
import type { Environment } from "./environment";

export const TICK_SECONDS = 0.1;

/** A plan of seconds. */
export const PLAN: Plan = {
  steps: [10, 50, 90, 100].map((weightPercent) => ({ weightPercent, bakeMinutes: 0.003 })),
  limits: { ...LIMITS, longestHoldMinutes: 1 },
};

/** Time for about half a second of passes, beside what the function keeps back at the end. */
const INVOCATION_MILLISECONDS = 8_000 + TICK_SECONDS * 1000 + 500;

/**
 * The emulator drops fractions of seconds: in the first second of a minute it finds none of that
 * minute's datapoints. Waits until no test need be under way at such a moment.
 */
export async function awayFromMinuteEdge(): Promise<void> {
  const [longestTest, firstSecond, minute] = [5_000, 1_100, 60_000];
  const untilNext = minute - (Date.now() % minute);
  if (untilNext < longestTest) await sleep(untilNext + firstSecond);
  else if (minute - untilNext < firstSecond) await sleep(firstSecond);
}

/** The deployed function in one environment; each event goes to a fresh process. */
export class Rehearsal {
  constructor(
    private readonly deployment: Deployment,
    private readonly proxy: AwsProxy,
    readonly environment: Environment,
    private readonly variables: Variables,
  ) {}

  send(event: unknown): Running {
    const variables = { ...awsEnvironment(this.proxy.url), ...this.variables };
    const remainingMilliseconds = INVOCATION_MILLISECONDS;
    return invoke(this.deployment, { event, variables, remainingMilliseconds });
  }

  async ask(verb: Verb): Promise<TickReport> {
    return (await this.send(request(verb)).answer) as TickReport;
  }

  /** One event of the schedule, a minute after the last one as far as leases are concerned. */
  async schedule(): Promise<TickReport> {
    await this.environment.endLease();
    const event = { "detail-type": "Scheduled Event", source: "aws.events", detail: {} };
    return (await this.send(event).answer) as TickReport;
  }

  /** Sends the schedule's events, one after the other, until nothing moves. */
  async scheduleUntilStill(): Promise<TickReport> {
    for (let events = 0; events < 30; events++) {
      const report = await this.schedule();
      if (report.phase === "idle" || report.phase === "rolled-back") return report;
    }
    throw new Error("the cutover has not ended after 30 events");
  }

  /** The weights that the rule has while `work` is done, in order; also printed. */
  async watch(work: () => Promise<unknown>): Promise<string[]> {
    const seen = [await this.environment.weights()];
    const look = async () => {
      const weights = await this.environment.weights();
      if (weights !== seen.at(-1)) seen.push(weights);
    };
    let on = true;
    const watching = (async () => {
      for (; on; await sleep(10)) await look();
    })();
    await work().finally(() => {
      on = false;
    });
    await watching;
    await look();
    console.log(`      weights of the rule, blue/green: ${seen.join(" -> ")}`);
    return seen;
  }

  /**
   * Codes on record, without the notes that a step still bakes or waits for a lease: a slow machine
   * may skip those.
   */
  async codes(): Promise<string[]> {
    const codes = (await this.environment.audit()).map((record) => record.code);
    return codes.filter((code) => !["hold-baking", "hold-lease"].includes(code));
  }

  /** How often the rule was told new weights. */
  writes(): number {
    return this.proxy.bodies("ModifyRule").length;
  }
}
