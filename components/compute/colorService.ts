import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../common";
import { createAutoscaling } from "./autoscaling";
import { CAPACITY_PROVIDERS, type FargateCapacity, fargatePairMistake } from "./fargate";
import { type ScalingArgs, scalingMistakes } from "./scaling";
import { CONTAINER_NAME } from "./task";
import { createExecutionRole, createTaskDefinition, type TaskArgs } from "./taskDefinition";

export interface ColorServiceArgs extends TaskArgs {
  clusterArn: pulumi.Input<string>;
  port: number;
  /** Tasks that run; with `scaling` the least, which the color has as the standby too. */
  taskCount: number;
  /** @default always `taskCount` tasks */
  scaling?: ScalingArgs;
  /** What the tasks run on; the cluster must have it. Changing it replaces the service. @default on-demand */
  capacity?: FargateCapacity;
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
  targetGroupArn: pulumi.Input<string>;
  /** What sends to the target group: ECS refuses a service whose group no load balancer uses yet. */
  targetGroupUser: pulumi.Resource;
  /**
   * Secrets of the application's database users, in both clusters: either cluster may be the one
   * that takes writes. Read by the application itself, since the writer changes while it runs.
   */
  databaseSecretArns: pulumi.Input<string>[];
  /** @default the image brings no migrations */
  migrations?: MigrationArgs;
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** How the image changes the tables of a cluster to what it needs. */
export interface MigrationArgs {
  /** What runs in the image instead of the application, such as `["node", "migrate.js"]`. */
  command: readonly string[];
  /** Secrets of the users that may change tables, in both clusters. */
  databaseSecretArns: pulumi.Input<string>[];
}

/** One color's copy of the application, on Fargate. */
export class ColorService extends pulumi.ComponentResource {
  public readonly serviceArn: pulumi.Output<string>;
  /** Task definition that the service should run. */
  public readonly taskArn: pulumi.Output<string>;
  /**
   * What a person or a pipeline runs once for each cluster, before the color gets payments; which
   * cluster it is for is said when it is run. Undefined without migrations.
   */
  public readonly migrationTaskArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: ColorServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:compute:ColorService", name, {}, opts);
    const mistakes = serviceMistakes(args);
    if (mistakes.length > 0)
      throw new pulumi.ResourceError(`service ${name}: ${mistakes.join("\n  ")}`, this, true);
    const logGroup = new aws.cloudwatch.LogGroup(
      resourceName("app-logs", args.environment, args.color),
      { kmsKeyId: args.logsKeyArn, retentionInDays: args.logRetentionDays, tags: args.tags },
      { parent: this },
    );
    const executionRole = createExecutionRole(logGroup, args, this);
    const task = createApplicationTask(logGroup, executionRole, args, this);
    const service = createService(task, args, this);
    if (args.scaling) createAutoscaling(service, { ...args, scaling: args.scaling }, this);
    this.serviceArn = service.arn;
    this.taskArn = task.arn;
    this.migrationTaskArn =
      args.migrations &&
      createMigrationTask(args.migrations, logGroup, executionRole, args, this).arn;
    const { serviceArn, migrationTaskArn } = this;
    this.registerOutputs({ serviceArn, ...(migrationTaskArn && { migrationTaskArn }) });
  }
}

function serviceMistakes(args: ColorServiceArgs): string[] {
  const { cpu, memory, taskCount, scaling, migrations } = args;
  const mistakes = scaling === undefined ? [] : scalingMistakes(taskCount, scaling);
  const pairMistake = fargatePairMistake(cpu, memory);
  if (pairMistake !== undefined) mistakes.push(pairMistake);
  if (migrations?.command.length === 0)
    // The image's own command would run, which is the application.
    mistakes.push(
      "got migrations without a command, allowed: a command of the image, or no migrations",
    );
  return mistakes;
}

function createApplicationTask(
  logGroup: aws.cloudwatch.LogGroup,
  executionRole: aws.iam.Role,
  args: ColorServiceArgs,
  parent: pulumi.Resource,
): aws.ecs.TaskDefinition {
  return createTaskDefinition(
    logGroup,
    {
      kind: "app",
      family: `payments-${args.environment}-${args.color}`,
      purpose: { port: args.port },
      executionRole,
      secretArns: args.databaseSecretArns,
    },
    args,
    parent,
  );
}

/** Same image, other command; a role of its own, since the application must not change tables. */
function createMigrationTask(
  { command, databaseSecretArns }: MigrationArgs,
  logGroup: aws.cloudwatch.LogGroup,
  executionRole: aws.iam.Role,
  args: ColorServiceArgs,
  parent: pulumi.Resource,
): aws.ecs.TaskDefinition {
  return createTaskDefinition(
    logGroup,
    {
      kind: "migration",
      family: `payments-${args.environment}-${args.color}-migrations`,
      purpose: { command },
      executionRole,
      secretArns: databaseSecretArns,
    },
    args,
    parent,
  );
}

function createService(
  taskDefinition: aws.ecs.TaskDefinition,
  args: ColorServiceArgs,
  parent: pulumi.Resource,
): aws.ecs.Service {
  const capacityProvider = CAPACITY_PROVIDERS[args.capacity ?? "on-demand"];
  return new aws.ecs.Service(
    resourceName("app-service", args.environment, args.color),
    {
      cluster: args.clusterArn,
      taskDefinition: taskDefinition.arn,
      capacityProviderStrategies: [{ capacityProvider, weight: 1 }],
      platformVersion: "1.4.0",
      desiredCount: args.taskCount,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      availabilityZoneRebalancing: "ENABLED",
      // A task is not judged by the load balancer's checks while it starts.
      healthCheckGracePeriodSeconds: 60,
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      networkConfiguration: {
        subnets: args.subnetIds,
        securityGroups: [args.securityGroupId],
        assignPublicIp: false,
      },
      loadBalancers: [
        {
          targetGroupArn: args.targetGroupArn,
          containerName: CONTAINER_NAME,
          containerPort: args.port,
        },
      ],
      tags: args.tags,
    },
    {
      parent,
      // Here and not on the component, whose dependencies its children do not inherit.
      dependsOn: [args.targetGroupUser],
      // The count is then autoscaling's: no deployment may shrink a color under load.
      ignoreChanges: args.scaling ? ["desiredCount"] : [],
    },
  );
}
