import { type Color, otherColor, type Weights } from "../../lambdas/cutover/contract";
import {
  type Known,
  known,
  type Ports,
  type ServiceState,
  type SwitchoverStanding,
  type TrafficFacts,
  unknown,
} from "../../lambdas/cutover/ports";
import { type CutoverState, type DecisionRecord, parseState } from "../../lambdas/cutover/state";
import { weightsInWords } from "./decisions";
import { HEALTHY, healthyTraffic, NOW } from "./facts";
import { TASK } from "./gate";

/** How a call goes wrong. */
export type Fault =
  /** It throws, and nothing was done. */
  | "fails"
  /** No answer, and nothing was done. */
  | "lost"
  /** No answer, though it was done. */
  | "unanswered"
  /** The process dies after it was done. */
  | "dies";

type Call =
  | "readWeights"
  | "writeWeights"
  | "readAwsPercent"
  | "writeAwsPercent"
  | "readTargets"
  | "readAlarms"
  | "readPeriods"
  | "readStatus"
  | "readService"
  | "answer"
  | "load"
  | "save"
  | "readSwitchover"
  | "askSwitchover"
  | "wakeAnother"
  | "notify";

/** One environment in memory. What the controller does to it is written down, in order. */
export class FakeWorld {
  now = NOW;
  weights: Weights = { blue: 100, green: 0 };
  /** Percent of the clients that DNS leads to AWS. @default there is no on-premises endpoint */
  awsPercent: number | undefined;
  standby = { ...HEALTHY };
  live = { ...HEALTHY };
  /** @default both colors always served payments shortly before */
  traffic: TrafficFacts | undefined;
  /** The state item as text, as a table holds it: nothing is shared with the controller. */
  stored: string | undefined;
  readonly records: DecisionRecord[] = [];
  readonly messages: string[] = [];
  /** Status of any stack. */
  stackStatus: Known<string> = known("UPDATE_IN_PROGRESS");
  /** What any service runs. */
  service: Known<ServiceState> = known({ taskArn: TASK, rollout: "COMPLETED" });
  /** Where the database writer is. */
  standing: Known<SwitchoverStanding> = unknown("nothing is stored");
  /** What CloudFormation was sent: the address, and the fields of the answer. */
  readonly answers: { url: string; fields: { [name: string]: unknown } }[] = [];
  /** Every effect and the writing of every record, such as `record start`, `weights 90/10`. */
  readonly log: string[] = [];
  /** Faults of the next calls, first come first served. */
  readonly faults: { [call in Call]?: Fault[] } = {};
  readonly ports: Ports;

  /** @param state with a percentage of AWS where there is an on-premises endpoint */
  constructor(state?: CutoverState) {
    this.stored = state === undefined ? undefined : JSON.stringify(state);
    if (state !== undefined) this.weights = { ...state.weights };
    this.awsPercent = state?.awsPercent;
    this.ports = {
      router: {
        readWeights: () => this.read("readWeights", () => known({ ...this.weights })),
        writeWeights: (weights) => this.writeWeights(weights),
        ...(state?.awsPercent !== undefined && {
          readAwsPercent: () => this.read("readAwsPercent", () => known(this.awsPercent ?? 0)),
          writeAwsPercent: (percent: number) => this.writeAwsPercent(percent),
        }),
      },
      health: {
        readTargets: (color) => this.read("readTargets", () => this.factsOf(color).targets),
        readAlarms: (color) => this.read("readAlarms", () => this.factsOf(color).redAlarms),
      },
      traffic: {
        readPeriods: (source) => this.read("readPeriods", () => this.trafficNow()[source]),
      },
      state: {
        load: () => this.load(),
        save: (next, expected, record) => this.save(next, expected, record),
      },
      release: {
        readStatus: () => this.read("readStatus", () => this.stackStatus),
        readService: () => this.read("readService", () => this.service),
        answer: (url, body) => this.answer(url, body),
      },
      switchover: {
        read: () => this.read("readSwitchover", () => this.standing),
        ask: async (to, who, why) =>
          this.write("askSwitchover", "asked", () => {
            this.log.push(`ask ${to} as ${who}: ${why}`);
          }),
      },
      wakeAnother: async () => {
        await this.write("wakeAnother", "taken", () => {
          this.log.push("wake another");
        });
      },
      notifier: { notify: (_subject, message) => this.notify(message) },
      clock: { now: () => this.now, sleep: async (milliseconds) => this.pass(milliseconds) },
    };
  }

  /** The stored state; throws when there is none. */
  get state(): CutoverState {
    if (this.stored === undefined) throw new Error("no state was stored");
    return parseState(this.stored);
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
  }

  /** Another pass stores its decision first, so many times. */
  disturb(times: number): void {
    const { load } = this.ports.state;
    let left = times;
    this.ports.state.load = async () => {
      const state = await load();
      if (left-- > 0) this.stored = JSON.stringify({ ...state, version: 100 + left });
      return state;
    };
  }

  /** The log since it was last taken. */
  takeLog(): string[] {
    return this.log.splice(0);
  }

  private trafficNow(): TrafficFacts {
    const live = this.stored === undefined ? "blue" : this.state.live;
    return this.traffic ?? healthyTraffic(otherColor(live), this.now);
  }

  private factsOf(color: Color) {
    const live = this.stored === undefined ? "blue" : this.state.live;
    return color === live ? this.live : this.standby;
  }

  private async read<T>(call: Call, value: () => Known<T>): Promise<Known<T>> {
    if (this.faults[call]?.shift() !== undefined) throw new Error(`${call} failed`);
    return value();
  }

  private async load(): Promise<CutoverState | undefined> {
    if (this.faults.load?.shift() !== undefined) throw new Error("load failed");
    return this.stored === undefined ? undefined : parseState(this.stored);
  }

  private async writeWeights(weights: Weights): Promise<"written" | "unknown"> {
    return this.write("writeWeights", "written", () => {
      this.weights = { ...weights };
      this.log.push(`weights ${weightsInWords(weights)}`);
    });
  }

  private async writeAwsPercent(percent: number): Promise<"written" | "unknown"> {
    return this.write("writeAwsPercent", "written", () => {
      this.awsPercent = percent;
      this.log.push(`clients ${percent} %`);
    });
  }

  private async save(next: CutoverState, expectedVersion: number, record: DecisionRecord) {
    const version = this.stored === undefined ? 0 : this.state.version;
    if (version !== expectedVersion) {
      this.log.push(`conflict at ${record.code}`);
      return "conflict" as const;
    }
    return this.write("save", "saved", () => {
      this.stored = JSON.stringify(next);
      this.records.push(structuredClone(record));
      this.log.push(`record ${record.code}`);
    });
  }

  private async answer(url: string, body: string): Promise<"answered" | "unknown"> {
    return this.write("answer", "answered", () => {
      this.answers.push({ url, fields: JSON.parse(body) });
      this.log.push("answer");
    });
  }

  private async notify(message: string): Promise<void> {
    await this.write("notify", "sent", () => {
      this.messages.push(message);
      this.log.push("notify");
    });
  }

  private write<T>(call: Call, done: T, effect: () => void): T | "unknown" {
    const fault = this.faults[call]?.shift();
    if (fault === "fails") throw new Error(`${call} failed`);
    if (fault === "lost") return "unknown";
    effect();
    if (fault === "dies") throw new Error(`died after ${call}`);
    return fault === "unanswered" ? "unknown" : done;
  }
}
