import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "../../lambdas/cutover/contract";
import { type CommonArgs, policyDocument, resourceName, trustPolicy } from "../common";
import { CONTAINER_NAME, containerDefinitions } from "./task";

export interface ColorServiceArgs extends CommonArgs {
  color: Color;
  clusterArn: pulumi.Input<string>;
  /** Container image; pinned by digest outside development. */
  image: string;
  port: number;
  /** CPU units of a task; 1024 is one vCPU. */
  cpu: number;
  /** Memory of a task, in MiB. */
  memory: number;
  taskCount: number;
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
  targetGroupArn: pulumi.Input<string>;
  /** What sends to the target group: ECS refuses a service whose group no load balancer uses yet. */
  targetGroupUser: pulumi.Resource;
  writerPointer: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  /**
   * Secrets of the application's database users, in both clusters: either cluster may be the one
   * that takes writes. Read by the application itself, since the writer changes while it runs.
   */
  databaseSecretArns: pulumi.Input<string>[];
  secretsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** One color's copy of the application, on Fargate. */
export class ColorService extends pulumi.ComponentResource {
  public readonly serviceArn: pulumi.Output<string>;

  constructor(name: string, args: ColorServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:compute:ColorService", name, {}, opts);
    const logGroup = new aws.cloudwatch.LogGroup(
      resourceName("app-logs", args.environment, args.color),
      { kmsKeyId: args.logsKeyArn, retentionInDays: args.logRetentionDays, tags: args.tags },
      { parent: this },
    );
    const taskDefinition = createTaskDefinition(logGroup, args, this);
    const service = createService(taskDefinition, args, this);
    this.serviceArn = service.arn;
    this.registerOutputs({ serviceArn: this.serviceArn });
  }
}

function createTaskDefinition(
  logGroup: aws.cloudwatch.LogGroup,
  args: ColorServiceArgs,
  parent: pulumi.Resource,
): aws.ecs.TaskDefinition {
  const { environment, color, image, port, region } = args;
  const names = pulumi.all([logGroup.name, args.writerPointer.name]);
  return new aws.ecs.TaskDefinition(
    resourceName("app-task", environment, color),
    {
      family: `payments-${environment}-${color}`,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(args.cpu),
      memory: String(args.memory),
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      executionRoleArn: createExecutionRole(logGroup, args, parent).arn,
      taskRoleArn: createTaskRole(args, parent).arn,
      containerDefinitions: names.apply(([logGroupName, writerPointerName]) =>
        containerDefinitions({
          environment,
          color,
          image,
          port,
          region,
          logGroupName,
          writerPointerName,
        }),
      ),
      tags: args.tags,
    },
    { parent },
  );
}

function createService(
  taskDefinition: aws.ecs.TaskDefinition,
  args: ColorServiceArgs,
  parent: pulumi.Resource,
): aws.ecs.Service {
  return new aws.ecs.Service(
    resourceName("app-service", args.environment, args.color),
    {
      cluster: args.clusterArn,
      taskDefinition: taskDefinition.arn,
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      desiredCount: args.taskCount,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      availabilityZoneRebalancing: "ENABLED",
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
    // Here and not on the component, whose dependencies its children do not inherit.
    { parent, dependsOn: [args.targetGroupUser] },
  );
}

/** What ECS itself needs to start a task: the image and a place for its logs. */
function createExecutionRole(
  logGroup: aws.cloudwatch.LogGroup,
  args: ColorServiceArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const policy = pulumi.all([logGroup.arn, args.accountId]).apply(([logGroupArn, accountId]) =>
    policyDocument([
      // AWS offers no narrower resource for the login; the images below are this account's.
      { Sid: "RegistryLogin", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Sid: "PullImages",
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ],
        Resource: `arn:aws:ecr:${args.region}:${accountId}:repository/*`,
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logGroupArn}:*`,
      },
    ]),
  );
  return createRole("app-execution", policy, args, parent);
}

/** What the application itself may do. */
function createTaskRole(args: ColorServiceArgs, parent: pulumi.Resource): aws.iam.Role {
  const resources = pulumi.output({
    pointerArn: args.writerPointer.arn,
    secretArns: args.databaseSecretArns,
    keyArn: args.secretsKeyArn,
  });
  const policy = resources.apply(({ pointerArn, secretArns, keyArn }) =>
    policyDocument([
      { Sid: "FindTheWriter", Effect: "Allow", Action: "ssm:GetParameter", Resource: pointerArn },
      {
        Sid: "ReadDatabaseCredentials",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: secretArns,
      },
      {
        Sid: "DecryptDatabaseCredentials",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: {
          StringEquals: { "kms:ViaService": `secretsmanager.${args.region}.amazonaws.com` },
        },
      },
    ]),
  );
  return createRole("app-task", policy, args, parent);
}

function createRole(
  kind: string,
  policy: pulumi.Input<string>,
  args: ColorServiceArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const { environment, color, tags } = args;
  const assumeRolePolicy = pulumi
    .output(args.accountId)
    .apply((accountId) => trustPolicy("ecs-tasks.amazonaws.com", accountId));
  const role = new aws.iam.Role(
    resourceName(`${kind}-role`, environment, color),
    { assumeRolePolicy, tags },
    { parent },
  );
  new aws.iam.RolePolicy(
    resourceName(`${kind}-policy`, environment, color),
    { role: role.id, policy },
    { parent },
  );
  return role;
}
