/** What happened to payments in a while. */
export interface Counts {
  /** Answered 201; a repeated answer too, since it shows as well that the color serves. */
  accepted: number;
  /** Answered 5xx. What a client did wrong is in neither count. */
  failed: number;
  /** Of the accepted, in milliseconds: failures may be fast, and must not make a color look so. */
  latencies: number[];
}

/** CloudWatch takes so many values of a metric in one line. */
const MAX_VALUES = 100;

/**
 * Lines in CloudWatch's embedded metric format; none when nothing happened, since a zero would say that
 * payments went well. One for each second and not for each payment: the metrics have a resolution of
 * one second, every latency is in the line, so nothing is lost, and logs cost by the byte.
 * @param at epoch milliseconds
 */
export function metricLines(
  { accepted, failed, latencies }: Counts,
  at: number,
  { environment, color }: { environment: string; color: string },
): string[] {
  if (accepted + failed === 0) return [];
  const line = (values: { [metric: string]: number | number[] }) =>
    JSON.stringify({
      _aws: {
        Timestamp: at,
        CloudWatchMetrics: [
          {
            Namespace: `Payments/${environment}`,
            Dimensions: [["Color"]],
            Metrics: Object.keys(values).map((Name) => ({
              Name,
              Unit: Name === "PaymentLatency" ? "Milliseconds" : "Count",
              StorageResolution: 1,
            })),
          },
        ],
      },
      Color: color,
      ...values,
    });
  const [first, ...more] = chunks(latencies);
  return [
    line({
      PaymentsAccepted: accepted,
      PaymentsFailed: failed,
      ...(first && { PaymentLatency: first }),
    }),
    ...more.map((values) => line({ PaymentLatency: values })),
  ];
}

function chunks(values: number[]): number[][] {
  const count = Math.ceil(values.length / MAX_VALUES);
  return Array.from({ length: count }, (_, i) =>
    values.slice(i * MAX_VALUES, (i + 1) * MAX_VALUES),
  );
}

/** Counts payments, and writes a line about them each second. */
export class Metrics {
  private counts: Counts = { accepted: 0, failed: 0, latencies: [] };
  private readonly timer = setInterval(() => this.flush(), 1_000);

  constructor(
    private readonly whose: { environment: string; color: string },
    private readonly write: (line: string) => void,
  ) {}

  /** @param milliseconds from the request's coming to its answer */
  count(status: number, milliseconds: number): void {
    if (status >= 500) this.counts.failed += 1;
    if (status !== 201) return;
    this.counts.accepted += 1;
    this.counts.latencies.push(Math.round(milliseconds * 10) / 10);
  }

  /** Writes what is left, and no more. */
  close(): void {
    clearInterval(this.timer);
    this.flush();
  }

  private flush(): void {
    const { counts } = this;
    this.counts = { accepted: 0, failed: 0, latencies: [] };
    for (const line of metricLines(counts, Date.now(), this.whose)) this.write(line);
  }
}
