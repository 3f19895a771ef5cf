import type { Known } from "../../../lambdas/common/ports";
import { COLORS, type Color } from "../../../lambdas/cutover/contract";
import type { Wiring } from "../../../lambdas/cutover/variables";
import { readBeside, readerSettings } from "./calls";

/** How an alarm stands; `missing`: there is none of that name. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA" | "missing";

/** The alarms that speak for each color, by their names. */
export type AlarmStates = { [color in Color]: { [name: string]: AlarmState } };

export function readAlarmStates({ alarmNames }: Wiring): Promise<Known<AlarmStates>> {
  const call = { permission: "cloudwatch:DescribeAlarms", subject: "the colors' alarms" };
  return readBeside(call, async () => {
    const cloudwatch: typeof import("@aws-sdk/client-cloudwatch") = require("@aws-sdk/client-cloudwatch");
    const client = new cloudwatch.CloudWatchClient(readerSettings());
    const AlarmNames = COLORS.flatMap((color) => alarmNames[color]);
    const command = new cloudwatch.DescribeAlarmsCommand({
      AlarmNames,
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    });
    const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(command);
    const found = [...MetricAlarms, ...CompositeAlarms];
    const stateOf = (name: string): AlarmState =>
      found.find(({ AlarmName }) => AlarmName === name)?.StateValue ?? "missing";
    const of = (color: Color) =>
      Object.fromEntries(alarmNames[color].map((name) => [name, stateOf(name)]));
    return { blue: of("blue"), green: of("green") };
  });
}
