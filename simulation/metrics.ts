import type { Color } from "../lambdas/cutover/contract";

/** Names as CloudWatch gives them to the load balancer's, for what the controller and the alarms read. */
export type MetricName =
  | "RequestCount"
  | "HTTPCode_Target_5XX_Count"
  | "HTTPCode_Target_4XX_Count"
  | "UnHealthyHostCount"
  /** Payments whose response time was measured, and those of them that were slow. */
  | "TargetResponseTime"
  | "SlowCount";

/** One period of one metric. */
export interface Datapoint {
  /** Start of the period, in epoch milliseconds. */
  at: number;
  sum: number;
  maximum: number;
}

const MINUTE = 60_000;

/** How metrics come; all in milliseconds. */
export interface Cadence {
  period: number;
  /** From a period's end until its datapoint can be read. */
  delay: number;
}

/**
 * Time from a minute's end until its datapoint can be read. AWS names none; load balancers send
 * their metrics in 60-second intervals, so this takes one whole interval for the way.
 */
export const METRIC_DELAY_MILLISECONDS = 60_000;

export const LOAD_BALANCER_CADENCE: Cadence = {
  period: MINUTE,
  delay: METRIC_DELAY_MILLISECONDS,
};

/**
 * The application writes a line each second; the log driver and CloudWatch take some seconds until it
 * is a metric. AWS names no figure: this supposes one whole period.
 */
export const APPLICATION_CADENCE: Cadence = { period: 10_000, delay: 10_000 };

/**
 * Metrics as CloudWatch delivers them: whole periods, late, and without a datapoint for a period in
 * which there was nothing to count.
 */
export interface Metrics {
  /** Adds to a count, which is published only for periods in which it is not zero. */
  addCount(color: Color, metric: MetricName, at: number, count: number): void;
  /** Notes a level, which is published for each period, zero or not. */
  noteLevel(color: Color, metric: MetricName, at: number, level: number): void;
  /** Datapoints that start in [from, to) and can be read at `now`; all in epoch milliseconds. */
  read(color: Color, metric: MetricName, from: number, to: number, now: number): Datapoint[];
}

export function createMetrics({ period, delay }: Cadence): Metrics {
  const series: { [key: string]: Datapoint[] } = {};
  const seriesOf = (color: Color, metric: MetricName) => {
    const key = `${color} ${metric}`;
    series[key] ??= [];
    return series[key];
  };

  function noteLevel(color: Color, metric: MetricName, at: number, level: number): void {
    const begins = Math.floor(at / period) * period;
    const points = seriesOf(color, metric);
    const last = points[points.length - 1];
    if (last?.at === begins) {
      last.sum += level;
      last.maximum = Math.max(last.maximum, level);
    } else points.push({ at: begins, sum: level, maximum: level });
  }

  function addCount(color: Color, metric: MetricName, at: number, count: number): void {
    if (count > 0) noteLevel(color, metric, at, count);
  }

  function read(color: Color, metric: MetricName, from: number, to: number, now: number) {
    const points = seriesOf(color, metric);
    const found: Datapoint[] = [];
    // The newest are wanted most often, and stand last.
    for (let index = points.length - 1; index >= 0; index--) {
      const point = points[index];
      if (point === undefined || point.at < from) break;
      if (point.at < to && point.at + period + delay <= now) found.unshift(point);
    }
    return found;
  }

  return { addCount, noteLevel, read };
}
