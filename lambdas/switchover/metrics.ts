import { METRICS } from "./contract";

/** What the function measures, by the names of `METRICS`; what was not measured is left out. */
export interface Measured {
  heartbeat?: number;
  unsettled?: number;
}

/**
 * A log line of which CloudWatch makes metrics (its embedded metric format).
 * @param at epoch milliseconds
 */
export function metricsLine(environment: string, at: number, measured: Measured): string {
  const units = { heartbeat: "Milliseconds", unsettled: "Seconds" } as const;
  const names = (["heartbeat", "unsettled"] as const).filter(
    (name) => measured[name] !== undefined,
  );
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: METRICS.namespace,
          Dimensions: [["Environment"]],
          Metrics: names.map((name) => ({ Name: METRICS[name], Unit: units[name] })),
        },
      ],
    },
    Environment: environment,
    ...Object.fromEntries(names.map((name) => [METRICS[name], measured[name]])),
  });
}
