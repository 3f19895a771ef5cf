import type { Color, Limits } from "../lambdas/cutover/contract";
import { METRIC_DELAY_MILLISECONDS, type MetricName, type Metrics } from "./metrics";

/** States as CloudWatch names them. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** How many of the newest minutes must breach: M of N. */
export interface AlarmRule {
  datapointsToAlarm: number;
  evaluationPeriods: number;
}

/** As the program declares the alarms that speak for a color. */
export const ERRORS_RULE: AlarmRule = { datapointsToAlarm: 2, evaluationPeriods: 3 };
export const UNHEALTHY_TARGETS_RULE: AlarmRule = { datapointsToAlarm: 2, evaluationPeriods: 2 };
export const LATENCY_RULE: AlarmRule = { datapointsToAlarm: 3, evaluationPeriods: 5 };

const MINUTE = 60_000;

/** CloudWatch looks that many minutes further back when newer ones have no datapoint. */
const FURTHER_BACK = 2;

/**
 * Alarms over 60-second metrics are evaluated once a minute. AWS does not say at which second, so
 * it is the middle: the mean of what may happen.
 */
const EVALUATION_OFFSET_MILLISECONDS = 30_000;

/** Whether alarms are evaluated at that instant, in epoch milliseconds. */
export function alarmsAreEvaluatedAt(now: number): boolean {
  return now % MINUTE === EVALUATION_OFFSET_MILLISECONDS;
}

/** The alarms of a color, judged by what CloudWatch can show at `now`, in epoch milliseconds. */
export function evaluateAlarms(
  color: Color,
  metrics: Metrics,
  limits: Limits,
  now: number,
): { [name: string]: AlarmState } {
  const point = (metric: MetricName, at: number) =>
    metrics.read(color, metric, at, at + MINUTE, now)[0];
  const errorsBreach = (at: number) => {
    const payments = point("RequestCount", at)?.sum;
    const failures = point("HTTPCode_Target_5XX_Count", at)?.sum ?? 0;
    if (payments === undefined) return undefined;
    const judgedOn = Math.max(payments, limits.minimumPayments);
    return (1000 * failures) / judgedOn > limits.maxErrorsPerThousand;
  };
  const targetsBreach = (at: number) => {
    const unhealthy = point("UnHealthyHostCount", at)?.maximum;
    return unhealthy === undefined ? undefined : unhealthy > 0;
  };
  // The slowest hundredth is too slow when more than a hundredth is.
  const latencyBreaches = (at: number) => {
    const payments = point("RequestCount", at)?.sum;
    if (payments === undefined) return undefined;
    const isJudged = payments >= limits.minimumPayments;
    return isJudged && 100 * (point("SlowCount", at)?.sum ?? 0) > payments;
  };
  return {
    [`${color}-errors`]: judgeMinutes(errorsBreach, ERRORS_RULE, now),
    [`${color}-unhealthy-targets`]: judgeMinutes(targetsBreach, UNHEALTHY_TARGETS_RULE, now),
    [`${color}-latency`]: judgeMinutes(latencyBreaches, LATENCY_RULE, now),
  };
}

function judgeMinutes(
  breaches: (at: number) => boolean | undefined,
  rule: AlarmRule,
  now: number,
): AlarmState {
  const newest = Math.floor((now - METRIC_DELAY_MILLISECONDS) / MINUTE) * MINUTE - MINUTE;
  const minutes = rule.evaluationPeriods + FURTHER_BACK;
  const breaching = Array.from({ length: minutes }, (_, age) => breaches(newest - age * MINUTE));
  return alarmState(breaching, rule);
}

/**
 * CloudWatch's rule for `treatMissingData: missing`. `breaching` holds the minutes, newest first;
 * undefined is a minute without a datapoint.
 */
export function alarmState(breaching: (boolean | undefined)[], rule: AlarmRule): AlarmState {
  const real = breaching.filter((breaches) => breaches !== undefined);
  if (real.length === 0) return "INSUFFICIENT_DATA";
  const considered = real.slice(0, rule.evaluationPeriods);
  if (considered.filter(Boolean).length >= rule.datapointsToAlarm) return "ALARM";
  // Nothing but breaches, the oldest old enough: red, although fewer than M minutes have data.
  const oldestIsOldEnough = breaching.lastIndexOf(true) + 1 >= rule.datapointsToAlarm;
  return real.every(Boolean) && oldestIsOldEnough ? "ALARM" : "OK";
}
