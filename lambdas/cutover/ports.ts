import type { Known, Notifier } from "../common/ports";
import type { Color, Weights } from "./contract";
import type { CutoverState, DecisionRecord } from "./state";

export { type Known, known, type Notifier, unknown } from "../common/ports";

/** Health of one color's targets, as counts. */
export interface TargetHealth {
  healthy: number;
  unhealthy: number;
  /** Registered, not yet judged: starting, or in a group that gets no health checks. */
  initial: number;
}

/** Payments that one color served in a period, as counts. */
export interface Traffic {
  payments: number;
  failures: number;
}

export interface TrafficRouter {
  readWeights(): Promise<Known<Weights>>;
  /** Sets both weights in one call. "unknown" after a timeout: only a reading tells. */
  writeWeights(weights: Weights): Promise<"written" | "unknown">;
}

export interface HealthSource {
  readTargets(color: Color): Promise<Known<TargetHealth>>;
  /** Names of the color's alarms that are red; unknown when one of them is missing or has no data. */
  readAlarms(color: Color): Promise<Known<string[]>>;
}

export interface TrafficSource {
  /** Counts between two instants, in epoch milliseconds. No datapoints is unknown, not zero. */
  readTraffic(color: Color, from: number, to: number): Promise<Known<Traffic>>;
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

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Everything that the controller touches outside itself. */
export interface Ports {
  router: TrafficRouter;
  health: HealthSource;
  traffic: TrafficSource;
  state: StateStore;
  notifier: Notifier;
  clock: Clock;
}
