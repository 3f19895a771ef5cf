import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "../../lambdas/cutover/contract";
import { type CommonArgs, createServiceRole, type PolicyStatement, resourceName } from "../common";
import { databaseStatements, executionStatements } from "./permissions";
import { type ContainerSettings, containerDefinitions } from "./task";

/** What the tasks of a color have in common. */
export interface TaskArgs extends CommonArgs {
  color: Color;
  /** Container image; pinned by digest outside development. */
  image: pulumi.Input<string>;
  /** CPU units of a task; 1024 is one vCPU. */
  cpu: number;
  /** Memory of a task, in MiB. */
  memory: number;
  writerPointer: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  secretsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
}

export interface TaskPurpose {
  /** Prefix of the logical names: `app` or `migration`. */
  kind: string;
  /** Name under which AWS numbers the revisions. */
  family: string;
  purpose: ContainerSettings["purpose"];
  executionRole: aws.iam.Role;
  /** Secrets of the database users as whom the task logs in. */
  secretArns: pulumi.Input<string>[];
}

/** A revision of what runs, with a role of its own. */
export function createTaskDefinition(
  logGroup: aws.cloudwatch.LogGroup,
  { kind, family, purpose, executionRole, secretArns }: TaskPurpose,
  args: TaskArgs,
  parent: pulumi.Resource,
): aws.ecs.TaskDefinition {
  const { environment, color, region, writerPointer } = args;
  const names = pulumi.all([logGroup.name, writerPointer.name, args.image]);
  return new aws.ecs.TaskDefinition(
    resourceName(`${kind}-task`, environment, color),
    {
      family,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(args.cpu),
      memory: String(args.memory),
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      executionRoleArn: executionRole.arn,
      taskRoleArn: createTaskRole(kind, secretArns, args, parent).arn,
      containerDefinitions: names.apply(([logGroupName, writerPointerName, image]) =>
        containerDefinitions({
          environment,
          color,
          image,
          region,
          logGroupName,
          writerPointerName,
          purpose,
        }),
      ),
      tags: args.tags,
    },
    { parent },
  );
}

/** As whom ECS itself works for the tasks of a color. */
export function createExecutionRole(
  logGroup: aws.cloudwatch.LogGroup,
  args: TaskArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const statements = pulumi
    .all([args.image, logGroup.arn])
    .apply(([image, logGroupArn]) => executionStatements(image, logGroupArn));
  return createRole("app-execution", statements, args, parent);
}

/** What runs in the container may do this. */
function createTaskRole(
  kind: string,
  secretArns: pulumi.Input<string>[],
  args: TaskArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const access = pulumi.output({
    writerPointerArn: args.writerPointer.arn,
    secretArns,
    secretsKeyArn: args.secretsKeyArn,
    region: args.region,
  });
  return createRole(`${kind}-task`, access.apply(databaseStatements), args, parent);
}

function createRole(
  kind: string,
  statements: pulumi.Output<PolicyStatement[]>,
  { environment, color, tags, accountId }: TaskArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const service = "ecs-tasks.amazonaws.com";
  const roleArgs = { environment, tags, color, service, forAccount: accountId, statements };
  return createServiceRole(kind, roleArgs, parent).role;
}
