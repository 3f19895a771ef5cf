import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  type Color,
  type Plan,
  TABLE_KEYS,
  type Variables,
  type Weights,
} from "../../lambdas/cutover/contract";
import type { SourceName } from "../../lambdas/cutover/ports";
import type { CutoverState, DecisionRecord } from "../../lambdas/cutover/state";
import { weightsInWords } from "../support/decisions";
import type { Moto } from "../support/moto";
import * as resources from "./resources";
import {
  alarmNames,
  type Clients,
  type Messages,
  type PerColor,
  type Service,
  TABLE,
} from "./resources";

/** The function's environment variables, for what stands around it. */
export function variablesOf(
  around: Service & { topicArn: string },
  plan: Plan,
  tickSeconds: number,
  initialLive: Color,
): Variables & { AWS_LAMBDA_FUNCTION_NAME: string } {
  return {
    PAYMENTS_ENVIRONMENT: "test",
    PAYMENTS_INITIAL_LIVE: initialLive,
    PAYMENTS_PLAN: JSON.stringify(plan),
    PAYMENTS_TICK_SECONDS: String(tickSeconds),
    PAYMENTS_STATE_TABLE: TABLE,
    PAYMENTS_TOPIC_ARN: around.topicArn,
    PAYMENTS_RULE_ARN: around.ruleArn,
    PAYMENTS_LOAD_BALANCER_DIMENSION: around.loadBalancer,
    PAYMENTS_BLUE_TARGET_GROUP_ARN: around.targetGroupArns.blue,
    PAYMENTS_GREEN_TARGET_GROUP_ARN: around.targetGroupArns.green,
    PAYMENTS_BLUE_ALARMS: alarmNames("blue").join(","),
    PAYMENTS_GREEN_ALARMS: alarmNames("green").join(","),
    PAYMENTS_ZONE_ID: "",
    PAYMENTS_SWITCHOVER_FUNCTION_ARN: "",
    PAYMENTS_RECORD_NAME: "",
    AWS_LAMBDA_FUNCTION_NAME: resources.FUNCTION,
  };
}

/** What a source measured of payments. */
export interface Measured {
  failures?: number;
  slow?: number;
  /** Answered 4xx; the load balancer's only. */
  rejected?: number;
  /** Payments with a response time. @default those that did not fail */
  timed?: number;
  /** @default the load balancer */
  source?: SourceName;
}

const PARTS = ["service", "messages", "table", "alarms"] as const;
export type Part = (typeof PARTS)[number];

/**
 * The AWS side of one environment, in an emulator: what the controller moves, reads and writes,
 * made and looked at through clients of our own.
 */
export class Environment {
  readonly ruleArn: string;
  readonly targetGroupArns: PerColor<string>;
  readonly loadBalancer: string;
  readonly topicArn: string;

  private constructor(
    private readonly moto: Moto,
    readonly aws: Clients,
    service: Service,
    private readonly messages: Messages,
  ) {
    this.ruleArn = service.ruleArn;
    this.targetGroupArns = service.targetGroupArns;
    this.loadBalancer = service.loadBalancer;
    this.topicArn = messages.topicArn;
  }

  /** Everything, or only the parts that a test looks at; what is left out has names all the same. */
  static async create(moto: Moto, parts: readonly Part[] = PARTS): Promise<Environment> {
    await moto.reset();
    const aws = resources.clients(moto.url);
    const has = (part: Part) => parts.includes(part);
    const [service, messages] = await Promise.all([
      has("service") ? resources.createService(moto, aws.elb) : resources.NO_SERVICE,
      has("messages") ? resources.createMessages(moto, aws.sns) : resources.NO_MESSAGES,
      has("table") && resources.createTable(aws.dynamodb),
      has("alarms") && resources.createAlarms(aws),
    ]);
    return new Environment(moto, aws, service, messages);
  }

  variables(plan: Plan, tickSeconds: number, initialLive: Color): Variables {
    return variablesOf(this, plan, tickSeconds, initialLive);
  }

  /** How the rule forwards now. */
  async forward(): Promise<elb.ForwardActionConfig> {
    const { Rules } = await this.aws.elb.send(
      new elb.DescribeRulesCommand({ RuleArns: [this.ruleArn] }),
    );
    return Rules?.[0]?.Actions?.[0]?.ForwardConfig ?? {};
  }

  /** Percent on blue and on green, such as `90/10`. */
  async weights(): Promise<string> {
    const groups = (await this.forward()).TargetGroups ?? [];
    const of = (color: Color) =>
      groups.find((group) => group.TargetGroupArn === this.targetGroupArns[color])?.Weight ?? -1;
    return weightsInWords({ blue: of("blue"), green: of("green") });
  }

  /** What a person does in the console. */
  async changeByHand(weights: Weights, stickiness = false): Promise<void> {
    const Actions = [resources.forwardAction(this.targetGroupArns, weights, stickiness)];
    await this.aws.elb.send(new elb.ModifyRuleCommand({ RuleArn: this.ruleArn, Actions }));
  }

  /**
   * Payments of one color as a source would count them, in this minute and the next two. How many were
   * slow stands where the proxy looks for it: in the sum of the response times.
   */
  async payments(color: Color, payments: number, given: Measured = {}): Promise<void> {
    const { failures = 0, slow = 0, rejected = 0, source = "loadBalancer" } = given;
    const { timed = payments - failures } = given;
    const { Namespace, Dimensions, counts, latency } = this.metricsOf(color, source);
    const [accepted, failed] = counts;
    const sums: [string, number][] = [
      [accepted, source === "loadBalancer" ? payments : payments - failures],
      ...(failures > 0 ? [[failed, failures] as [string, number]] : []),
      ...(rejected > 0 ? [["HTTPCode_Target_4XX_Count", rejected] as [string, number]] : []),
    ];
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const MetricData = [0, 1, 2].flatMap((ahead) => {
      const common = { Dimensions, Timestamp: new Date(minute + ahead * 60_000) };
      const StatisticValues = { SampleCount: timed, Sum: slow, Minimum: 0, Maximum: slow };
      return [
        ...sums.map(([MetricName, Value]) => ({ ...common, MetricName, Value })),
        ...(timed > 0 ? [{ ...common, MetricName: latency, StatisticValues }] : []),
      ];
    });
    await this.aws.cloudwatch.send(new cloudwatch.PutMetricDataCommand({ Namespace, MetricData }));
  }

  private metricsOf(color: Color, source: SourceName) {
    if (source === "application")
      return {
        Namespace: "Payments/test",
        Dimensions: [{ Name: "Color", Value: color }],
        counts: ["PaymentsAccepted", "PaymentsFailed"] as const,
        latency: "PaymentLatency",
      };
    const group = this.targetGroupArns[color];
    return {
      Namespace: "AWS/ApplicationELB",
      Dimensions: [
        { Name: "TargetGroup", Value: group.slice(group.indexOf("targetgroup/")) },
        { Name: "LoadBalancer", Value: this.loadBalancer },
      ],
      counts: ["RequestCount", "HTTPCode_Target_5XX_Count"] as const,
      latency: "TargetResponseTime",
    };
  }

  async setAlarm(name: string, state: "OK" | "ALARM" | "INSUFFICIENT_DATA"): Promise<void> {
    await resources.setAlarm(this.aws, name, state);
  }

  async state(): Promise<CutoverState> {
    const [item] = await this.items("state");
    return JSON.parse(item?.body?.S ?? "null") as CutoverState;
  }

  /** As if the half minute were over in which an earlier pass may still be setting weights. */
  async endLease(): Promise<void> {
    const [item] = await this.items("state");
    if (item?.body?.S === undefined) return;
    const { actsUntil: _, ...state } = JSON.parse(item.body.S) as CutoverState;
    const Item = { ...item, body: { S: JSON.stringify(state) } };
    await this.aws.dynamodb.send(new dynamodb.PutItemCommand({ TableName: TABLE, Item }));
  }

  /** The audit trail, with each record's place in it. */
  async audit(): Promise<(DecisionRecord & { place: number })[]> {
    const items = await this.items("decision#");
    return items.map((item) => {
      const record = JSON.parse(item.body?.S ?? "null") as DecisionRecord;
      return { ...record, place: Number(item[TABLE_KEYS.sort]?.S?.split("#")[1]) };
    });
  }

  /** Subjects of the notifications that have arrived since they were last taken. */
  async takeSubjects(): Promise<string[]> {
    const subjects: string[] = [];
    const Action = "ReceiveMessage";
    for (let count = -1; count !== subjects.length; ) {
      count = subjects.length;
      const parameters = { Action, QueueUrl: this.messages.queueUrl, MaxNumberOfMessages: "10" };
      const text = await this.moto.call("sqs", parameters);
      for (const [, subject] of text.matchAll(/&quot;Subject&quot;:\s*&quot;(.*?)&quot;/g))
        if (subject !== undefined) subjects.push(subject);
    }
    return subjects;
  }

  private async items(sortPrefix: string) {
    const query = new dynamodb.QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: `${TABLE_KEYS.partition} = :of AND begins_with(${TABLE_KEYS.sort}, :what)`,
      ExpressionAttributeValues: { ":of": { S: "cutover#test" }, ":what": { S: sortPrefix } },
      ConsistentRead: true,
    });
    return (await this.aws.dynamodb.send(query)).Items ?? [];
  }
}
