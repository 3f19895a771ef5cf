import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { clientSettings } from "../../common/aws/client";
import { COLORS, type Color } from "../contract";
import {
  type Counts,
  type Known,
  known,
  noCounts,
  type Period,
  SOURCES,
  type SourceName,
  type TrafficSource,
  unknown,
} from "../ports";

/** One number of a color in each period: a metric's statistic. */
interface Series {
  color: Color;
  /** What it adds to. */
  counts: (keyof Counts)[];
  metricName: string;
  stat: string;
}

/** Where a source's metrics are. */
interface Place {
  namespace: string;
  dimensions(color: Color): { Name: string; Value: string }[];
  series(color: Color, slowMilliseconds: number): Series[];
}

/**
 * Payments per color from CloudWatch's metrics: the application's own, and the load balancer's.
 * Rule of AWS's documentation: the load balancer publishes a count only for minutes in which it is
 * not zero, and the application's contract says the same of its seconds. So no failures beside payments
 * means none, and a period without payments of either color means that nothing is known of it.
 */
export function cloudWatchTraffic(
  environment: string,
  loadBalancerDimension: string,
  targetGroupArns: { [color in Color]: string },
): TrafficSource {
  const cloudwatch: typeof import("@aws-sdk/client-cloudwatch") = require("@aws-sdk/client-cloudwatch");
  const client = new cloudwatch.CloudWatchClient(clientSettings());
  const places: { [source in SourceName]: Place } = {
    application: {
      namespace: `Payments/${environment}`,
      dimensions: (color) => [{ Name: "Color", Value: color }],
      series: ofApplication,
    },
    loadBalancer: {
      namespace: "AWS/ApplicationELB",
      dimensions: (color) => [
        { Name: "TargetGroup", Value: targetGroupDimension(targetGroupArns[color]) },
        { Name: "LoadBalancer", Value: loadBalancerDimension },
      ],
      series: ofLoadBalancer,
    },
  };

  async function readPeriods(
    source: SourceName,
    from: number,
    to: number,
    slowMilliseconds: number,
  ): Promise<Known<Period[]>> {
    if (from >= to) return known([]);
    const { namespace, dimensions, series } = places[source];
    const all = COLORS.flatMap((color) => series(color, slowMilliseconds));
    const queryOf = ({ color, metricName, stat }: Series, index: number): MetricDataQuery => {
      const Metric = {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: dimensions(color),
      };
      const Period = SOURCES[source].periodSeconds;
      return { Id: `m${index}`, MetricStat: { Metric, Period, Stat: stat } };
    };
    const { MetricDataResults } = await client.send(
      new cloudwatch.GetMetricDataCommand({
        MetricDataQueries: all.map(queryOf),
        StartTime: new Date(from),
        EndTime: new Date(to),
      }),
    );
    return periodsOf(MetricDataResults ?? [], all);
  }

  return { readPeriods };
}

function ofApplication(color: Color, slowMilliseconds: number): Series[] {
  const sum = (metricName: string, ...counts: Series["counts"]): Series => ({
    color,
    counts,
    metricName,
    stat: "Sum",
  });
  return [
    sum("PaymentsAccepted", "payments"),
    sum("PaymentsFailed", "payments", "failures"),
    { color, counts: ["timed"], metricName: "PaymentLatency", stat: "SampleCount" },
    { color, counts: ["slow"], metricName: "PaymentLatency", stat: above(slowMilliseconds) },
  ];
}

/** Failures of a color: its own 5xx answers, and connections to it that could not be made. */
function ofLoadBalancer(color: Color, slowMilliseconds: number): Series[] {
  const metricName = "TargetResponseTime";
  return [
    { color, counts: ["payments"], metricName: "RequestCount", stat: "Sum" },
    { color, counts: ["failures"], metricName: "HTTPCode_Target_5XX_Count", stat: "Sum" },
    { color, counts: ["failures"], metricName: "TargetConnectionErrorCount", stat: "Sum" },
    { color, counts: ["rejected"], metricName: "HTTPCode_Target_4XX_Count", stat: "Sum" },
    { color, counts: ["timed"], metricName, stat: "SampleCount" },
    // The load balancer measures in seconds.
    { color, counts: ["slow"], metricName, stat: above(slowMilliseconds / 1000) },
  ];
}

/** CloudWatch's trimmed count: how many values lie above, that one itself not included. */
function above(value: number): string {
  return `TC(${value}:)`;
}

function periodsOf(results: MetricDataResult[], all: Series[]): Known<Period[]> {
  const periods: { [at: number]: Period } = {};
  for (const [index, { color, counts }] of all.entries()) {
    const result = results.find(({ Id }) => Id === `m${index}`);
    if (result?.StatusCode !== "Complete")
      return unknown("CloudWatch returned only a part of the metrics");
    for (const [place, timestamp] of (result.Timestamps ?? []).entries()) {
      const at = timestamp.getTime();
      periods[at] ??= { at, blue: noCounts(), green: noCounts() };
      for (const count of counts) periods[at][color][count] += result.Values?.[place] ?? 0;
    }
  }
  return known(Object.values(periods));
}

/** `targetgroup/name/id`: the last part of the ARN, as CloudWatch names the group. */
function targetGroupDimension(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
