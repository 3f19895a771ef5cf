import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as sns from "@aws-sdk/client-sns";
import {
  COLORS,
  type Color,
  TABLE_KEYS,
  type Weights,
  weightsFor,
} from "../../lambdas/cutover/contract";
import { CREDENTIALS, type Moto, REGION } from "../support/moto";

/** What stands around the controller, made as the infrastructure would make it, in an emulator. */

export type PerColor<T> = { [color in Color]: T };

export function clients(endpoint: string) {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  // moto unpacks a compressed body twice, and fails.
  const settings = { endpoint, region: REGION, credentials: CREDENTIALS };
  return {
    elb: new elb.ElasticLoadBalancingV2Client(settings),
    cloudwatch: new cloudwatch.CloudWatchClient({ ...settings, disableRequestCompression: true }),
    dynamodb: new dynamodb.DynamoDBClient(settings),
    sns: new sns.SNSClient(settings),
  };
}

export type Clients = ReturnType<typeof clients>;

export const TABLE = "cutover-test";

/** Name of the function itself, of which the emulator knows nothing: nobody is woken there. */
export const FUNCTION = "cutover-function-test";

export function alarmNames(color: Color): [string, string] {
  return [`${color}-5xx`, `${color}-p99`];
}

export interface Service {
  ruleArn: string;
  targetGroupArns: PerColor<string>;
  /** `LoadBalancer` dimension of the metrics. */
  loadBalancer: string;
}

export interface Messages {
  topicArn: string;
  queueUrl: string;
}

const SERVICE = `arn:aws:elasticloadbalancing:${REGION}:123456789012`;
export const NO_SERVICE: Service = {
  ruleArn: `${SERVICE}:listener-rule/app/none/0/0/0`,
  targetGroupArns: {
    blue: `${SERVICE}:targetgroup/blue/0`,
    green: `${SERVICE}:targetgroup/green/0`,
  },
  loadBalancer: "app/none/0",
};
export const NO_MESSAGES: Messages = {
  topicArn: `arn:aws:sns:${REGION}:123456789012:none`,
  queueUrl: "",
};

export async function createService(
  moto: Moto,
  client: elb.ElasticLoadBalancingV2Client,
): Promise<Service> {
  const { vpc, subnets } = await createNetwork(moto);
  const { LoadBalancers } = await client.send(
    new elb.CreateLoadBalancerCommand({ Name: "payments", Subnets: subnets }),
  );
  const loadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const [blue = "", green = ""] = await Promise.all(
    COLORS.map((color, index) => createColor(client, color, vpc, `10.0.0.${index + 10}`)),
  );
  const targetGroupArns = { blue, green };
  const nothing = { Type: "fixed-response" as const, FixedResponseConfig: { StatusCode: "404" } };
  const { Listeners } = await client.send(
    new elb.CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [nothing],
    }),
  );
  const { Rules } = await client.send(
    new elb.CreateRuleCommand({
      ListenerArn: Listeners?.[0]?.ListenerArn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }],
      Actions: [forwardAction(targetGroupArns, weightsFor("blue", 100), false)],
    }),
  );
  const loadBalancer = loadBalancerArn.slice(loadBalancerArn.indexOf("app/"));
  return { ruleArn: Rules?.[0]?.RuleArn ?? "", targetGroupArns, loadBalancer };
}

async function createNetwork(moto: Moto): Promise<{ vpc: string; subnets: string[] }> {
  const Version = "2016-11-15";
  const created = async (parameters: { [name: string]: string }, tag: string) => {
    const text = await moto.call("ec2", { Version, ...parameters });
    return text.match(new RegExp(`<${tag}>(.*?)</${tag}>`))?.[1] ?? "";
  };
  const vpc = await created({ Action: "CreateVpc", CidrBlock: "10.0.0.0/16" }, "vpcId");
  const subnets = await Promise.all(
    ["a", "b"].map((zone, index) => {
      const place = { CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `${REGION}${zone}` };
      return created({ Action: "CreateSubnet", VpcId: vpc, ...place }, "subnetId");
    }),
  );
  return { vpc, subnets };
}

async function createColor(
  client: elb.ElasticLoadBalancingV2Client,
  color: Color,
  VpcId: string,
  address: string,
): Promise<string> {
  const { TargetGroups } = await client.send(
    new elb.CreateTargetGroupCommand({
      Name: color,
      Protocol: "HTTP",
      Port: 8080,
      TargetType: "ip",
      VpcId,
    }),
  );
  const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Targets = [{ Id: address, Port: 8080 }];
  await client.send(new elb.RegisterTargetsCommand({ TargetGroupArn: arn, Targets }));
  return arn;
}

export function forwardAction(
  groups: PerColor<string>,
  weights: Weights,
  stickiness: boolean,
): elb.Action {
  const TargetGroups = COLORS.map((color) => ({
    TargetGroupArn: groups[color],
    Weight: weights[color],
  }));
  const TargetGroupStickinessConfig = stickiness
    ? { Enabled: true, DurationSeconds: 60 }
    : { Enabled: false };
  const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig };
  return { Type: "forward", Order: 1, ForwardConfig };
}

export async function createMessages(moto: Moto, client: sns.SNSClient): Promise<Messages> {
  const { TopicArn = "" } = await client.send(new sns.CreateTopicCommand({ Name: "cutover" }));
  const text = await moto.call("sqs", { Action: "CreateQueue", QueueName: "people" });
  const queueUrl = text.match(/<QueueUrl>(.*?)<\/QueueUrl>/)?.[1] ?? "";
  const Endpoint = `arn:aws:sqs:${REGION}:123456789012:people`;
  await client.send(new sns.SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  return { topicArn: TopicArn, queueUrl };
}

export async function createTable(client: dynamodb.DynamoDBClient): Promise<void> {
  const { partition, sort } = TABLE_KEYS;
  await client.send(
    new dynamodb.CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [partition, sort].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: partition, KeyType: "HASH" },
        { AttributeName: sort, KeyType: "RANGE" },
      ],
    }),
  );
}

/** Two for each color, quiet. */
export async function createAlarms(aws: Clients): Promise<void> {
  const names = COLORS.flatMap(alarmNames);
  await Promise.all(
    names.map((AlarmName) =>
      aws.cloudwatch.send(
        new cloudwatch.PutMetricAlarmCommand({
          AlarmName,
          Namespace: "AWS/ApplicationELB",
          MetricName: "HTTPCode_Target_5XX_Count",
          Statistic: "Sum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanThreshold",
        }),
      ),
    ),
  );
  await Promise.all(names.map((name) => setAlarm(aws, name, "OK")));
}

export async function setAlarm(
  aws: Clients,
  AlarmName: string,
  StateValue: "OK" | "ALARM" | "INSUFFICIENT_DATA",
): Promise<void> {
  const command = { AlarmName, StateValue, StateReason: "set by a test" };
  await aws.cloudwatch.send(new cloudwatch.SetAlarmStateCommand(command));
}
