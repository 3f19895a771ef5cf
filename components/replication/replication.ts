import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Color, otherColor } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";
import { createEndpoints, createLegacySource, endpointMaker } from "./endpoints";
import { createInstance } from "./instance";
import { legacyTableMappings, tableMappings } from "./tableMappings";
import { TASK_SETTINGS } from "./taskSettings";

export interface ReplicationArgs extends CommonArgs {
  /** Secrets of the users as whom AWS DMS reads a cluster, and writes into it. */
  clusters: {
    [color in Color]: {
      sourceSecretArn: pulumi.Input<string>;
      targetSecretArn: pulumi.Input<string>;
    };
  };
  /** The color whose database takes writes when the environment is made. Changes are ignored. */
  firstWriter: Color;
  /** Subnets from which the databases and Secrets Manager are reached, in two zones at least. */
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
  keyArns: {
    data: pulumi.Input<string>;
    secrets: pulumi.Input<string>;
    logs: pulumi.Input<string>;
  };
  alertsTopicArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
  instance: { class: string; engineVersion: string; multiAz: boolean };
  /** `existing`: somebody has made the account's roles for AWS DMS. */
  accountRoles: "create" | "existing";
  /** On-premises database that feeds the first writer. @default there is none */
  legacy?: {
    /** Schema that holds the payments there. */
    database: string;
    secretArn: pulumi.Input<string>;
    /** Secret of the user as whom its rows are written. */
    targetSecretArn: pulumi.Input<string>;
    caCertificatePem: string;
  };
  deletionProtection: boolean;
  logRetentionDays: number;
}

/** A replication task, as AWS DMS and CloudWatch name it. */
export interface ReplicationTaskOutputs {
  arn: pulumi.Output<string>;
  /** `ReplicationTaskIdentifier` dimension of its metrics: the last part of the ARN, not its name. */
  id: pulumi.Output<string>;
}

/**
 * AWS DMS between the two clusters, in both directions. Only one of them is ever active: the task
 * that reads the cluster which takes writes. Nothing here starts or stops a task; the bootstrap starts
 * the first one once, and from then on the controller moves them.
 *
 * A change of a task's settings stops it: make one only while nothing depends on replication, and
 * start the task again.
 */
export class Replication extends pulumi.ComponentResource {
  /** `ReplicationInstanceIdentifier` dimension of the metrics. */
  public readonly instanceId: pulumi.Output<string>;
  /** By the color that a task reads from. */
  public readonly tasks: { readonly [source in Color]: ReplicationTaskOutputs };
  /** Undefined without an on-premises database. */
  public readonly legacyTask: ReplicationTaskOutputs | undefined;

  constructor(name: string, args: ReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:replication:Replication", name, {}, opts);
    const { environment, legacy, firstWriter } = args;
    const instance = createInstance(args, this);
    const make = endpointMaker(args, this);
    const endpoints = createEndpoints(args, make, this);
    const createTask = taskMaker(instance, args, this);
    const between = (source: Color) =>
      createTask(resourceName("replication-task", environment, source), {
        replicationTaskId: `payments-${environment}-${source}-to-${otherColor(source)}`,
        migrationType: source === firstWriter ? "full-load-and-cdc" : "cdc",
        sourceEndpointArn: endpoints[source].source.endpointArn,
        targetEndpointArn: endpoints[otherColor(source)].target.endpointArn,
        tableMappings: tableMappings(),
      });
    const tasks = { blue: between("blue"), green: between("green") };
    const legacyTask =
      legacy &&
      createTask(resourceName("legacy-replication-task", environment), {
        replicationTaskId: `payments-${environment}-legacy`,
        migrationType: "full-load-and-cdc",
        sourceEndpointArn: createLegacySource(legacy, args, make, this).endpointArn,
        targetEndpointArn: endpoints[firstWriter].target.endpointArn,
        tableMappings: legacyTableMappings(legacy.database),
        // Fed is the first writer, whatever color is live later.
        ignoreChanges: ["targetEndpointArn"],
      });
    subscribe(instance, [tasks.blue, tasks.green, ...(legacyTask ? [legacyTask] : [])], args, this);
    this.instanceId = instance.replicationInstanceId;
    this.tasks = { blue: outputsOf(tasks.blue), green: outputsOf(tasks.green) };
    this.legacyTask = legacyTask && outputsOf(legacyTask);
    this.registerOutputs({ instanceId: this.instanceId, tasks: this.tasks });
  }
}

type TaskArgs = Pick<
  aws.dms.ReplicationTaskArgs,
  | "replicationTaskId"
  | "migrationType"
  | "sourceEndpointArn"
  | "targetEndpointArn"
  | "tableMappings"
> & { ignoreChanges?: string[] };

function taskMaker(
  instance: aws.dms.ReplicationInstance,
  { tags, deletionProtection }: ReplicationArgs,
  parent: pulumi.Resource,
) {
  return (name: string, { ignoreChanges = [], ...task }: TaskArgs) =>
    new aws.dms.ReplicationTask(
      name,
      {
        ...task,
        replicationInstanceArn: instance.replicationInstanceArn,
        replicationTaskSettings: JSON.stringify(TASK_SETTINGS),
        tags,
      },
      {
        parent,
        protect: deletionProtection,
        // Where a task starts and whether it runs is the controller's; the first writer's direction
        // stays the one that loads everything, whatever color is live later.
        ignoreChanges: [
          "migrationType",
          "cdcStartPosition",
          "cdcStartTime",
          "startReplicationTask",
          ...ignoreChanges,
        ],
      },
    );
}

function outputsOf({ replicationTaskArn: arn }: aws.dms.ReplicationTask): ReplicationTaskOutputs {
  return { arn, id: arn.apply((text) => text.slice(text.lastIndexOf(":") + 1)) };
}

/** Everything that may stop replication, or shows that somebody changed it. */
function subscribe(
  instance: aws.dms.ReplicationInstance,
  tasks: aws.dms.ReplicationTask[],
  { environment, tags, alertsTopicArn: snsTopicArn }: ReplicationArgs,
  parent: pulumi.Resource,
) {
  new aws.dms.EventSubscription(
    resourceName("replication-instance-events", environment),
    {
      name: `payments-${environment}-replication-instance`,
      snsTopicArn,
      sourceType: "replication-instance",
      sourceIds: [instance.replicationInstanceId],
      eventCategories: [
        "configuration change",
        "deletion",
        "failover",
        "failure",
        "low storage",
        "maintenance",
      ],
      tags,
    },
    { parent },
  );
  new aws.dms.EventSubscription(
    resourceName("replication-task-events", environment),
    {
      name: `payments-${environment}-replication-task`,
      snsTopicArn,
      sourceType: "replication-task",
      sourceIds: tasks.map(({ replicationTaskId }) => replicationTaskId),
      eventCategories: ["configuration change", "deletion", "failure", "state change"],
      tags,
    },
    { parent },
  );
}
