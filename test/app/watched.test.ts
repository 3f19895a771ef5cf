import assert from "node:assert/strict";
import { metricLines } from "../../app/metrics";
import { PUBLISHED } from "../components/dashboardFacts";

describe("what the application says of payments", () => {
  it("is what the dashboard looks for: same namespace, names and dimensions", () => {
    const [line] = metricLines({ accepted: 2, failed: 1, latencies: [12, 34] }, 0, {
      environment: "prod",
      color: "blue",
    });
    const { _aws, ...values } = JSON.parse(line ?? "{}");
    const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
    const watched = PUBLISHED.find(({ namespace }) => namespace === "Payments/*");
    assert.equal(Namespace, "Payments/prod");
    assert.deepEqual(Dimensions, watched?.dimensions);
    const names = Metrics.map(({ Name }: { Name: string }) => Name).sort();
    assert.deepEqual(names, watched?.metrics ?? []);
    assert.deepEqual(Object.keys(values).sort(), ["Color", ...names]);
    assert.equal(values.Color, "blue");
  });
});
