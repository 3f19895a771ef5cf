/** What the infrastructure and the bootstrap function both know. Imports nothing: either side may read it. */

/** The database users of a cluster, by what they are for. Each has a secret of its own. */
export const DATABASE_USERS = [
  "administrator",
  "application",
  "migration",
  "replicationSource",
  "replicationTarget",
] as const;
export type DatabaseUser = (typeof DATABASE_USERS)[number];

/**
 * Their names in MySQL, the same in both clusters. All but the administrator alternate at a rotation
 * with a twin that has `CLONE_SUFFIX`; AWS's rotation function allows 16 characters with it.
 */
export const USER_NAMES: { readonly [user in DatabaseUser]: string } = {
  /** Makes, locks and rotates the others, and fences the cluster at a switchover. */
  administrator: "payments_admin",
  application: "app",
  /** As whom a release changes the tables, before its color gets payments. */
  migration: "app_schema",
  /** As whom AWS DMS reads this cluster. */
  replicationSource: "dms_source",
  /** As whom AWS DMS writes into this cluster. */
  replicationTarget: "dms_target",
};

/** A cluster's first user, whose password RDS makes and rotates. */
export const MASTER_USERNAME = "paymentsmaster";

/** What AWS's rotation function appends to a user's name for its twin. */
export const CLONE_SUFFIX = "_clone";

/** Schema of the payments. */
export const PAYMENTS_SCHEMA = "payments";
/** Schema of what replication and switchover need for themselves; replicated like the payments. */
export const CUTOVER_SCHEMA = "cutover";
/** Table that a switchover writes its markers into, to see them arrive in the other cluster. */
export const MARKER_TABLE = "marker";
/** Table beside it in which a migration notes what ran in its cluster; not replicated. */
export const MIGRATIONS_TABLE = "migrations";
/** Schema in which AWS DMS keeps its control tables, in the cluster that it writes into. */
export const DMS_CONTROL_SCHEMA = "awsdms_control";

/**
 * Hours that the binary log is kept: a week in which replication can be repaired from where it
 * stopped. The default would drop the log as soon as nobody reads it.
 */
export const BINLOG_RETENTION_HOURS = 168;

/** One cluster, and whose credentials are where. */
export interface ClusterAccess {
  clusterArn: string;
  /** Secret of the master user, which RDS makes and rotates. */
  masterSecretArn: string;
  userSecretArns: { [user in DatabaseUser]: string };
}

/**
 * Makes schemas, users and grants in one cluster, and sets its binary log's retention. What is there
 * already is brought up to date; whether an account is locked is left as it is.
 */
export interface PrepareRequest extends ClusterAccess {
  verb: "prepare";
}

/**
 * Settles once who comes first, and starts replication from there: the application's user in the
 * target cluster is locked, and so is the user that would replicate back. Does nothing once a task has
 * run, in whichever direction: then only the controller moves them.
 */
export interface StartRequest {
  verb: "start";
  /** The task that reads the cluster which takes writes. */
  taskArn: string;
  /** The task of the way back. */
  reverseTaskArn: string;
  /** The task that feeds that cluster from an on-premises database. @default there is none */
  legacyTaskArn?: string;
  source: ClusterAccess;
  target: ClusterAccess;
}

export type BootstrapRequest = PrepareRequest | StartRequest;

/** What the function answers. It lands in Pulumi's state: nothing secret is in it. */
export type BootstrapAnswer =
  | { verb: "prepare"; statements: number; firstTime: boolean }
  | { verb: "start"; started: string[]; reason: string };
