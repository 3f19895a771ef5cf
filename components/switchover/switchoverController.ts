import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import {
  type SwitchoverClusters,
  TIMEOUT_SECONDS,
  type Variables,
} from "../../lambdas/switchover/contract";
import { createHandler } from "../../lambdas/switchover/handler";
import { type CommonArgs, resourceName } from "../common";
import {
  createFunction,
  createFunctionLogs,
  createFunctionRole,
  createSchedule,
} from "../functions/lambdaFunction";
import { switchoverStatements } from "./permissions";

/** One cluster, as `SwitchoverCluster` of lambdas/switchover/contract.ts. */
export interface SwitchoverClusterArgs {
  clusterArn: pulumi.Input<string>;
  administratorSecretArn: pulumi.Input<string>;
  endpoint: pulumi.Input<string>;
  applicationSecretArn: pulumi.Input<string>;
  taskArn: pulumi.Input<string>;
}

export interface SwitchoverControllerArgs extends CommonArgs {
  clusters: { [color in Color]: SwitchoverClusterArgs };
  /** Names of database users who may write to a fenced cluster. */
  administrators: string[];
  stateTable: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  writerPointer: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  /** For people: what was decided. */
  topicArn: pulumi.Input<string>;
  keyArns: {
    data: pulumi.Input<string>;
    secrets: pulumi.Input<string>;
    messaging: pulumi.Input<string>;
    logs: pulumi.Input<string>;
    compute: pulumi.Input<string>;
  };
  accountId: pulumi.Input<string>;
  region: string;
  logRetentionDays: number;
}

/**
 * The function that moves the database writer, with its role and schedule.
 *
 * A function of its own, and a role of its own: what moves payments can touch no database, and what
 * moves the writer no payments. Its passes come several times a second while payments wait, and must not
 * keep a rollback from being put on record.
 */
export class SwitchoverController extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly functionArn: pulumi.Output<string>;

  constructor(
    name: string,
    args: SwitchoverControllerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("payments:switchover:SwitchoverController", name, {}, opts);
    const logGroup = createFunctionLogs(
      "switchover",
      { ...args, logsKeyArn: args.keyArns.logs },
      this,
    );
    const role = createRole(logGroup, args, this);
    const controller = createController(role, logGroup, args, this);
    createSchedule(
      "switchover",
      controller,
      { ...args, description: "Wakes the switchover", expression: "rate(1 minute)" },
      this,
    );
    new aws.lambda.FunctionEventInvokeConfig(
      resourceName("switchover-invocations", args.environment),
      // A request that comes late would surprise people, and the schedule repeats all else.
      { functionName: controller.name, maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      { parent: this },
    );
    this.functionName = controller.name;
    this.functionArn = controller.arn;
    this.registerOutputs({ functionName: this.functionName, functionArn: this.functionArn });
  }
}

function createRole(
  logGroup: aws.cloudwatch.LogGroup,
  args: SwitchoverControllerArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  const { clusters, keyArns, environment, region, accountId } = args;
  // Its own ARN is known only when it has been made, with this role.
  const itself = resourceName("switchover-function", environment);
  const resources = pulumi.output({
    clusterArns: COLORS.map((color) => clusters[color].clusterArn),
    administratorSecretArns: COLORS.map((color) => clusters[color].administratorSecretArn),
    taskArns: COLORS.map((color) => clusters[color].taskArn),
    writerPointerArn: args.writerPointer.arn,
    stateTableArn: args.stateTable.arn,
    topicArn: args.topicArn,
    logGroupArn: logGroup.arn,
    functionArn: pulumi.interpolate`arn:aws:lambda:${region}:${accountId}:function:${itself}-*`,
    keyArns: { data: keyArns.data, secrets: keyArns.secrets, messaging: keyArns.messaging },
    region,
  });
  const statements = resources.apply(switchoverStatements);
  return createFunctionRole("switchover", { ...args, statements }, parent).role;
}

function createController(
  role: aws.iam.Role,
  logGroup: aws.cloudwatch.LogGroup,
  args: SwitchoverControllerArgs,
  parent: pulumi.Resource,
) {
  const clusters: pulumi.Output<SwitchoverClusters> = pulumi.output(args.clusters);
  const variables: { [name in keyof Variables]: pulumi.Input<string> } = {
    PAYMENTS_ENVIRONMENT: args.environment,
    PAYMENTS_STATE_TABLE: args.stateTable.name,
    PAYMENTS_TOPIC_ARN: args.topicArn,
    PAYMENTS_WRITER_PARAMETER: args.writerPointer.name,
    PAYMENTS_CLUSTERS: clusters.apply((all) => JSON.stringify(all)),
    PAYMENTS_ADMINISTRATORS: args.administrators.join(","),
  };
  return createFunction(
    "switchover",
    {
      ...args,
      description: `Moves the database writer between blue and green in ${args.environment}`,
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
