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
  /** Of the datapoints. */
  period: number;
  /** Of what is counted together: a part of a period, or a whole one. A period shows what has come of it so far. */
  line: number;
  /** Lines are sent together, at every whole multiple of this. */
  batch: number;
  /** From a line's sending until it can be read in its period. */
  delay: number;
}

/**
 * Time from a minute's end until its datapoint can be read. AWS names none; load balancers send
 * their metrics in 60-second intervals, so this takes one whole interval for the way.
 */
export const METRIC_DELAY_MILLISECONDS = 60_000;

export const LOAD_BALANCER_CADENCE: Cadence = {
  period: MINUTE,
  line: MINUTE,
  batch: MINUTE,
  delay: METRIC_DELAY_MILLISECONDS,
};

/**
 * The application writes a line each second. The log driver sends what it has every five seconds (the
 * awslogs driver's interval), and CloudWatch makes a metric of it; AWS names no time for that, and
 * this supposes five more.
 */
export const APPLICATION_CADENCE: Cadence = {
  period: 10_000,
  line: 1_000,
  batch: 5_000,
  delay: 5_000,
};

/**
 * Metrics as CloudWatch delivers them: by periods, late, and without a datapoint for a period in
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

/** What was sent of one metric, in lines. */
interface Line {
  at: number;
  sum: number;
  maximum: number;
}

/**
 * @param takenUntil up to when CloudWatch has taken what was sent, at an instant; both in epoch
 * milliseconds. @default it takes everything at once
 */
export function createMetrics(
  { period, line, batch, delay }: Cadence,
  takenUntil: (now: number) => number = (now) => now,
): Metrics {
  const series: { [key: string]: Line[] } = {};
  const seriesOf = (color: Color, metric: MetricName) => {
    const key = `${color} ${metric}`;
    series[key] ??= [];
    return series[key];
  };

  function noteLevel(color: Color, metric: MetricName, at: number, level: number): void {
    const begins = Math.floor(at / line) * line;
    const lines = seriesOf(color, metric);
    const last = lines[lines.length - 1];
    if (last?.at === begins) {
      last.sum += level;
      last.maximum = Math.max(last.maximum, level);
    } else lines.push({ at: begins, sum: level, maximum: level });
  }

  function addCount(color: Color, metric: MetricName, at: number, count: number): void {
    if (count > 0) noteLevel(color, metric, at, count);
  }

  function read(color: Color, metric: MetricName, from: number, to: number, now: number) {
    const lines = seriesOf(color, metric);
    const sent = Math.floor((takenUntil(now) - delay) / batch) * batch;
    const found: Datapoint[] = [];
    // The newest are wanted most often, and stand last.
    for (let index = lines.length - 1; index >= 0; index--) {
      const one = lines[index];
      const at = one === undefined ? 0 : Math.floor(one.at / period) * period;
      if (one === undefined || at < from) break;
      if (at >= to || one.at + line > sent) continue;
      const last = found[found.length - 1];
      if (last?.at === at) {
        last.sum += one.sum;
        last.maximum = Math.max(last.maximum, one.maximum);
      } else found.push({ at, sum: one.sum, maximum: one.maximum });
    }
    return found.reverse();
  }

  return { addCount, noteLevel, read };
}
