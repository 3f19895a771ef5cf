import { clientSettings } from "../../common/aws/client";
import { type Color, otherColor } from "../contract";
import {
  type HealthSource,
  type Known,
  known,
  type RedAlarm,
  type TargetHealth,
  unknown,
} from "../ports";

/**
 * Target health from the load balancer, and alarm states from CloudWatch.
 * @param alarmNames of each color, in the same order of their kinds
 */
export function awsHealth(
  targetGroupArns: { [color in Color]: string },
  alarmNames: { [color in Color]: string[] },
): HealthSource {
  const elb: typeof import("@aws-sdk/client-elastic-load-balancing-v2") = require("@aws-sdk/client-elastic-load-balancing-v2");
  const cloudwatch: typeof import("@aws-sdk/client-cloudwatch") = require("@aws-sdk/client-cloudwatch");
  const elbClient = new elb.ElasticLoadBalancingV2Client(clientSettings());
  const cloudwatchClient = new cloudwatch.CloudWatchClient(clientSettings());

  async function readTargets(color: Color): Promise<Known<TargetHealth>> {
    const command = new elb.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArns[color] });
    const { TargetHealthDescriptions } = await elbClient.send(command);
    const states = (TargetHealthDescriptions ?? []).map((target) => target.TargetHealth?.State);
    const count = (...wanted: string[]) =>
      states.filter((state) => state !== undefined && wanted.includes(state)).length;
    return known({
      healthy: count("healthy"),
      unhealthy: count("unhealthy", "unhealthy.draining", "unavailable"),
      // "draining" targets are on their way out and count for nothing.
      initial: count("initial", "unused"),
    });
  }

  async function readAlarms(color: Color): Promise<Known<RedAlarm[]>> {
    const wanted = alarmNames[color];
    const command = new cloudwatch.DescribeAlarmsCommand({
      AlarmNames: wanted,
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    });
    const { MetricAlarms, CompositeAlarms } = await cloudwatchClient.send(command);
    const states: { [name: string]: string | undefined } = {};
    for (const alarm of [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])])
      if (alarm.AlarmName !== undefined) states[alarm.AlarmName] = alarm.StateValue;
    const red = wanted.filter((name) => states[name] === "ALARM");
    const silent = wanted.filter((name) => states[name] !== "ALARM" && states[name] !== "OK");
    // A red alarm is enough to take payments back, whatever else cannot be seen.
    if (red.length === 0 && silent.length > 0)
      return unknown(`${silent.join(" and ")}: missing, or no data`);
    const counterpartOf = (name: string) =>
      alarmNames[otherColor(color)][wanted.indexOf(name)] ?? "";
    return known(red.map((name) => ({ name, counterpart: counterpartOf(name) })));
  }

  return { readTargets, readAlarms };
}
