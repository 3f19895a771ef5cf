import type { Color } from "../lambdas/cutover/contract";

/** Names as CloudWatch gives them, for what the controller and the alarms read. */
export type MetricName = "RequestCount" | "HTTPCode_Target_5XX_Count" | "UnHealthyHostCount";

/** One minute of one metric. */
export interface Datapoint {
  /** Start of the minute, in epoch milliseconds. */
  at: number;
  sum: number;
  maximum: number;
}

const MINUTE = 60_000;

/**
 * Time from a minute's end until its datapoint can be read. AWS names none; load balancers send
 * their metrics in 60-second intervals, so this takes one whole interval for the way.
 */
export const METRIC_DELAY_MILLISECONDS = 60_000;

/**
 * The load balancer's metrics as CloudWatch delivers them: whole minutes, late, and without a
 * datapoint for a minute in which there was nothing to count.
 */
export interface Metrics {
  /** Adds to a count, which is published only for minutes in which it is not zero. */
  addCount(color: Color, metric: MetricName, at: number, count: number): void;
  /** Notes a level, which is published for each minute, zero or not. */
  noteLevel(color: Color, metric: MetricName, at: number, level: number): void;
  /** Datapoints that start in [from, to) and can be read at `now`; all in epoch milliseconds. */
  read(color: Color, metric: MetricName, from: number, to: number, now: number): Datapoint[];
}

export function createMetrics(): Metrics {
  const series: { [key: string]: Datapoint[] } = {};
  const seriesOf = (color: Color, metric: MetricName) => {
    const key = `${color} ${metric}`;
    series[key] ??= [];
    return series[key];
  };

  function noteLevel(color: Color, metric: MetricName, at: number, level: number): void {
    const minute = Math.floor(at / MINUTE) * MINUTE;
    const points = seriesOf(color, metric);
    const last = points[points.length - 1];
    if (last?.at === minute) {
      last.sum += level;
      last.maximum = Math.max(last.maximum, level);
    } else points.push({ at: minute, sum: level, maximum: level });
  }

  function addCount(color: Color, metric: MetricName, at: number, count: number): void {
    if (count > 0) noteLevel(color, metric, at, count);
  }

  function read(color: Color, metric: MetricName, from: number, to: number, now: number) {
    return seriesOf(color, metric).filter(
      ({ at }) => at >= from && at < to && at + MINUTE + METRIC_DELAY_MILLISECONDS <= now,
    );
  }

  return { addCount, noteLevel, read };
}

/** What the datapoints of a count add up to. */
export function sumOf(points: Datapoint[]): number {
  return points.reduce((total, { sum }) => total + sum, 0);
}
