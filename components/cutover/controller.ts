import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color, type Plan, type Variables } from "../../lambdas/cutover/contract";
import { createHandler } from "../../lambdas/cutover/handler";
import { type CommonArgs, policyDocument, resourceName, topicStatements } from "../common";
import {
  createFunction,
  createFunctionLogs,
  createFunctionRole,
  createSchedule,
} from "../functions/lambdaFunction";
import { controllerStatements } from "./permissions";
import { GATE_STACK } from "./releaseGate";

export interface CutoverControllerArgs extends CommonArgs {
  live: Color;
  plan: Plan;
  /** Seconds between two passes while a cutover runs. */
  tickSeconds: number;
  weightsRuleArn: pulumi.Input<string>;
  /** `LoadBalancer` dimension of the metrics. */
  loadBalancer: pulumi.Input<string>;
  targetGroupArns: { [color in Color]: pulumi.Input<string> };
  /** Services of the colors, which must run what is released before payments move there. */
  serviceArns: { [color in Color]: pulumi.Input<string> };
  /** Names of the alarms that speak for a color, by their kind. */
  alarmNames: { [color in Color]: { [kind: string]: string } };
  stateTable: { name: pulumi.Input<string>; arn: pulumi.Input<string> };
  keyArns: {
    data: pulumi.Input<string>;
    messaging: pulumi.Input<string>;
    logs: pulumi.Input<string>;
    compute: pulumi.Input<string>;
  };
  /** Hosted zone and name of the records that share clients with on-premises. @default there are none */
  dns?: { zoneId: pulumi.Input<string>; recordName: pulumi.Input<string> };
  /** Moves the database writer when a step of the plan asks for it. */
  switchoverFunctionArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
  logRetentionDays: number;
}

/** A pass takes about two seconds; the function stays for the minute between two schedule events. */
const TIMEOUT_SECONDS = 60;

/**
 * The function that moves payments between the colors, with its role, schedule and topic.
 *
 * It runs outside the VPC: it calls AWS's public APIs only, and must work when the network that
 * it takes payments back from does not.
 */
export class CutoverController extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly functionArn: pulumi.Output<string>;
  public readonly topicArn: pulumi.Output<string>;
  /** Where each pass is reported. */
  public readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: CutoverControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:cutover:CutoverController", name, {}, opts);
    const topic = createTopic(args, this);
    const logGroup = createFunctionLogs(
      "cutover",
      { ...args, logsKeyArn: args.keyArns.logs },
      this,
    );
    const role = createRole(topic, logGroup, args, this);
    const controller = createController(role, topic, logGroup, args, this);
    // While a cutover runs the function stays and passes again and again until the next event.
    createSchedule(
      "cutover",
      controller,
      { ...args, description: "Wakes the cutover controller", expression: "rate(1 minute)" },
      this,
    );
    admitAlarms(controller, args, this);
    this.functionName = controller.name;
    this.functionArn = controller.arn;
    this.topicArn = topic.arn;
    this.logGroupName = logGroup.name;
    this.registerOutputs({ functionName: this.functionName, topicArn: this.topicArn });
  }
}

function createTopic(args: CutoverControllerArgs, parent: pulumi.Resource): aws.sns.Topic {
  const topic = new aws.sns.Topic(
    resourceName("cutover-topic", args.environment),
    { kmsMasterKeyId: args.keyArns.messaging, tags: args.tags },
    { parent },
  );
  const policy = pulumi
    .all([topic.arn, args.accountId])
    .apply(([topicArn, accountId]) =>
      policyDocument(topicStatements(topicArn, accountId, ["cloudwatch.amazonaws.com"])),
    );
  new aws.sns.TopicPolicy(
    resourceName("cutover-topic-policy", args.environment),
    { arn: topic.arn, policy },
    { parent },
  );
  return topic;
}

function createRole(
  topic: aws.sns.Topic,
  logGroup: aws.cloudwatch.LogGroup,
  args: CutoverControllerArgs,
  parent: pulumi.Resource,
): aws.iam.Role {
  // Its own ARN is known only when it has been made, with this role.
  const itself = resourceName("cutover-function", args.environment);
  const resources = pulumi.output({
    ruleArn: args.weightsRuleArn,
    stateTableArn: args.stateTable.arn,
    topicArn: topic.arn,
    logGroupArn: logGroup.arn,
    dataKeyArn: args.keyArns.data,
    messagingKeyArn: args.keyArns.messaging,
    serviceArns: [args.serviceArns.blue, args.serviceArns.green],
    gateStackArns: pulumi.interpolate`arn:aws:cloudformation:${args.region}:${args.accountId}:stack/${resourceName(GATE_STACK, args.environment)}-*/*`,
    region: args.region,
    switchoverFunctionArn: args.switchoverFunctionArn,
    functionArn: pulumi.interpolate`arn:aws:lambda:${args.region}:${args.accountId}:function:${itself}-*`,
    ...(args.dns && {
      dns: {
        zoneArn: pulumi.interpolate`arn:aws:route53:::hostedzone/${args.dns.zoneId}`,
        recordName: args.dns.recordName,
      },
    }),
  });
  const statements = resources.apply(controllerStatements);
  return createFunctionRole("cutover", { ...args, statements }, parent).role;
}

function createController(
  role: aws.iam.Role,
  topic: aws.sns.Topic,
  logGroup: aws.cloudwatch.LogGroup,
  args: CutoverControllerArgs,
  parent: pulumi.Resource,
) {
  const variables: { [name in keyof Variables]: pulumi.Input<string> } = {
    PAYMENTS_ENVIRONMENT: args.environment,
    PAYMENTS_INITIAL_LIVE: args.live,
    PAYMENTS_PLAN: JSON.stringify(args.plan),
    PAYMENTS_TICK_SECONDS: String(args.tickSeconds),
    PAYMENTS_STATE_TABLE: args.stateTable.name,
    PAYMENTS_TOPIC_ARN: topic.arn,
    PAYMENTS_RULE_ARN: args.weightsRuleArn,
    PAYMENTS_LOAD_BALANCER_DIMENSION: args.loadBalancer,
    PAYMENTS_BLUE_TARGET_GROUP_ARN: args.targetGroupArns.blue,
    PAYMENTS_GREEN_TARGET_GROUP_ARN: args.targetGroupArns.green,
    PAYMENTS_BLUE_ALARMS: Object.values(args.alarmNames.blue).join(","),
    PAYMENTS_GREEN_ALARMS: Object.values(args.alarmNames.green).join(","),
    PAYMENTS_ZONE_ID: args.dns?.zoneId ?? "",
    PAYMENTS_RECORD_NAME: args.dns?.recordName ?? "",
    PAYMENTS_SWITCHOVER_FUNCTION_ARN: args.switchoverFunctionArn,
  };
  return createFunction(
    "cutover",
    {
      ...args,
      description: `Moves payments between blue and green in ${args.environment}`,
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

/** Lets this environment's alarms call the function directly, so that no rollback waits for a minute. */
function admitAlarms(
  controller: aws.lambda.Function,
  args: CutoverControllerArgs,
  parent: pulumi.Resource,
) {
  for (const color of COLORS)
    for (const [kind, name] of Object.entries(args.alarmNames[color]))
      new aws.lambda.Permission(
        resourceName(`cutover-${kind}-permission`, args.environment, color),
        {
          action: "lambda:InvokeFunction",
          function: controller.name,
          principal: "lambda.alarms.cloudwatch.amazonaws.com",
          sourceAccount: args.accountId,
          sourceArn: pulumi.interpolate`arn:aws:cloudwatch:${args.region}:${args.accountId}:alarm:${name}`,
        },
        { parent },
      );
}
