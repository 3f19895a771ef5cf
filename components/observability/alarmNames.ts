import type { Color } from "../../lambdas/cutover/contract";
import { resourceName } from "../common";

/** The alarms that speak for a color. */
export const ALARM_KINDS = ["unhealthy-targets", "errors"] as const;
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
