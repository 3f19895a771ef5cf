import type { Known } from "../../../lambdas/common/ports";
import { readBeside, readerSettings } from "./calls";

/** How often a function ran lately, and failed. */
export interface Activity {
  /** Minutes that were looked at. */
  minutes: number;
  invocations: number;
  errors: number;
}

const MINUTE = 60_000;
/** Long enough for a function that runs once a minute, whose metrics come some minutes late. */
const MINUTES = 15;

/** @param now epoch milliseconds */
export function readActivity(functionName: string, now: number): Promise<Known<Activity>> {
  const call = { permission: "cloudwatch:GetMetricData", subject: `function ${functionName}` };
  return readBeside(call, async () => {
    const cloudwatch: typeof import("@aws-sdk/client-cloudwatch") = require("@aws-sdk/client-cloudwatch");
    const client = new cloudwatch.CloudWatchClient(readerSettings());
    const Dimensions = [{ Name: "FunctionName", Value: functionName }];
    const queryOf = (MetricName: string, Id: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: "AWS/Lambda", MetricName, Dimensions },
        Period: 60,
        Stat: "Sum",
      },
    });
    const { MetricDataResults = [] } = await client.send(
      new cloudwatch.GetMetricDataCommand({
        MetricDataQueries: [queryOf("Invocations", "invocations"), queryOf("Errors", "errors")],
        StartTime: new Date(now - MINUTES * MINUTE),
        EndTime: new Date(now),
      }),
    );
    const sumOf = (id: string) =>
      (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce(
        (sum, one) => sum + one,
        0,
      );
    return { minutes: MINUTES, invocations: sumOf("invocations"), errors: sumOf("errors") };
  });
}
