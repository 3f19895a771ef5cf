import assert from "node:assert/strict";
import { linearAxis, logAxis, timeAxis } from "../../../../tools/report/charts/axis";

const MINUTE = 60;
const HOUR = 3600;

function labels(endSeconds: number, mostTicks: number): string[] {
  const { ticks, label } = timeAxis(endSeconds, mostTicks);
  return ticks.map(label);
}

describe("timeAxis", () => {
  it("counts minutes and seconds up to an hour", () => {
    assert.deepEqual(labels(102, 5), ["0:00", "0:30", "1:00", "1:30"]);
    assert.deepEqual(labels(43 * MINUTE + 32, 5), ["0:00", "10:00", "20:00", "30:00", "40:00"]);
    assert.equal(timeAxis(HOUR, 5).unit, "min:s");
  });

  it("counts hours and minutes beyond an hour", () => {
    assert.deepEqual(labels(4 * HOUR + 8 * MINUTE, 5), ["0:00", "1:00", "2:00", "3:00", "4:00"]);
    assert.deepEqual(labels(HOUR + 600, 5), ["0:00", "0:15", "0:30", "0:45", "1:00"]);
    assert.equal(timeAxis(HOUR + 1, 5).unit, "h:min");
  });

  it("has no more ticks than there is room for, and never one alone", () => {
    for (let endSeconds = 10; endSeconds < 100 * HOUR; endSeconds = Math.ceil(endSeconds * 1.3))
      for (const most of [5, 12]) {
        const { ticks } = timeAxis(endSeconds, most);
        assert.ok(ticks.length >= 2 && ticks.length <= most + 1, `${endSeconds}: ${ticks}`);
        assert.ok((ticks.at(-1) ?? 0) <= endSeconds);
        assert.equal(new Set(labels(endSeconds, most)).size, ticks.length, `${endSeconds}`);
      }
  });
});

describe("linearAxis", () => {
  it("reaches the highest value in about four round steps", () => {
    assert.deepEqual(linearAxis(14).ticks, [0, 5, 10, 15]);
    assert.deepEqual(linearAxis(1000).ticks, [0, 250, 500, 750, 1000]);
    assert.deepEqual(linearAxis(0.7).ticks, [0, 0.2, 0.4, 0.6, 0.8]);
  });

  it("holds every value, with three to six ticks", () => {
    for (let highest = 0.01; highest <= 1000; highest *= 1.07) {
      const { max, ticks } = linearAxis(highest);
      assert.ok(max >= highest * (1 - 1e-6) && max <= 2 * highest, `${highest}: ${max}`);
      assert.ok(ticks.length >= 3 && ticks.length <= 6, `${highest}: ${ticks}`);
    }
  });
});

describe("logAxis", () => {
  it("goes by powers of ten around both values", () => {
    const axis = logAxis(0.01, 10_000);
    assert.deepEqual([axis.min, axis.max, axis.ticks.length], [0.01, 10_000, 7]);
    assert.equal(logAxis(0.02, 20_000).max, 100_000);
  });
});
