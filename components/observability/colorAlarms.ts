import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Color, Limits } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";
import { alarmName } from "./alarmNames";

export interface ColorAlarmsArgs extends CommonArgs {
  color: Color;
  /** Dimensions of the load balancer's metrics. */
  loadBalancer: pulumi.Input<string>;
  targetGroup: pulumi.Input<string>;
  /** What the errors alarm holds a minute's payments against; the same as the controller. */
  limits: Limits;
  /** Topic for people, and the controller, which acts at once. */
  actions: pulumi.Input<string>[];
}

/**
 * The alarms that take a color's payments back. Without data they are neither red nor green: the
 * controller then holds, since silence is not health.
 */
export class ColorAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: ColorAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:ColorAlarms", name, {}, opts);
    createUnhealthyTargets(args, this);
    createErrors(args, this);
    this.registerOutputs({});
  }
}

function createUnhealthyTargets(args: ColorAlarmsArgs, parent: pulumi.Resource) {
  const { environment, color } = args;
  new aws.cloudwatch.MetricAlarm(
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
  new aws.cloudwatch.MetricAlarm(
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
        countQuery("failures", "HTTPCode_Target_5XX_Count", args),
        countQuery("payments", "RequestCount", args),
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

function countQuery(id: string, metricName: string, args: ColorAlarmsArgs) {
  const dimensions = { LoadBalancer: args.loadBalancer, TargetGroup: args.targetGroup };
  return {
    id,
    metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, stat: "Sum" },
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
