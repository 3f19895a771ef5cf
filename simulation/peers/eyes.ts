import { otherColor } from "../../lambdas/cutover/contract";
import { type AlarmRule, type AlarmState, alarmState, alarmsAreEvaluatedAt } from "../alarms";
import { METRIC_DELAY_MILLISECONDS } from "../metrics";
import { failures } from "../payments";
import type { World } from "../world";
import type { Eyes } from "./rule";
import type { Counted, Sample } from "./sample";

const MINUTE = 60_000;

/**
 * How often the pods' counters are read. Source: `charts/flagger/templates/prometheus.yaml` in
 * fluxcd/flagger, which sets 5 s; Prometheus's own default is a minute. That is the only delay supposed
 * here: a counter that was read can be queried at once.
 */
const SCRAPE_MILLISECONDS = 5_000;

interface Scrape extends Counted {
  at: number;
}

/**
 * Prometheus: the ratio of two `rate()`s over a window. Both are extrapolated to the window's edges by the
 * same factor, so what is left of them is the ratio of the increases between the first and the last scrape
 * in it.
 *
 * Taken in the peers' favor: counters stand at zero before the first payment, so neither the first failures
 * are lost, as they are where a series begins with them, nor is a ratio empty because nothing succeeded.
 */
export function prometheusEyes(windowSeconds: number, { now }: World): Eyes<Sample> {
  const lastScrapeAt = Math.floor(now / SCRAPE_MILLISECONDS) * SCRAPE_MILLISECONDS;
  let scrapes: Scrape[] = [{ at: lastScrapeAt, payments: 0, failed: 0 }];
  return {
    watch(world) {
      if (world.now % SCRAPE_MILLISECONDS !== 0) return;
      const oldest = world.now - windowSeconds * 1000;
      scrapes = scrapes.filter(({ at }) => at >= oldest);
      const { payments, ...counts } = world.counts[otherColor(world.options.live)];
      scrapes.push({ at: world.now, payments, failed: failures({ payments, ...counts }) });
    },
    see({ now }) {
      const inWindow = scrapes.filter(({ at }) => at >= now - windowSeconds * 1000);
      const [first, last] = [inWindow[0], inWindow[inWindow.length - 1]];
      if (first === undefined || last === undefined) return "no-data";
      const payments = last.payments - first.payments;
      return payments === 0 ? "no-data" : { payments, failed: last.failed - first.failed };
    },
  };
}

/**
 * CloudWatch's GetMetricData on the load balancer's minutes, as one period that ends now: what of it
 * cannot be read yet is missing in it. It begins at a whole minute, to which CloudWatch rounds down.
 */
export function cloudWatchEyes(windowMinutes: number): Eyes<Sample> {
  return {
    see(world) {
      const to = Math.floor(world.now / MINUTE) * MINUTE;
      const seen = countedIn(world, to - windowMinutes * MINUTE, world.now);
      return seen.payments === 0 ? "no-data" : seen;
    },
  };
}

/** Further minutes that CloudWatch considers where newer ones have no datapoint. */
const FURTHER_BACK = 2;

/**
 * A CloudWatch alarm on the share of failed payments in the load balancer's minutes, `treatMissingData` as
 * by default: a minute without payments has no datapoint. No least number of payments, as no
 * documentation sets one.
 */
export function alarmEyes(rule: AlarmRule, maxFailedShare: number): Eyes<AlarmState> {
  let state: AlarmState = "INSUFFICIENT_DATA";
  return {
    watch(world) {
      if (alarmsAreEvaluatedAt(world.now)) state = evaluate(world, rule, maxFailedShare);
    },
    see: () => state,
  };
}

function evaluate(world: World, rule: AlarmRule, maxFailedShare: number): AlarmState {
  const end = Math.floor((world.now - METRIC_DELAY_MILLISECONDS) / MINUTE) * MINUTE;
  const breaching = Array.from({ length: rule.evaluationPeriods + FURTHER_BACK }, (_, age) => {
    const { payments, failed } = countedIn(world, end - (age + 1) * MINUTE, end - age * MINUTE);
    return payments === 0 ? undefined : failed > maxFailedShare * payments;
  });
  return alarmState(breaching, rule);
}

/** What of the standby color's payments can be read now. */
function countedIn({ metrics, options, now }: World, from: number, to: number): Counted {
  const sum = (metric: "RequestCount" | "HTTPCode_Target_5XX_Count") =>
    metrics
      .read(otherColor(options.live), metric, from, to, now)
      .reduce((total, point) => total + point.sum, 0);
  return { payments: sum("RequestCount"), failed: sum("HTTPCode_Target_5XX_Count") };
}
