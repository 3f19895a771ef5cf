import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { resourceName } from "../common";
import { type AlarmArgs, createAlarm, over } from "./alarm";

export interface ServiceAlarmsArgs extends AlarmArgs {
  /** `ClusterName` dimension of the metrics. */
  clusterName: pulumi.Input<string>;
  /** `ServiceName` dimensions of the metrics. */
  services: { readonly [color in Color]: { serviceName: pulumi.Input<string> } };
}

/**
 * Whether each color has the tasks it should have, with room to work. They do not speak for a color:
 * a service at 90 % of its CPU that answers well is no reason to take payments from it.
 */
export class ServiceAlarms extends pulumi.ComponentResource {
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: ServiceAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:ServiceAlarms", name, {}, opts);
    this.alarmArns = COLORS.flatMap((color) =>
      [
        createLoad("CPUUtilization", "cpu", color, args, this),
        createLoad("MemoryUtilization", "memory", color, args, this),
        createTooFewTasks(color, args, this),
      ].map(({ arn }) => arn),
    );
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

function createLoad(
  metricName: "CPUUtilization" | "MemoryUtilization",
  what: "cpu" | "memory",
  color: Color,
  args: ServiceAlarmsArgs,
  parent: pulumi.Resource,
) {
  return createAlarm(
    resourceName(`app-${what}`, args.environment, color),
    {
      alarmDescription: `The tasks of ${color} have used more than 80 % of their ${what === "cpu" ? "CPU" : "memory"} for 10 minutes. Give them more, or run more of them, before payments get slow.`,
      namespace: "AWS/ECS",
      metricName,
      dimensions: dimensionsOf(color, args),
      statistic: "Average",
      period: 60,
      ...over(80, 10),
      // Without a running task there is none; the alarm for missing tasks tells of that.
      treatMissingData: "missing",
    },
    args,
    parent,
  );
}

function createTooFewTasks(color: Color, args: ServiceAlarmsArgs, parent: pulumi.Resource) {
  const count = (id: string, metricName: string) => ({
    id,
    metric: {
      namespace: "ECS/ContainerInsights",
      metricName,
      dimensions: dimensionsOf(color, args),
      period: 60,
      stat: "Average",
    },
  });
  return createAlarm(
    resourceName("app-missing-tasks", args.environment, color),
    {
      alarmDescription: `${color} has had fewer tasks than it should for 5 minutes, or ECS tells nothing of it. The service's events say why: an image that cannot be pulled, a failing health check, no capacity.`,
      metricQueries: [
        {
          id: "missing",
          label: "tasks that should run and do not",
          expression: "desired - FILL(running, 0)",
          returnData: true,
        },
        count("desired", "DesiredTaskCount"),
        count("running", "RunningTaskCount"),
      ],
      ...over(0, 5),
      treatMissingData: "breaching",
    },
    args,
    parent,
  );
}

function dimensionsOf(color: Color, { clusterName, services }: ServiceAlarmsArgs) {
  return { ClusterName: clusterName, ServiceName: services[color].serviceName };
}
