import assert from "node:assert/strict";
import { linearAxis } from "../../../../tools/report/charts/axis";
import type { Chart, Threshold } from "../../../../tools/report/charts/chart";
import { placeLabels } from "../../../../tools/report/charts/labels";
import type { Point } from "../../../../tools/report/charts/points";

const PLOT = { width: 300, height: 200, fontSize: 12 };

function chart(points: Point[], thresholds: Threshold[]): Chart {
  return {
    ...{ name: "failed", title: "", unit: "", endSeconds: 100, values: linearAxis(100) },
    ...{ thresholds, waits: [], moments: [], inWords: "" },
    series: [{ name: "green", tone: "green", dash: "solid", points }],
  };
}

const LIMIT = { value: 50, label: "limit 50" };

describe("placeLabels", () => {
  it("puts a label at the end, above its line, where nothing is in the way", () => {
    assert.deepEqual(placeLabels(chart([], [LIMIT]), PLOT), ["insideEndTop"]);
  });

  it("makes way for a line, also for one between two distant points", () => {
    const above: Point[] = [
      [0, 54],
      [100, 54],
    ];
    assert.deepEqual(placeLabels(chart(above, [LIMIT]), PLOT), ["insideEndBottom"]);
    const steep: Point[] = [
      [90, 0],
      [92, 100],
    ];
    assert.deepEqual(placeLabels(chart(steep, [LIMIT]), PLOT), ["insideStartTop"]);
  });

  it("puts no label on another, and none beyond the plot", () => {
    const places = placeLabels(chart([], [LIMIT, { ...LIMIT, value: 52 }, LIMIT]), PLOT);
    assert.equal(new Set(places).size, 3, `${places}`);
    const high = { value: 99, label: "limit 99" };
    assert.deepEqual(placeLabels(chart([], [high]), PLOT), ["insideEndBottom"]);
  });
});
