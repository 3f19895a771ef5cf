import type { Color } from "../../lambdas/cutover/contract";
import { resourceName } from "../common";

/** The alarms that speak for a color: the controller takes its payments back when one is red. */
export const ALARM_KINDS = ["unhealthy-targets", "errors", "latency"] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/**
 * Physical names, fixed: the controller knows its alarms by name and the alarms know the controller
 * by ARN, so one of the two has to be known beforehand. Alarms hold no data; a replacement loses
 * nothing.
 */
export function alarmName(kind: AlarmKind, environment: string, color: Color): string {
  return resourceName(`payments-${kind}`, environment, color);
}

/** The names of all alarms of a color, by their kind. */
export function alarmNames(environment: string, color: Color): { [kind in AlarmKind]: string } {
  const entries = ALARM_KINDS.map((kind) => [kind, alarmName(kind, environment, color)]);
  return Object.fromEntries(entries) as { [kind in AlarmKind]: string };
}

/** Name of the alarm that is red when any of a color's own is. For people, not for the controller. */
export function colorAlarmName(environment: string, color: Color): string {
  return resourceName("payments-color", environment, color);
}

/** Name of the one alarm that says whether an environment is well. */
export function environmentAlarmName(environment: string): string {
  return resourceName("payments-environment", environment);
}
