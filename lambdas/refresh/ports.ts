import type { Clock, Known, Notifier } from "../common/ports";
import type { ServiceConsumer } from "./contract";

export { attempt, type Clock, type Known, known, type Notifier, unknown } from "../common/ports";

/** A service on ECS. */
export interface ServiceFacts {
  /** Epoch milliseconds at which its current (PRIMARY) deployment was made: no task of it is older. */
  startedAt: number;
  /** Where that deployment stands: COMPLETED, IN_PROGRESS or FAILED. */
  rollout: string;
  /** Deployments that still have tasks; 1 when none is being replaced. */
  deployments: number;
  running: number;
  desired: number;
}

/** A replication task of AWS DMS. */
export interface TaskFacts {
  /** In AWS's words, such as running, stopping, stopped, starting, failed. */
  status: string;
  /** Epoch milliseconds of its last start or resumption; undefined when it never ran. */
  startedAt: number | undefined;
  /** Whether tables are still being copied: a stop would begin those again. */
  loading: boolean;
  /** Why it stopped, in AWS's words; empty while it runs. */
  stopReason: string;
  /** Epoch milliseconds of our intent to refresh it; undefined when it does not carry our tag. */
  markedAt: number | undefined;
}

/**
 * How a write ended: "unknown" when no answer tells, "changed" when it was refused because the
 * resource is no longer in the state that was seen. After either only another look tells.
 */
export type Outcome = "done" | "unknown" | "changed";

export interface CutoverSource {
  /**
   * Name of the cutover controller's phase, "idle" when it has never stored one. While the database writer
   * moves: `switchover` and the name of that phase.
   */
  readPhase(): Promise<Known<string>>;
}

export interface SecretSource {
  /** Epoch milliseconds of the last rotation; undefined when there was none. */
  readRotatedAt(secretArn: string): Promise<Known<number | undefined>>;
}

export interface ServicePort {
  read(service: ServiceConsumer): Promise<Known<ServiceFacts>>;
  /** Replaces all tasks by new ones, a few at a time. */
  restart(clusterArn: string, serviceArn: string): Promise<Outcome>;
}

export interface TaskPort {
  read(taskArn: string): Promise<Known<TaskFacts>>;
  /** Puts our tag on the task, with the time of the intent in epoch milliseconds. */
  mark(taskArn: string, at: number): Promise<Outcome>;
  unmark(taskArn: string): Promise<Outcome>;
  stop(taskArn: string): Promise<Outcome>;
  /** Goes on where the task stopped. */
  resume(taskArn: string): Promise<Outcome>;
}

/** Everything that the function touches outside itself. */
export interface Ports {
  cutover: CutoverSource;
  secrets: SecretSource;
  services: ServicePort;
  tasks: TaskPort;
  notifier: Notifier;
  clock: Clock;
}
