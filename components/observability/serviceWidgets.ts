import type { Color } from "../../lambdas/cutover/contract";
import { byColor, type DashboardBodyArgs, SHADES, THIRD, third } from "./dashboardArgs";
import { decisionsQuery } from "./decisionsQuery";
import { type Content, line } from "./widgets";

export function tasks(args: DashboardBodyArgs): Content {
  return third(args, {
    title: "Tasks",
    unit: "tasks",
    lines: byColor((color) => [
      line("ECS/ContainerInsights", "RunningTaskCount", serviceDimensions(color, args), {
        label: `${color} running`,
        color: SHADES[color].strong,
      }),
      line("ECS/ContainerInsights", "DesiredTaskCount", serviceDimensions(color, args), {
        label: `${color} desired`,
        color: SHADES[color].light,
      }),
    ]),
  });
}

export function serviceLoad(args: DashboardBodyArgs): Content {
  return third(args, {
    title: "Load of the tasks",
    unit: "percent",
    max: 100,
    lines: byColor((color) => [
      line("AWS/ECS", "CPUUtilization", serviceDimensions(color, args), {
        label: `${color} CPU`,
        color: SHADES[color].strong,
      }),
      line("AWS/ECS", "MemoryUtilization", serviceDimensions(color, args), {
        label: `${color} memory`,
        color: SHADES[color].light,
      }),
    ]),
  });
}

function serviceDimensions(color: Color, args: DashboardBodyArgs) {
  return { ClusterName: args.clusterName, ServiceName: args.colors[color].serviceName };
}

export function controller(args: DashboardBodyArgs): Content {
  const dimensions = { FunctionName: args.controller.functionName };
  return third(args, {
    title: "Cutover controller",
    unit: "invocations",
    rightUnit: "milliseconds",
    stat: "Sum",
    lines: [
      line("AWS/Lambda", "Invocations", dimensions, { label: "invocations" }),
      line("AWS/Lambda", "Errors", dimensions, { label: "errors", color: "#d62728" }),
      line("AWS/Lambda", "Duration", dimensions, {
        label: "longest duration",
        stat: "Maximum",
        yAxis: "right",
      }),
    ],
  });
}

export function decisions({ region, controller: { logGroupName } }: DashboardBodyArgs): Content {
  const properties = {
    title: "Decisions of the cutover controller",
    region,
    view: "table",
    query: decisionsQuery(logGroupName),
  };
  return { type: "log", width: 24 - THIRD, properties };
}
