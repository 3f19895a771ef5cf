import assert from "node:assert/strict";
import { metricLines } from "../../app/metrics";

const WHOSE = { environment: "prod", color: "green" };
const linesOf = (accepted: number, failed: number, latencies: number[]) =>
  metricLines({ accepted, failed, latencies }, 1_700_000_000_000, WHOSE).map((line) =>
    JSON.parse(line),
  );

/** Goal: lines that CloudWatch reads as metrics (its embedded metric format), with one dimension. */
describe("metrics of payments", () => {
  const metric = (Name: string, Unit: string) => ({ Name, Unit, StorageResolution: 1 });

  it("have a namespace, the color and nothing else to tell them apart, by the second", () => {
    assert.deepEqual(linesOf(2, 1, [12.5, 40]), [
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: "Payments/prod",
              Dimensions: [["Color"]],
              Metrics: [
                metric("PaymentsAccepted", "Count"),
                metric("PaymentsFailed", "Count"),
                metric("PaymentLatency", "Milliseconds"),
              ],
            },
          ],
        },
        Color: "green",
        PaymentsAccepted: 2,
        PaymentsFailed: 1,
        PaymentLatency: [12.5, 40],
      },
    ]);
  });

  it("are none when there was no payment", () => {
    assert.deepEqual(linesOf(0, 0, []), []);
  });

  it("say nothing of a latency when all failed", () => {
    const [line] = linesOf(0, 3, []);
    assert.equal("PaymentLatency" in line, false);
    assert.deepEqual(
      line._aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name),
      ["PaymentsAccepted", "PaymentsFailed"],
    );
  });

  it("are in more lines when a second has more latencies than one line may hold", () => {
    const latencies = Array.from({ length: 201 }, (_, i) => i);
    const lines = linesOf(201, 0, latencies);
    assert.deepEqual(
      lines.map(({ PaymentLatency }) => PaymentLatency.length),
      [100, 100, 1],
    );
    assert.deepEqual(
      lines.flatMap(({ PaymentLatency }) => PaymentLatency),
      latencies,
    );
    // Counted once.
    assert.deepEqual(
      lines.map(({ PaymentsAccepted }) => PaymentsAccepted),
      [201, undefined, undefined],
    );
  });
});
