/** What the infrastructure and the refresh function both know. Imports nothing: either side may read it. */

/** Longest time of one invocation, in seconds. What was begun before that has ended or died. */
export const TIMEOUT_SECONDS = 300;

/**
 * Tag of a replication task that the function means to stop and start again. Its value is the time
 * of that intent, in ISO 8601: a stopped task with this tag is ours to start.
 */
export const REFRESH_TAG = "payments:refresh";

/** Reads its credentials when its containers start. */
export interface ServiceConsumer {
  kind: "service";
  /** What people call it, such as "the blue service". */
  name: string;
  clusterArn: string;
  serviceArn: string;
  /** The secrets that it reads. */
  secretArns: string[];
}

/** An AWS DMS task. It reads the credentials of its two endpoints when it starts. */
export interface TaskConsumer {
  kind: "replicationTask";
  name: string;
  taskArn: string;
  secretArns: string[];
}

/** Something that goes on using the database credentials that it began with. */
export type Consumer = ServiceConsumer | TaskConsumer;

/** The function's environment variables: the infrastructure must set each, the handler reads each. */
export const VARIABLES = [
  "PAYMENTS_ENVIRONMENT",
  /** Table of the cutover controller's state. */
  "PAYMENTS_STATE_TABLE",
  "PAYMENTS_TOPIC_ARN",
  /** The consumers, as JSON of `Consumer[]`, in the order in which they are refreshed. */
  "PAYMENTS_CONSUMERS",
] as const;

export type Variables = { [name in (typeof VARIABLES)[number]]: string };
