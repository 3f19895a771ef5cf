import type { Clock, Known, Notifier } from "../common/ports";
import type { Color, Weights } from "./contract";
import type { CutoverState, DecisionRecord } from "./state";

export { attempt, type Clock, type Known, known, type Notifier, unknown } from "../common/ports";

/** Health of one color's targets, as counts. */
export interface TargetHealth {
  healthy: number;
  unhealthy: number;
  /** Registered, not yet judged: starting, or in a group that gets no health checks. */
  initial: number;
}

/** What one color did in a period. */
export interface Counts {
  payments: number;
  /** Of the payments. */
  failures: number;
  /** Payments whose response time was measured. */
  timed: number;
  /** Of those, the ones that took longer than the limit. */
  slow: number;
  /** Payments answered 4xx, as a client's mistake; which the application itself does not count. */
  rejected: number;
}

export function noCounts(): Counts {
  return { payments: 0, failures: 0, timed: 0, slow: 0, rejected: 0 };
}

export function addCounts(left: Counts, right: Counts): Counts {
  return {
    payments: left.payments + right.payments,
    failures: left.failures + right.failures,
    timed: left.timed + right.timed,
    slow: left.slow + right.slow,
    rejected: left.rejected + right.rejected,
  };
}

/** What both colors did in one period. A color without payments in it has zeros. */
export type Period = {
  /** Epoch milliseconds of its beginning. */
  at: number;
} & { [color in Color]: Counts };

/** Who counts payments: the application itself, soon and finely, and the load balancer, late and always. */
export const SOURCE_NAMES = ["application", "loadBalancer"] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** How counts come. */
export interface Source {
  periodSeconds: number;
  /** Age of a period at which its counts do not change any more, by our experience; AWS names none. */
  settleSeconds: number;
  /** Age of the last payment at which a source has fallen silent. */
  staleSeconds: number;
  /** CloudWatch keeps periods under a minute for three hours, and others for weeks. */
  readableMinutes: number;
}

export const SOURCES: { [source in SourceName]: Source } = {
  application: { periodSeconds: 10, settleSeconds: 60, staleSeconds: 120, readableMinutes: 175 },
  loadBalancer: { periodSeconds: 60, settleSeconds: 180, staleSeconds: 300, readableMinutes: 1440 },
};

/** The periods that can be read, in any order, by who counted them. */
export type TrafficFacts = { [source in SourceName]: Known<Period[]> };

/** An alarm that is red. */
export interface RedAlarm {
  name: string;
  /** The other color's alarm of the same kind. */
  counterpart: string;
}

/**
 * Both levers: the load balancer's rule moves payments between the colors, at once; the weights of two
 * DNS records move clients between on-premises and AWS, in minutes. What was written is verified by the
 * next pass, which reads it.
 */
export interface TrafficRouter {
  readWeights(): Promise<Known<Weights>>;
  /** Sets both weights in one call. "unknown" after a timeout: only a reading tells. */
  writeWeights(weights: Weights): Promise<"written" | "unknown">;
  /** Percent of the clients that DNS leads to AWS. Absent where there is no on-premises endpoint. */
  readAwsPercent?(): Promise<Known<number>>;
  /**
   * Sets the weights of both records in one call. "unknown" after a timeout: only a reading tells.
   * @param percent whole number from 0 to 100
   */
  writeAwsPercent?(percent: number): Promise<"written" | "unknown">;
}

export interface HealthSource {
  readTargets(color: Color): Promise<Known<TargetHealth>>;
  /** The color's alarms that are red; unknown when one of them is missing or has no data. */
  readAlarms(color: Color): Promise<Known<RedAlarm[]>>;
}

export interface TrafficSource {
  /**
   * What both colors did in each period that begins between two instants, in epoch milliseconds. A
   * period without a datapoint is left out: nothing happened in it, or nothing has come of it yet.
   * @param slowMilliseconds response time above which a payment is slow
   */
  readPeriods(
    source: SourceName,
    from: number,
    to: number,
    slowMilliseconds: number,
  ): Promise<Known<Period[]>>;
}

export interface StateStore {
  load(): Promise<CutoverState | undefined>;
  /**
   * Stores `next` and appends `record` in one transaction, if the stored version is still
   * `expectedVersion` (0: nothing stored yet). "unknown" after a timeout.
   */
  save(
    next: CutoverState,
    expectedVersion: number,
    record: DecisionRecord,
  ): Promise<"saved" | "conflict" | "unknown">;
}

/** What one color's service runs. */
export interface ServiceState {
  /** Of the deployment that ECS makes, or made last. */
  taskArn: string;
  /** How far that deployment is, in ECS's words; `COMPLETED` when all tasks are its own. */
  rollout: string;
}

/** Where a release comes from: CloudFormation, and what it has just deployed. */
export interface ReleaseSource {
  /** Status of a stack, in CloudFormation's words. */
  readStatus(stackId: string): Promise<Known<string>>;
  readService(serviceArn: string): Promise<Known<ServiceState>>;
  /**
   * Sends an answer to the address that came with the request. Sending it twice is sending it once.
   * "unknown" after anything but a confirmation.
   */
  answer(responseUrl: string, body: string): Promise<"answered" | "unknown">;
}

/** Where the database writer is, and what is being done about it. */
export interface SwitchoverStanding {
  /** Name of the switchover's phase. */
  phase: string;
  /** Whether nothing moves there. */
  isAtRest: boolean;
  /** The cluster that takes writes, or the last that did. */
  writer: Color;
  /** Counts the attempts. */
  epoch: number;
  /** Its last decision, as a sentence. */
  reason: string;
}

/** The function that moves the database writer. */
export interface Switchover {
  read(): Promise<Known<SwitchoverStanding>>;
  /** Asks to move the writer; only a reading tells what came of it. */
  ask(to: Color, who: string, why: string): Promise<"asked" | "unknown">;
}

/** Everything that the controller touches outside itself. */
export interface Ports {
  router: TrafficRouter;
  health: HealthSource;
  traffic: TrafficSource;
  state: StateStore;
  notifier: Notifier;
  release: ReleaseSource;
  /** Absent where there is none: a plan with a switchover cannot start. */
  switchover?: Switchover;
  /** Has another invocation begin, which passes as for the schedule; rejects unless it will. */
  wakeAnother(): Promise<void>;
  clock: Clock;
}
