import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CommonArgs } from "../common";

/** What every component with alarms for people is given. */
export interface AlarmArgs extends CommonArgs {
  /** Hears when an alarm turns red, and when it turns green again. */
  topicArn: pulumi.Input<string>;
}

/** What a single alarm watches and says. */
export type AlarmSettings = Omit<
  aws.cloudwatch.MetricAlarmArgs,
  "alarmActions" | "okActions" | "insufficientDataActions" | "tags"
> & {
  /** What it means that the alarm is red, and what to do. */
  alarmDescription: string;
  /** Chosen for each metric: silence is a fault of one, and the usual state of another. */
  treatMissingData: "breaching" | "notBreaching" | "missing";
};

/** An alarm that tells people and does nothing else. */
export function createAlarm(
  name: string,
  settings: AlarmSettings,
  { topicArn, tags }: AlarmArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    name,
    { ...settings, alarmActions: [topicArn], okActions: [topicArn], tags },
    { parent },
  );
}

/** Red when the metric was over the threshold in each of the last minutes. */
export function over(threshold: number, minutes: number) {
  return { comparisonOperator: "GreaterThanThreshold", threshold, ...each(minutes) };
}

/** Red when the metric was under the threshold in each of the last minutes. */
export function under(threshold: number, minutes: number) {
  return { comparisonOperator: "LessThanThreshold", threshold, ...each(minutes) };
}

function each(minutes: number) {
  return { evaluationPeriods: minutes, datapointsToAlarm: minutes };
}

/** A rule for composite alarms: red when any of these alarms is. */
export function anyRed(alarmNames: readonly string[]): string {
  return alarmNames.map((name) => `ALARM("${name}")`).join(" OR ");
}

export const MEBIBYTE = 1024 * 1024;
