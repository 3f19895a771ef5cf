import assert from "node:assert/strict";
import type { Chart } from "../../../../tools/report/charts/chart";
import { evidenceChart } from "../../../../tools/report/charts/evidence";
import { failedChart, slowChart } from "../../../../tools/report/charts/shares";
import { weightsChart } from "../../../../tools/report/charts/weights";
import { MIGRATED, PLAN, rehearsed, STUCK, samplesOf, story, TAKEN_BACK, WAITED } from "../stories";

function names({ series }: Chart): string[] {
  return series.map(({ name }) => name);
}

function pointsOf({ series }: Chart, name: string) {
  return series.find((one) => one.name === name)?.points ?? [];
}

describe("weightsChart", () => {
  it("shows both colors in steps, and says them in words", async () => {
    const chart = weightsChart(await rehearsed("good-release"));
    const values = pointsOf(chart, "green").map(([, value]) => value);
    assert.deepEqual([...new Set(values)], [0, 10, 50, 90, 100]);
    for (const [index, [at, value]] of pointsOf(chart, "blue").entries())
      assert.deepEqual(pointsOf(chart, "green")[index], [at, 100 - (value ?? 0)]);
    assert.match(
      chart.inWords,
      /^Green got 10 % from 0:00:0\d, 50 % from .*, 90 % from .* and 100 % from 0:\d\d:\d\d of the payments; blue had the rest\.$/,
    );
  });

  it("shows the share of the clients where there are others", () => {
    const chart = weightsChart(MIGRATED);
    assert.deepEqual(names(chart), ["blue", "green", "clients on AWS"]);
    assert.deepEqual(
      chart.series.filter(({ isFilled }) => isFilled).map(({ name }) => name),
      ["clients on AWS"],
    );
    assert.match(
      chart.inWords,
      /^Green got no payments; blue had all of them\. DNS led clients to AWS: 2 % of them at first, 100 % at most, 100 % at the end\.$/,
    );
  });

  it("shows when payments waited, and when something has a mark", () => {
    assert.deepEqual(weightsChart(WAITED).waits, [{ fromSeconds: 302, toSeconds: 316 }]);
    assert.deepEqual(weightsChart(TAKEN_BACK).moments, [0, 12, 50, 60]);
  });
});

describe("failedChart", () => {
  it("shows failures of a thousand by color against the limit", () => {
    const chart = failedChart(TAKEN_BACK);
    assert.ok(chart);
    assert.deepEqual(names(chart), ["blue", "green"]);
    assert.deepEqual(pointsOf(chart, "green"), [
      [10, 200],
      [50, 200],
    ]);
    assert.deepEqual(
      chart.thresholds.map(({ value, label }) => [value, label]),
      [[10, "limit 10"]],
    );
    assert.match(
      chart.inWords,
      /Of 200 payments on green 40 failed: 200 of a thousand, and 200 around 0:00:10 at most\./,
    );
    assert.match(chart.inWords, /The limit is 10 of a thousand\.$/);
  });

  it("shows the limit where nothing fails, and no color that had no payments", () => {
    const chart = failedChart(MIGRATED);
    assert.ok(chart);
    assert.deepEqual(names(chart), ["blue"]);
    assert.ok(chart.values.max > 10);
  });

  it("is not there where no payment came", () => {
    assert.equal(failedChart(STUCK), undefined);
    assert.equal(slowChart(STUCK), undefined);
  });
});

describe("slowChart", () => {
  it("shows slow payments against one in a hundred, and names the plan's bound", () => {
    const limits = { ...PLAN.limits, maxP99Milliseconds: 1200 };
    const did = { payments: 200, slow: 7 };
    const chart = slowChart(
      story({
        plan: { ...PLAN, limits },
        samples: samplesOf([{ seconds: 10, green: 50, greenDid: did }]),
      }),
    );
    assert.ok(chart);
    assert.deepEqual(pointsOf(chart, "green")[0], [0, 35]);
    assert.equal(chart.thresholds[0]?.value, 10);
    assert.match(chart.unit, /over 1,200\sms/);
  });
});

describe("evidenceChart", () => {
  it("shows both kinds against their thresholds, on powers of ten", () => {
    const chart = evidenceChart(TAKEN_BACK);
    assert.ok(chart);
    assert.equal(chart.values.kind, "log");
    assert.deepEqual(
      chart.thresholds.map(({ value, label }) => [value, label]),
      [
        [1000, "taken back at 1,000"],
        [20, "a step may end at 20"],
      ],
    );
    assert.match(
      chart.inWords,
      /The evidence that green is worse was 200,000 at most, at 0:00:50; at 1,000 everything is taken back\./,
    );
  });

  it("draws what is beyond an edge at the edge, and breaks off where nothing was weighed", () => {
    const chart = evidenceChart(TAKEN_BACK);
    assert.ok(chart);
    assert.equal(chart.values.max, 10_000);
    const worse = pointsOf(chart, "worse");
    assert.deepEqual(
      worse.filter(([at]) => at === 40 || at === 50),
      [
        [40, 40],
        [50, 10_000],
      ],
    );
    assert.ok(worse.filter(([at]) => at < 15 || at > 55).every(([, value]) => value === null));
  });

  it("shows a single weighing as a line", () => {
    const samples = samplesOf([
      { seconds: 10, green: 10 },
      { seconds: 10, green: 10, worse: 5 },
      { seconds: 10, green: 10 },
    ]);
    const chart = evidenceChart(story({ samples }));
    const known = (chart?.series[0]?.points ?? []).filter(([, value]) => value !== null);
    assert.equal(known.length, 2);
    assert.ok((known[1]?.[0] ?? 0) > (known[0]?.[0] ?? 0));
  });

  it("is not there where nothing was ever weighed", () => {
    assert.equal(
      evidenceChart(story({ samples: samplesOf([{ seconds: 60, green: 0 }]) })),
      undefined,
    );
  });
});
