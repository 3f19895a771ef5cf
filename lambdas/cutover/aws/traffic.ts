import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { clientSettings } from "../../common/aws/client";
import type { Color } from "../contract";
import { type Known, known, type Traffic, type TrafficSource, unknown } from "../ports";

/** Failures of a color: its own 5xx answers, and connections to it that could not be made. */
const FAILURE_METRICS = ["HTTPCode_Target_5XX_Count", "TargetConnectionErrorCount"];

/**
 * Payments per color from the load balancer's 60-second metrics.
 * Rule of AWS's documentation: the load balancer publishes a count only for minutes in which it is
 * not zero. So no failure datapoints beside request datapoints means no failures, and no request
 * datapoints means that nothing is known.
 */
export function elbTraffic(
  loadBalancerDimension: string,
  targetGroupArns: { [color in Color]: string },
): TrafficSource {
  const cloudwatch: typeof import("@aws-sdk/client-cloudwatch") = require("@aws-sdk/client-cloudwatch");
  const client = new cloudwatch.CloudWatchClient(clientSettings());

  function query(color: Color, metricName: string, index: number): MetricDataQuery {
    const Dimensions = [
      { Name: "TargetGroup", Value: targetGroupDimension(targetGroupArns[color]) },
      { Name: "LoadBalancer", Value: loadBalancerDimension },
    ];
    const Metric = { Namespace: "AWS/ApplicationELB", MetricName: metricName, Dimensions };
    return { Id: `m${index}`, MetricStat: { Metric, Period: 60, Stat: "Sum" } };
  }

  async function readTraffic(color: Color, from: number, to: number): Promise<Known<Traffic>> {
    const MetricDataQueries = ["RequestCount", ...FAILURE_METRICS].map((name, index) =>
      query(color, name, index),
    );
    const command = new cloudwatch.GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(from),
      EndTime: new Date(to),
    });
    const { MetricDataResults } = await client.send(command);
    return countTraffic(MetricDataResults ?? [], color);
  }

  return { readTraffic };
}

function countTraffic(results: MetricDataResult[], color: Color): Known<Traffic> {
  const [requests, ...failures] = ["m0", "m1", "m2"].map((id) =>
    results.find((result) => result.Id === id),
  );
  const partial = [requests, ...failures].some((result) => result?.StatusCode !== "Complete");
  if (partial) return unknown(`CloudWatch returned only a part of ${color}'s metrics`);
  if ((requests?.Values ?? []).length === 0)
    return unknown(`no datapoints of RequestCount for ${color} yet`);
  const failed = failures.reduce((total, result) => total + sum(result?.Values), 0);
  return known({ payments: sum(requests?.Values), failures: failed });
}

function sum(values: number[] | undefined): number {
  return (values ?? []).reduce((total, value) => total + value, 0);
}

/** `targetgroup/name/id`: the last part of the ARN, as CloudWatch names the group. */
function targetGroupDimension(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
