import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import type { Instance } from "./fleet";

/** Above this a payment is slow, in milliseconds; as in the plan's limits. */
export const SLOW_MILLISECONDS = 500;

const TURN_MILLISECONDS = 1_000;

interface Line {
  _aws: { Timestamp: number; CloudWatchMetrics: { Namespace: string }[] };
  Color: string;
  PaymentsAccepted?: number;
  PaymentsFailed?: number;
  PaymentLatency?: number[];
}

/**
 * CloudWatch Logs: makes metrics of the lines that the application's tasks write. The emulator knows no
 * trimmed counts, so how many payments were slow stands in the sum of the latencies, where the proxy
 * before it looks.
 */
export class MetricsFeed {
  private readonly read = new Map<Instance, number>();
  private readonly timer = setInterval(() => this.feed(), TURN_MILLISECONDS);

  constructor(
    private readonly client: cloudwatch.CloudWatchClient,
    private readonly instances: Instance[],
  ) {}

  close(): void {
    clearInterval(this.timer);
  }

  private feed(): void {
    for (const instance of this.instances) {
      const { lines } = instance.program;
      const fresh = lines.slice(this.read.get(instance) ?? 0);
      this.read.set(instance, lines.length);
      // A datum that is lost is one that the controller does not see.
      for (const text of fresh.filter((line) => line.startsWith('{"_aws"')))
        this.put(JSON.parse(text)).catch(() => {});
    }
  }

  private async put(line: Line): Promise<void> {
    const { PaymentsAccepted, PaymentsFailed, PaymentLatency: latencies = [] } = line;
    const common = {
      Dimensions: [{ Name: "Color", Value: line.Color }],
      Timestamp: new Date(line._aws.Timestamp),
    };
    const counts = Object.entries({ PaymentsAccepted, PaymentsFailed }).flatMap(
      ([MetricName, Value]) => (Value === undefined ? [] : [{ ...common, MetricName, Value }]),
    );
    const slow = latencies.filter((milliseconds) => milliseconds > SLOW_MILLISECONDS).length;
    const [SampleCount, Sum] = [latencies.length, slow];
    const StatisticValues = { SampleCount, Sum, Minimum: 0, Maximum: Math.max(slow, 1) };
    const latency = { ...common, MetricName: "PaymentLatency", StatisticValues };
    const MetricData = [...counts, ...(latencies.length > 0 ? [latency] : [])];
    const [{ Namespace } = { Namespace: "" }] = line._aws.CloudWatchMetrics;
    await this.client.send(new cloudwatch.PutMetricDataCommand({ Namespace, MetricData }));
  }
}
