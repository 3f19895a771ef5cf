/** What the infrastructure and the switchover function both know. Imports nothing: either side may read it. */

/** One cluster, as the function has to know it. */
export interface SwitchoverCluster {
  clusterArn: string;
  /** Secret of the administrator, as whom statements run. */
  administratorSecretArn: string;
  /** Host name of the writer. */
  endpoint: string;
  /** Secret with which the application logs in. */
  applicationSecretArn: string;
  /** AWS DMS task that reads this cluster. */
  taskArn: string;
}

export interface SwitchoverClusters {
  blue: SwitchoverCluster;
  green: SwitchoverCluster;
}

/** The function's environment variables: the infrastructure must set each, the handler reads each. */
export const VARIABLES = [
  "PAYMENTS_ENVIRONMENT",
  /** Table of the controllers' states. */
  "PAYMENTS_STATE_TABLE",
  "PAYMENTS_TOPIC_ARN",
  /** Name of the SSM parameter that tells applications where to write. */
  "PAYMENTS_WRITER_PARAMETER",
  /** The clusters, as JSON of `SwitchoverClusters`. */
  "PAYMENTS_CLUSTERS",
  /** Names of database users who may write to a fenced cluster, separated by commas. */
  "PAYMENTS_ADMINISTRATORS",
] as const;

export type Variables = { [name in (typeof VARIABLES)[number]]: string };

/** What a person, or the cutover controller, may ask of the function. */
export const VERBS = [
  "status",
  /** Asks both clusters what stands against a switchover, and changes nothing. */
  "preflight",
  /** Moves the writer to the other cluster. */
  "start",
  /** Gives the writes back to the old writer, as long as the new one has not been opened. */
  "abort",
] as const;
export type Verb = (typeof VERBS)[number];

/** A Lambda event; `start` and `abort` are put on record with who and why. */
export interface SwitchoverRequest {
  verb: Verb;
  who: string;
  why: string;
  /** With `start`: the cluster that is to take the writes. A start of what is so already is refused. */
  to?: "blue" | "green";
}

/**
 * The event with which the function wakes a second one of itself before payments begin to wait: if
 * the first dies, the second takes back what it left, or ends it.
 */
export const WATCH_EVENT = { verb: "watch" } as const;

/** Longest time of one invocation, in seconds: a switchover's window, and room for its way back. */
export const TIMEOUT_SECONDS = 180;

/** Sort keys of what the function stores beside the cutover controller's state. */
export const SWITCHOVER_STATE = "switchover";
export const SWITCHOVER_RECORD = "switchover-decision";

/** Namespace and names of the function's metrics, with dimension `Environment`. */
export const METRICS = {
  namespace: "Payments/Switchover",
  /** Milliseconds that a row took from the writer to the other cluster. */
  heartbeat: "HeartbeatMilliseconds",
  /** Seconds since an attempt began that has not come to rest; 0 at rest. */
  unsettled: "UnsettledSeconds",
} as const;
