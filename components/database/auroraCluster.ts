import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { MASTER_USERNAME, PAYMENTS_SCHEMA } from "../../lambdas/bootstrap/contract";
import type { Color } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName, trustPolicy } from "../common";
import { parameterList } from "./parameters";

export const DATABASE_PORT = 3306;

export interface AuroraClusterArgs extends CommonArgs {
  color: Color;
  /** Subnets without a way to the internet, in at least two zones. */
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** Changing a key replaces the cluster. */
  dataKeyArn: pulumi.Input<string>;
  secretsKeyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  /** Where RDS tells people of failovers, failures and maintenance. */
  alertsTopicArn: pulumi.Input<string>;
  engineVersion: string;
  instanceClass: string;
  instanceCount: number;
  /** Aurora capacity units of db.serverless instances. */
  capacity: { min: number; max: number };
  /** Days that Aurora keeps its own backups; AWS Backup's continuous rule has the same. */
  backupRetentionDays: number;
  deletionProtection: boolean;
  logRetentionDays: number;
}

const LOG_TYPES = ["audit", "error", "slowquery"];

/**
 * One color's database: an encrypted Aurora MySQL cluster over several zones, whose master password
 * is made, kept and rotated by AWS.
 *
 * Choices: `autoMinorVersionUpgrade` is off, because the long-term support line is meant to be
 * upgraded on purpose; backtrack is off, because it excludes the binary log that replication needs.
 */
export class AuroraCluster extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly writerEndpoint: pulumi.Output<string>;
  public readonly readerEndpoint: pulumi.Output<string>;
  public readonly port: pulumi.Output<number>;
  /** Secret of the master user, which AWS makes and rotates. */
  public readonly masterSecretArn: pulumi.Output<string>;
  /** The cluster answers once these are there. */
  public readonly instances: readonly pulumi.Resource[];

  constructor(name: string, args: AuroraClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:database:AuroraCluster", name, {}, opts);
    const cluster = createCluster(args, this);
    const instances = createInstances(cluster, args, this);
    subscribe(cluster, instances, args, this);
    this.instances = instances;
    this.masterSecretArn = cluster.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? "");
    rotateMasterPassword(this.masterSecretArn, args, this);
    this.arn = cluster.arn;
    this.writerEndpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.port = cluster.port;
    const { writerEndpoint, readerEndpoint } = this;
    this.registerOutputs({ writerEndpoint, readerEndpoint });
  }
}

function createCluster(args: AuroraClusterArgs, parent: pulumi.Resource): aws.rds.Cluster {
  const { environment, color, tags } = args;
  const nameOf = (kind: string) => resourceName(kind, environment, color);
  const subnetGroup = new aws.rds.SubnetGroup(
    nameOf("db-subnets"),
    { subnetIds: args.subnetIds, description: `payments ${environment} ${color}`, tags },
    { parent },
  );
  const parameterGroup = new aws.rds.ClusterParameterGroup(
    nameOf("db-parameters"),
    {
      family: "aurora-mysql8.0",
      description: `payments ${environment} ${color}`,
      parameters: parameterList(),
      tags,
    },
    { parent },
  );
  const snapshotSuffix = new random.RandomId(
    nameOf("db-final-snapshot"),
    { byteLength: 4 },
    { parent },
  );
  // Named here, because the log groups have to exist, encrypted, before Aurora makes its own.
  const clusterIdentifier = pulumi.interpolate`${nameOf("db-cluster")}-${snapshotSuffix.hex}`;
  const logGroups = createLogGroups(clusterIdentifier, args, parent);
  return new aws.rds.Cluster(
    nameOf("db-cluster"),
    {
      clusterIdentifier,
      engine: "aurora-mysql",
      engineVersion: args.engineVersion,
      databaseName: PAYMENTS_SCHEMA,
      port: DATABASE_PORT,
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [args.securityGroupId],
      dbClusterParameterGroupName: parameterGroup.name,
      storageEncrypted: true,
      kmsKeyId: args.dataKeyArn,
      // Letters and digits only, at most 16, and none of the names that everybody guesses.
      masterUsername: MASTER_USERNAME,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: args.secretsKeyArn,
      iamDatabaseAuthenticationEnabled: true,
      enableHttpEndpoint: true,
      enabledCloudwatchLogsExports: LOG_TYPES,
      backupRetentionPeriod: args.backupRetentionDays,
      preferredBackupWindow: "04:00-05:00",
      preferredMaintenanceWindow: "sun:06:00-sun:07:00",
      copyTagsToSnapshot: true,
      deletionProtection: args.deletionProtection,
      skipFinalSnapshot: !args.deletionProtection,
      finalSnapshotIdentifier: pulumi.interpolate`${clusterIdentifier}-final`,
      ...(args.instanceClass === "db.serverless" && {
        serverlessv2ScalingConfiguration: {
          minCapacity: args.capacity.min,
          maxCapacity: args.capacity.max,
        },
      }),
      tags,
    },
    { parent, protect: args.deletionProtection, dependsOn: logGroups },
  );
}

/** Made beforehand: RDS would make them without a key of ours and without an end. */
function createLogGroups(
  clusterIdentifier: pulumi.Output<string>,
  args: AuroraClusterArgs,
  parent: pulumi.Resource,
) {
  return LOG_TYPES.map(
    (type) =>
      new aws.cloudwatch.LogGroup(
        resourceName(`db-${type}-logs`, args.environment, args.color),
        {
          name: pulumi.interpolate`/aws/rds/cluster/${clusterIdentifier}/${type}`,
          kmsKeyId: args.logsKeyArn,
          retentionInDays: args.logRetentionDays,
          tags: args.tags,
        },
        { parent },
      ),
  );
}

function createInstances(
  cluster: aws.rds.Cluster,
  args: AuroraClusterArgs,
  parent: pulumi.Resource,
) {
  const { environment, color, tags } = args;
  const { role, permission } = createMonitoringRole(args, parent);
  const create = (_: unknown, index: number) =>
    new aws.rds.ClusterInstance(
      resourceName(`db-instance-${index + 1}`, environment, color),
      {
        clusterIdentifier: cluster.id,
        engine: "aurora-mysql",
        engineVersion: cluster.engineVersion,
        instanceClass: args.instanceClass,
        publiclyAccessible: false,
        // The first is the writer; the others follow it in this order.
        promotionTier: index,
        autoMinorVersionUpgrade: false,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        copyTagsToSnapshot: true,
        monitoringInterval: 60,
        monitoringRoleArn: role.arn,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: args.dataKeyArn,
        performanceInsightsRetentionPeriod: 7,
        tags,
      },
      // RDS refuses a monitoring role that may not yet do what it is for.
      { parent, protect: args.deletionProtection, dependsOn: [permission] },
    );
  return Array.from({ length: args.instanceCount }, create);
}

/** RDS makes and rotates the master password itself; every 30 days instead of its usual seven. */
function rotateMasterPassword(
  secretId: pulumi.Output<string>,
  args: AuroraClusterArgs,
  parent: pulumi.Resource,
) {
  new aws.secretsmanager.SecretRotation(
    resourceName("db-master-rotation", args.environment, args.color),
    {
      secretId,
      rotationRules: { automaticallyAfterDays: 30 },
      rotateImmediately: false,
    },
    { parent },
  );
}

/** The categories that Security Hub asks for (RDS.19 and RDS.20), and failovers. */
function subscribe(
  cluster: aws.rds.Cluster,
  instances: aws.rds.ClusterInstance[],
  args: AuroraClusterArgs,
  parent: pulumi.Resource,
) {
  const { environment, color, tags, alertsTopicArn: snsTopic } = args;
  new aws.rds.EventSubscription(
    resourceName("db-cluster-events", environment, color),
    {
      snsTopic,
      sourceType: "db-cluster",
      sourceIds: [cluster.id],
      eventCategories: ["failover", "failure", "maintenance"],
      tags,
    },
    { parent },
  );
  new aws.rds.EventSubscription(
    resourceName("db-instance-events", environment, color),
    {
      snsTopic,
      sourceType: "db-instance",
      sourceIds: instances.map(({ id }) => id),
      eventCategories: ["configuration change", "failure", "maintenance"],
      tags,
    },
    { parent },
  );
}

function createMonitoringRole(args: AuroraClusterArgs, parent: pulumi.Resource) {
  const { environment, color, tags } = args;
  const role = new aws.iam.Role(
    resourceName("db-monitoring-role", environment, color),
    {
      assumeRolePolicy: pulumi
        .output(args.accountId)
        .apply((accountId) => trustPolicy("monitoring.rds.amazonaws.com", accountId)),
      tags,
    },
    { parent },
  );
  const permission = new aws.iam.RolePolicyAttachment(
    resourceName("db-monitoring-policy", environment, color),
    {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    },
    { parent },
  );
  return { role, permission };
}
