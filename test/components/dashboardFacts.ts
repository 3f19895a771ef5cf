/** What is true of every metric that AWS publishes for an environment, and what a program asks for. */
import { METRICS } from "../../lambdas/switchover/contract";
import type { RegisteredResource } from "../../tools/evaluate/registration";

interface Published {
  /** Page of AWS's documentation. */
  source: string;
  namespace: string;
  /** Every set of dimensions with which each of the metrics is published. */
  dimensions: string[][];
  metrics: string[];
}

const ELB = "User Guide for Application Load Balancers: CloudWatch metrics";
const DMS = "AWS DMS User Guide: Monitoring tasks; dimensions as the exporter yace reads them";
const RDS = "Aurora User Guide: CloudWatch metrics and dimensions";

/** Metrics that AWS publishes, with exactly these dimensions. */
export const PUBLISHED: Published[] = [
  {
    source: ELB,
    namespace: "AWS/ApplicationELB",
    dimensions: [["LoadBalancer"], ["LoadBalancer", "TargetGroup"]],
    metrics: [
      "HTTPCode_Target_5XX_Count",
      "RequestCount",
      "TargetConnectionErrorCount",
      "TargetResponseTime",
    ],
  },
  {
    source: ELB,
    namespace: "AWS/ApplicationELB",
    dimensions: [["LoadBalancer", "TargetGroup"]],
    metrics: ["HealthyHostCount", "UnHealthyHostCount"],
  },
  {
    source: ELB,
    namespace: "AWS/ApplicationELB",
    dimensions: [["LoadBalancer"]],
    metrics: ["HTTPCode_ELB_5XX_Count"],
  },
  {
    source: DMS,
    namespace: "AWS/DMS",
    dimensions: [["ReplicationInstanceIdentifier", "ReplicationTaskIdentifier"]],
    metrics: ["CDCLatencySource", "CDCLatencyTarget"],
  },
  {
    source: DMS,
    namespace: "AWS/DMS",
    dimensions: [["ReplicationInstanceIdentifier"]],
    metrics: ["CPUUtilization", "FreeableMemory", "FreeStorageSpace", "SwapUsage"],
  },
  {
    source: RDS,
    namespace: "AWS/RDS",
    // Metrics of instances are published for their cluster, too.
    dimensions: [["DBClusterIdentifier"], ["DBInstanceIdentifier"]],
    metrics: [
      "AuroraReplicaLagMaximum",
      "CommitLatency",
      "CommitThroughput",
      "CPUUtilization",
      "DatabaseConnections",
      "Deadlocks",
      "FreeableMemory",
    ],
  },
  {
    source: "Amazon ECS Developer Guide: CloudWatch metrics",
    namespace: "AWS/ECS",
    dimensions: [["ClusterName"], ["ClusterName", "ServiceName"]],
    metrics: ["CPUUtilization", "MemoryUtilization"],
  },
  {
    source: "CloudWatch User Guide: Container Insights metrics of Amazon ECS",
    namespace: "ECS/ContainerInsights",
    dimensions: [["ClusterName", "ServiceName"]],
    metrics: ["DesiredTaskCount", "RunningTaskCount"],
  },
  {
    source: "AWS Lambda Developer Guide: metrics of functions",
    namespace: "AWS/Lambda",
    dimensions: [["FunctionName"]],
    metrics: ["Duration", "Errors", "Invocations", "Throttles"],
  },
  {
    source: "docs/application-contract.md; app/metrics.ts publishes them",
    namespace: "Payments/*",
    dimensions: [["Color"]],
    metrics: ["PaymentLatency", "PaymentsAccepted", "PaymentsFailed"],
  },
  {
    source: "lambdas/switchover/metrics.ts publishes them",
    namespace: "Payments/*",
    dimensions: [["Environment"]],
    metrics: Object.values({ ...METRICS, namespace: "" }).filter((name) => name !== ""),
  },
  {
    source: "EventBridge User Guide: Monitoring",
    namespace: "AWS/Events",
    dimensions: [["RuleName"]],
    metrics: ["FailedInvocations"],
  },
];

/** Where the value of a dimension comes from: a type of resource, and what of it CloudWatch uses. */
const DIMENSIONS: {
  [dimension: string]: { type: string; value: (state: { [name: string]: unknown }) => unknown };
} = {
  LoadBalancer: { type: "aws:lb/loadBalancer:LoadBalancer", value: (state) => state.arnSuffix },
  TargetGroup: { type: "aws:lb/targetGroup:TargetGroup", value: (state) => state.arnSuffix },
  ReplicationInstanceIdentifier: {
    type: "aws:dms/replicationInstance:ReplicationInstance",
    value: (state) => state.replicationInstanceId,
  },
  ReplicationTaskIdentifier: {
    type: "aws:dms/replicationTask:ReplicationTask",
    value: (state) => String(state.replicationTaskArn).split(":").at(-1),
  },
  DBClusterIdentifier: {
    type: "aws:rds/cluster:Cluster",
    value: (state) => state.clusterIdentifier,
  },
  ClusterName: { type: "aws:ecs/cluster:Cluster", value: (state) => state.name },
  ServiceName: { type: "aws:ecs/service:Service", value: (state) => state.name },
  FunctionName: { type: "aws:lambda/function:Function", value: (state) => state.name },
  // The application's own, whose tasks are told their color.
  Color: {
    type: "aws:ecs/service:Service",
    value: (state) => String(state.name).split("-", 1)[0],
  },
  // The switchover function's own, which is told its environment.
  Environment: {
    type: "aws:lambda/function:Function",
    value: ({ name }) => /^switchover-function-(\w+)-/.exec(String(name))?.[1],
  },
  RuleName: { type: "aws:cloudwatch/eventRule:EventRule", value: (state) => state.name },
};

/** A metric that an alarm or a graph asks for. */
export interface Use {
  /** Name of the alarm, or title of the graph. */
  where: string;
  /** What people read beside it; empty where nothing is. */
  label: string;
  namespace: string;
  metricName: string;
  dimensions: { [name: string]: string };
}

type Line = (string | { [option: string]: unknown })[];

interface Graph {
  title: string;
  metrics: Line[];
}

interface Metric {
  namespace: string;
  metricName: string;
  dimensions: { [name: string]: string };
}

/** Everything that the program's alarms and dashboards ask for. */
export function uses(resources: RegisteredResource[]): Use[] {
  return resources.flatMap((resource) => {
    if (resource.type === "aws:cloudwatch/metricAlarm:MetricAlarm") return usesOfAlarm(resource);
    if (resource.type === "aws:cloudwatch/dashboard:Dashboard") return usesOfDashboard(resource);
    return [];
  });
}

function usesOfAlarm({ name, inputs }: RegisteredResource): Use[] {
  const queries = (inputs.metricQueries ?? [{ metric: inputs }]) as { metric?: Metric }[];
  return queries.flatMap(({ metric }) => {
    if (metric === undefined) return [];
    const { namespace, metricName, dimensions } = metric;
    return [{ where: name, label: name, namespace, metricName, dimensions }];
  });
}

function usesOfDashboard({ inputs }: RegisteredResource): Use[] {
  const { widgets } = JSON.parse(inputs.dashboardBody as string) as {
    widgets: { type: string; properties: Graph }[];
  };
  const graphs = widgets.flatMap(({ type, properties }) => (type === "metric" ? [properties] : []));
  return graphs.flatMap(({ title, metrics }) => metrics.flatMap((one) => usesOfLine(title, one)));
}

function usesOfLine(title: string, line: Line): Use[] {
  const texts = line.filter((part): part is string => typeof part === "string");
  const { label, id } = line[line.length - 1] as { label?: string; id?: string };
  const [namespace, metricName, ...pairs] = texts;
  if (namespace === undefined || metricName === undefined) return [];
  const dimensions: Use["dimensions"] = {};
  for (let index = 0; index < pairs.length; index += 2)
    dimensions[pairs[index] as string] = pairs[index + 1] as string;
  return [{ where: title, label: label ?? id ?? "", namespace, metricName, dimensions }];
}

/** Sentences, one for each metric that would never have any data, or another's; empty when all is well. */
export function metricMistakes(resources: RegisteredResource[]): string[] {
  return uses(resources).flatMap((use) => [
    ...(isPublished(use) ? [] : [`${tell(use)}: AWS publishes no such metric`]),
    ...Object.entries(use.dimensions).flatMap(([dimension, value]) =>
      valueMistakes(use, dimension, value, resources),
    ),
  ]);
}

function isPublished({ namespace, metricName, dimensions }: Use): boolean {
  const wanted = Object.keys(dimensions).sort().join();
  return PUBLISHED.some(
    (published) =>
      published.namespace === namespace.replace(/^(Payments)\/.*$/, "$1/*") &&
      published.metrics.includes(metricName) &&
      published.dimensions.some((set) => [...set].sort().join() === wanted),
  );
}

function valueMistakes(
  use: Use,
  dimension: string,
  value: string,
  resources: RegisteredResource[],
): string[] {
  const known = DIMENSIONS[dimension];
  const owner = resources.find(
    ({ type, state }) => type === known?.type && known.value(state) === value,
  );
  if (owner === undefined)
    return [`${tell(use)}: no ${known?.type ?? "resource"} has ${dimension} ${value}`];
  const color = /^(blue|green)\b/;
  const [said] = color.exec(use.label) ?? [];
  const [meant] = color.exec(owner.name) ?? [];
  if (said === undefined || meant === undefined || said === meant) return [];
  return [`${tell(use)}: ${dimension} is that of ${owner.name}`];
}

function tell({ where, label, namespace, metricName, dimensions }: Use): string {
  return `${where} (${label}), ${namespace} ${metricName} by ${Object.keys(dimensions).join(", ")}`;
}
