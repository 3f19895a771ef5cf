import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Color, Limits } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";
import { anyRed } from "./alarm";
import { alarmName, colorAlarmName } from "./alarmNames";

export interface ColorAlarmsArgs extends CommonArgs {
  color: Color;
  /** Dimensions of the load balancer's metrics. */
  loadBalancer: pulumi.Input<string>;
  targetGroup: pulumi.Input<string>;
  /** What the alarms hold a minute's payments against; the same as the controller. */
  limits: Limits;
  /** Topic for people, and the controller, which acts at once. */
  actions: pulumi.Input<string>[];
}

/**
 * The alarms that take a color's payments back. Without data they are neither red nor green: the
 * controller then holds, since silence is not health.
 *
 * A further alarm over these is for people: whether anything is wrong with the color. It is told to
 * the topic and not to the controller, which judges each by itself and names it in its reasons.
 */
export class ColorAlarms extends pulumi.ComponentResource {
  /** Name of the alarm that is red when any other one here is. */
  public readonly alarmName: pulumi.Output<string>;
  /** Of all alarms here, that one first. */
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: ColorAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:ColorAlarms", name, {}, opts);
    const alarms = [
      createUnhealthyTargets(args, this),
      createErrors(args, this),
      createLatency(args, this),
    ];
    const any = createComposite(alarms, args, this);
    this.alarmName = any.alarmName;
    this.alarmArns = [any, ...alarms].map(({ arn }) => arn);
    this.registerOutputs({ alarmName: this.alarmName, alarmArns: this.alarmArns });
  }
}

function createUnhealthyTargets(args: ColorAlarmsArgs, parent: pulumi.Resource) {
  const { environment, color } = args;
  return new aws.cloudwatch.MetricAlarm(
    resourceName("unhealthy-targets", environment, color),
    {
      name: alarmName("unhealthy-targets", environment, color),
      alarmDescription: `A task of ${color} fails its health check. The controller takes payments back from a standby color.`,
      namespace: "AWS/ApplicationELB",
      metricName: "UnHealthyHostCount",
      dimensions: { LoadBalancer: args.loadBalancer, TargetGroup: args.targetGroup },
      statistic: "Maximum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      ...alarmBehavior(args),
    },
    { parent },
  );
}

function createErrors(args: ColorAlarmsArgs, parent: pulumi.Resource) {
  const { environment, color, limits } = args;
  const { maxErrorsPerThousand, minimumPayments } = limits;
  return new aws.cloudwatch.MetricAlarm(
    resourceName("errors", environment, color),
    {
      name: alarmName("errors", environment, color),
      alarmDescription: `More than ${maxErrorsPerThousand} per thousand payments fail on ${color}. The controller takes payments back from a standby color.`,
      metricQueries: [
        {
          id: "per_thousand",
          label: "failed payments per thousand",
          // Failures are published only when there are some; payments tell whether there is data.
          // A quiet minute counts as one of the least number, so that a single failure in it, more
          // than the limit by itself, does not take a good release back.
          expression: `1000 * FILL(failures, 0) / IF(payments > ${minimumPayments}, payments, ${minimumPayments})`,
          returnData: true,
        },
        query("failures", "HTTPCode_Target_5XX_Count", "Sum", args),
        query("payments", "RequestCount", "Sum", args),
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: maxErrorsPerThousand,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      ...alarmBehavior(args),
    },
    { parent },
  );
}

function createLatency(args: ColorAlarmsArgs, parent: pulumi.Resource) {
  const { environment, color, limits } = args;
  const { maxP99Milliseconds, minimumPayments } = limits;
  return new aws.cloudwatch.MetricAlarm(
    resourceName("latency", environment, color),
    {
      name: alarmName("latency", environment, color),
      alarmDescription: `More than 1 of 100 payments take ${color} longer than ${maxP99Milliseconds} ms. The controller takes payments back from a standby color.`,
      metricQueries: [
        {
          id: "p99_milliseconds",
          label: "99th percentile of the response time, in milliseconds",
          // The slowest of a few payments is chance, so a quiet minute counts as a fast one. It must
          // count as something: an alarm without data makes the controller hold until it gives up.
          // CloudWatch's own guard, evaluateLowSampleCountPercentiles, wants 1,000 payments a minute.
          expression: `1000 * IF(payments >= ${minimumPayments}, p99, 0)`,
          returnData: true,
        },
        query("p99", "TargetResponseTime", "p99", args),
        query("payments", "RequestCount", "Sum", args),
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: maxP99Milliseconds,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      ...alarmBehavior(args),
    },
    { parent },
  );
}

function createComposite(
  alarms: aws.cloudwatch.MetricAlarm[],
  args: ColorAlarmsArgs,
  parent: pulumi.Resource,
) {
  const { environment, color, tags } = args;
  // Names as outputs: AWS refuses a rule on an alarm that is not there yet.
  const alarmRule = pulumi.all(alarms.map(({ name }) => name)).apply(anyRed);
  return new aws.cloudwatch.CompositeAlarm(
    resourceName("color", environment, color),
    {
      alarmName: colorAlarmName(environment, color),
      alarmDescription: `Something is wrong with ${color}: its other alarms say what. If ${color} carries payments, see what the controller decided; its log says why.`,
      alarmRule,
      alarmActions: args.actions.slice(0, 1),
      okActions: args.actions.slice(0, 1),
      tags,
    },
    { parent },
  );
}

function query(id: string, metricName: string, stat: string, args: ColorAlarmsArgs) {
  const dimensions = { LoadBalancer: args.loadBalancer, TargetGroup: args.targetGroup };
  return {
    id,
    metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, stat },
  };
}

function alarmBehavior(args: ColorAlarmsArgs) {
  return {
    treatMissingData: "missing",
    alarmActions: args.actions,
    okActions: args.actions.slice(0, 1),
    tags: args.tags,
  };
}
