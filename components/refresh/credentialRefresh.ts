import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Consumer, TIMEOUT_SECONDS, type Variables } from "../../lambdas/refresh/contract";
import { createHandler } from "../../lambdas/refresh/handler";
import { type CommonArgs, resourceName } from "../common";
import {
  createFunction,
  createFunctionLogs,
  createFunctionRole,
  createSchedule,
} from "../functions/lambdaFunction";
import { refreshStatements } from "./permissions";

/** A `Consumer` of lambdas/refresh/contract.ts, whose ARNs may not be known yet. */
export type ConsumerArgs =
  | {
      kind: "service";
      /** What people call it in messages, such as "the blue service". */
      name: string;
      clusterArn: pulumi.Input<string>;
      serviceArn: pulumi.Input<string>;
      /** The secrets that its containers read when they start. */
      secretArns: pulumi.Input<pulumi.Input<string>[]>;
    }
  | {
      kind: "replicationTask";
      name: string;
      taskArn: pulumi.Input<string>;
      /** The secrets of its two endpoints. */
      secretArns: pulumi.Input<pulumi.Input<string>[]>;
    };

export interface CredentialRefreshArgs extends CommonArgs {
  /** Refreshed in this order, one at a time. */
  consumers: ConsumerArgs[];
  /** Where the cutover controller keeps its state: nothing is refreshed while a cutover runs. */
  stateTable: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  /** For people: what was done. */
  topicArn: pulumi.Input<string>;
  keyArns: {
    /** Key of the state table. */
    data: pulumi.Input<string>;
    /** Key of the topic. */
    messaging: pulumi.Input<string>;
    logs: pulumi.Input<string>;
    compute: pulumi.Input<string>;
  };
  region: string;
  logRetentionDays: number;
}

/** Between two looks. */
export const INTERVAL_MINUTES = 15;

/**
 * The function that brings rotated credentials to those who go on using the ones they began with:
 * services, by new tasks, and replication tasks, by a stop and a start.
 *
 * It looks at what is there every 15 minutes instead of waiting for events of rotations: an event
 * that got lost would show only a month later, when the old credentials end.
 */
export class CredentialRefresh extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: CredentialRefreshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:refresh:CredentialRefresh", name, {}, opts);
    if (args.consumers.length === 0)
      throw new Error(`${name} needs at least one consumer: leave it out where there is none`);
    const consumers: pulumi.Output<Consumer[]> = pulumi.output(args.consumers);
    const logGroup = createFunctionLogs(
      "refresh",
      { ...args, logsKeyArn: args.keyArns.logs },
      this,
    );
    const role = createRole(consumers, logGroup, args, this);
    const refresh = createRefresh(consumers, role, logGroup, args, this);
    wake(refresh, args, this);
    this.functionName = refresh.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

function createRole(
  consumers: pulumi.Output<Consumer[]>,
  logGroup: aws.cloudwatch.LogGroup,
  args: CredentialRefreshArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const resources = pulumi.output({
    consumers,
    stateTableArn: args.stateTable.arn,
    topicArn: args.topicArn,
    logGroupArn: logGroup.arn,
    dataKeyArn: args.keyArns.data,
    messagingKeyArn: args.keyArns.messaging,
    region: args.region,
  });
  const statements = resources.apply(refreshStatements);
  return createFunctionRole("refresh", { ...args, statements }, parent).role;
}

function createRefresh(
  consumers: pulumi.Output<Consumer[]>,
  role: aws.iam.Role,
  logGroup: aws.cloudwatch.LogGroup,
  args: CredentialRefreshArgs,
  parent: pulumi.Resource,
) {
  const variables: { [name in keyof Variables]: pulumi.Input<string> } = {
    PAYMENTS_ENVIRONMENT: args.environment,
    PAYMENTS_STATE_TABLE: args.stateTable.name,
    PAYMENTS_TOPIC_ARN: args.topicArn,
    PAYMENTS_CONSUMERS: consumers.apply((list) => JSON.stringify(list)),
  };
  return createFunction(
    "refresh",
    {
      ...args,
      description: `Brings rotated credentials to their consumers in ${args.environment}`,
      callbackFactory: () => createHandler(process.env),
      role,
      logGroup,
      timeoutSeconds: TIMEOUT_SECONDS,
      variables,
      computeKeyArn: args.keyArns.compute,
    },
    parent,
  );
}

function wake(refresh: aws.lambda.Function, args: CredentialRefreshArgs, parent: pulumi.Resource) {
  createSchedule(
    "refresh",
    refresh,
    {
      ...args,
      description: "Wakes the refresh of credentials",
      expression: `rate(${INTERVAL_MINUTES} minutes)`,
    },
    parent,
  );
  new aws.lambda.FunctionEventInvokeConfig(
    resourceName("refresh-invocations", args.environment),
    // The target's policy is for delivery; the repetition of a failed invocation is Lambda's own.
    { functionName: refresh.name, maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    { parent },
  );
}
