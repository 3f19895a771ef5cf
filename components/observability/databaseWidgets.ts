import { type Color, otherColor } from "../../lambdas/cutover/contract";
import { byColor, type DashboardBodyArgs, limitsOf, SHADES, third } from "./dashboardArgs";
import { type Content, type LineOptions, line, type MetricLine } from "./widgets";

export function lag(args: DashboardBodyArgs): Content {
  const { instanceId, tasks: directions } = args.replication;
  return third(args, {
    title: "Replication lag",
    unit: "seconds",
    stat: "Maximum",
    lines: byColor((source) => {
      const dimensions = {
        ReplicationInstanceIdentifier: instanceId,
        ReplicationTaskIdentifier: directions[source].id,
      };
      const direction = `${source} to ${otherColor(source)}`;
      return [
        line("AWS/DMS", "CDCLatencySource", dimensions, {
          label: `${direction}, read`,
          color: SHADES[source].light,
        }),
        line("AWS/DMS", "CDCLatencyTarget", dimensions, {
          label: `${direction}, written`,
          color: SHADES[source].strong,
        }),
      ];
    }),
    limits: [{ label: "alarm", value: limitsOf(args).maxLagSeconds }],
  });
}

export function replicationLoad(args: DashboardBodyArgs): Content {
  const dimensions = { ReplicationInstanceIdentifier: args.replication.instanceId };
  return third(args, {
    title: "Replication instance",
    unit: "percent of CPU",
    rightUnit: "bytes",
    max: 100,
    lines: [
      line("AWS/DMS", "CPUUtilization", dimensions, { label: "CPU" }),
      line("AWS/DMS", "FreeableMemory", dimensions, { label: "free memory", yAxis: "right" }),
      line("AWS/DMS", "SwapUsage", dimensions, { label: "swap", yAxis: "right" }),
    ],
  });
}

/** Of the instance in each cluster that has the most to do. */
export function databaseLoad(args: DashboardBodyArgs): Content {
  return third(args, {
    title: "Load of the databases",
    unit: "percent of CPU",
    stat: "Maximum",
    max: 100,
    lines: byColor((color) => [
      database("CPUUtilization", color, args, { label: color, color: SHADES[color].strong }),
    ]),
  });
}

export function connections(args: DashboardBodyArgs): Content {
  return third(args, {
    title: "Connections to the databases, and deadlocks",
    unit: "connections",
    rightUnit: "deadlocks a second",
    stat: "Maximum",
    lines: byColor((color) => [
      database("DatabaseConnections", color, args, {
        label: `${color} connections`,
        color: SHADES[color].strong,
      }),
      database("Deadlocks", color, args, {
        label: `${color} deadlocks`,
        color: SHADES[color].light,
        yAxis: "right",
      }),
    ]),
  });
}

/** Which database takes the writes shows here first. */
export function commits(args: DashboardBodyArgs): Content {
  return third(args, {
    title: "Commits of the databases",
    unit: "commits a second",
    rightUnit: "milliseconds for one",
    stat: "Maximum",
    lines: byColor((color) => [
      database("CommitThroughput", color, args, {
        label: `${color} commits`,
        color: SHADES[color].strong,
      }),
      database("CommitLatency", color, args, {
        label: `${color} time`,
        color: SHADES[color].light,
        yAxis: "right",
      }),
    ]),
  });
}

function database(
  metricName: string,
  color: Color,
  args: DashboardBodyArgs,
  options: LineOptions,
): MetricLine {
  const dimensions = { DBClusterIdentifier: args.clusters[color].identifier };
  return line("AWS/RDS", metricName, dimensions, options);
}
