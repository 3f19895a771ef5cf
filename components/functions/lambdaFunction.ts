import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import {
  type CommonArgs,
  createServiceRole,
  type PolicyStatement,
  resourceName,
  type ServiceRole,
} from "../common";

export interface FunctionLogsArgs extends CommonArgs {
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** Made beforehand: Lambda would make it without a key of ours and without an end. */
export function createFunctionLogs(
  kind: string,
  { environment, tags, logsKeyArn, logRetentionDays }: FunctionLogsArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    resourceName(`${kind}-logs`, environment),
    { kmsKeyId: logsKeyArn, retentionInDays: logRetentionDays, tags },
    { parent },
  );
}

export interface FunctionRoleArgs extends CommonArgs {
  /** All that the function may do. */
  statements: pulumi.Input<PolicyStatement[]>;
}

export function createFunctionRole(
  kind: string,
  { environment, tags, statements }: FunctionRoleArgs,
  parent: pulumi.Resource,
): ServiceRole {
  // Lambda does not say for which account it takes a role.
  const service = "lambda.amazonaws.com";
  return createServiceRole(kind, { environment, tags, service, statements }, parent);
}

export interface FunctionArgs<E, R> extends CommonArgs {
  /** What the function does, for people. */
  description: string;
  /** Runs once per cold start; what it returns serves each invocation. */
  callbackFactory: aws.lambda.CallbackFactory<E, R>;
  role: aws.iam.Role;
  logGroup: aws.cloudwatch.LogGroup;
  timeoutSeconds: number;
  /** @default none */
  variables?: { [name: string]: pulumi.Input<string> };
  /** Encrypts the variables. */
  computeKeyArn: pulumi.Input<string>;
}

/**
 * A function whose code is the program's own, serialized.
 *
 * None runs in the VPC: they call AWS's public APIs only, and must work when the network does not.
 */
export function createFunction<E, R>(
  kind: string,
  args: FunctionArgs<E, R>,
  parent: pulumi.Resource,
): aws.lambda.CallbackFunction<E, R> {
  const { variables } = args;
  return new aws.lambda.CallbackFunction(
    resourceName(`${kind}-function`, args.environment),
    {
      description: args.description,
      callbackFactory: args.callbackFactory,
      // Given, so that no policies are attached: the default is nine that allow nearly everything.
      role: args.role.arn,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      timeout: args.timeoutSeconds,
      memorySize: 256,
      ...(variables && { environment: { variables } }),
      kmsKeyArn: args.computeKeyArn,
      loggingConfig: { logFormat: "JSON", logGroup: args.logGroup.name },
      tags: args.tags,
    },
    { parent },
  );
}

export interface ScheduleArgs extends CommonArgs {
  description: string;
  /** In EventBridge's words, such as `rate(1 minute)`. */
  expression: string;
}

/** Events that wake a function. One that comes too late is dropped: the next sees all that it would. */
export function createSchedule(
  kind: string,
  target: aws.lambda.Function,
  { environment, tags, description, expression }: ScheduleArgs,
  parent: pulumi.Resource,
): void {
  const rule = new aws.cloudwatch.EventRule(
    resourceName(`${kind}-schedule`, environment),
    { description, scheduleExpression: expression, tags },
    { parent },
  );
  new aws.lambda.Permission(
    resourceName(`${kind}-schedule-permission`, environment),
    {
      action: "lambda:InvokeFunction",
      function: target.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    resourceName(`${kind}-schedule-target`, environment),
    {
      rule: rule.name,
      arn: target.arn,
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    },
    { parent },
  );
}
