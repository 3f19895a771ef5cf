import type { ClusterAccess } from "./contract";

/** A row of a result, each value as text. */
export type Row = string[];

export interface Sql {
  /**
   * Runs one statement as the cluster's master user. Every statement here can be run twice, so one
   * whose outcome is unknown is run again, until time is up. Rejects with the engine's own message.
   */
  execute(cluster: ClusterAccess, sql: string): Promise<Row[]>;
}

export interface Secrets {
  /** The secret's text. */
  read(arn: string): Promise<string>;
}

export interface Replication {
  /** Status of a task, in AWS DMS's words, such as `ready` (never run), `running`, `stopped`. */
  status(taskArn: string): Promise<string>;
  /** Starts a task that has never run. */
  start(taskArn: string): Promise<void>;
}

export interface Clock {
  sleep(milliseconds: number): Promise<void>;
  /** Milliseconds that the invocation may still take. */
  timeLeft(): number;
}

/** Everything that the bootstrap touches outside itself. */
export interface Ports {
  sql: Sql;
  secrets: Secrets;
  replication: Replication;
  clock: Clock;
}
