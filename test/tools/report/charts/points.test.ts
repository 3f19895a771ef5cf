import assert from "node:assert/strict";
import {
  binsOf,
  LEAST_PAYMENTS_IN_BIN,
  type Point,
  perThousand,
  steps,
  thinned,
  waitsOf,
  writersOf,
} from "../../../../tools/report/charts/points";
import { rehearsed, samplesOf, WAITED } from "../stories";

const GREEN = (sample: { weightsInPlace: { green: number } }) => sample.weightsInPlace.green;

describe("steps", () => {
  it("holds a value until another, and ends with the last sample", () => {
    const samples = samplesOf([
      { seconds: 20, green: 10 },
      { seconds: 10, green: 50 },
    ]);
    assert.deepEqual(steps(samples, GREEN, 0), [
      [0, 0],
      [10, 0],
      [10, 10],
      [30, 10],
      [30, 50],
      [30, 50],
    ]);
  });
});

describe("binsOf", () => {
  it("puts samples together until a share can be told", () => {
    const samples = samplesOf([{ seconds: 100, green: 10, greenDid: { payments: 40, failed: 1 } }]);
    const bins = binsOf(samples, "green", "failed");
    assert.deepEqual(bins, [
      { fromSeconds: 0, toSeconds: 40, payments: 160, events: 4 },
      // The 80 payments that are left would be too few.
      { fromSeconds: 40, toSeconds: 100, payments: 240, events: 6 },
    ]);
  });

  it("tells of few payments in one bin, and of none in none", () => {
    const few = samplesOf([{ seconds: 30, green: 10, greenDid: { payments: 2, slow: 1 } }]);
    assert.deepEqual(binsOf(few, "green", "slow"), [
      { fromSeconds: 0, toSeconds: 30, payments: 6, events: 3 },
    ]);
    assert.deepEqual(binsOf(few, "blue", "slow"), []);
  });

  it("begins anew after a time in which the color got no payments", () => {
    const did = { payments: 30 };
    const samples = samplesOf([
      { seconds: 20, green: 10, greenDid: did },
      { seconds: 10, green: 0 },
      { seconds: 20, green: 10, greenDid: did },
    ]);
    const spans = binsOf(samples, "green", "failed").map((bin) => [bin.fromSeconds, bin.toSeconds]);
    assert.deepEqual(spans, [
      [0, 20],
      [30, 50],
    ]);
    assert.deepEqual(perThousand(binsOf(samples, "green", "failed")), [
      [0, 0],
      [20, 0],
      [30, null],
      [30, 0],
      [50, 0],
    ]);
  });

  it("spans the gaps of sparse payments, and not those of two minutes", () => {
    const sparse = [
      { seconds: 10, green: 2, greenDid: { payments: 1 } },
      { seconds: 20, green: 2 },
    ];
    const samples = samplesOf([...sparse, ...sparse, ...sparse]);
    assert.equal(binsOf(samples, "green", "failed").length, 1);
    const quiet = samplesOf([...sparse, { seconds: 120, green: 2 }, ...sparse]);
    assert.equal(binsOf(quiet, "green", "failed").length, 2);
  });

  it("counts every payment and every failure once", async () => {
    for (const name of ["good-release", "bad-2", "switchover"]) {
      const { samples, rehearsal } = await rehearsed(name);
      for (const color of ["blue", "green"] as const) {
        const bins = binsOf(samples, color, "slow");
        const sum = (read: (bin: (typeof bins)[number]) => number) =>
          bins.reduce((total, bin) => total + read(bin), 0);
        assert.equal(
          sum(({ payments }) => payments),
          rehearsal.counts[color].payments,
        );
        assert.equal(
          sum(({ events }) => events),
          rehearsal.counts[color].slow,
        );
        const small = bins.filter(({ payments }) => payments < LEAST_PAYMENTS_IN_BIN);
        assert.ok(small.length <= 1, `${name}, ${color}: ${small.length} of ${bins.length}`);
      }
    }
  });
});

describe("thinned", () => {
  const wave = Array.from({ length: 5_000 }, (_, at): Point => [at, Math.sin(at / 300)]);

  it("leaves few points as they are", () => {
    const few: Point[] = [
      [0, 1],
      [5, null],
      [10, 3],
    ];
    assert.deepEqual(thinned(few), few);
  });

  it("keeps ends and peaks of thousands of points in some hundreds", () => {
    const peak: Point[] = wave.map(([at, value]) => (at === 2_345 ? [at, 9] : [at, value]));
    const kept = thinned(peak);
    assert.ok(kept.length <= 500, `${kept.length}`);
    assert.ok(kept.length >= 200, `${kept.length}`);
    assert.deepEqual(kept[0], peak[0]);
    assert.deepEqual(kept.at(-1), peak.at(-1));
    assert.ok(kept.some(([at, value]) => at === 2_345 && value === 9));
    const times = kept.map(([at]) => at);
    assert.deepEqual(
      times,
      [...times].sort((one, other) => one - other),
    );
  });

  it("keeps the breaks of a line", () => {
    const broken: Point[] = wave.map(([at, value]) => (at === 3_000 ? [at, null] : [at, value]));
    assert.ok(thinned(broken).some(([at, value]) => at === 3_000 && value === null));
  });
});

describe("waitsOf", () => {
  it("finds one pause in samples that touch each other, as long as payments waited", () => {
    assert.deepEqual(waitsOf(WAITED.samples), [{ fromSeconds: 302, toSeconds: 316 }]);
  });

  it("finds two pauses that do not touch", () => {
    const samples = samplesOf([
      { seconds: 10, green: 50, waitedSeconds: 2 },
      { seconds: 20, green: 50 },
      { seconds: 10, green: 50, waitedSeconds: 3 },
    ]);
    assert.deepEqual(waitsOf(samples), [
      { fromSeconds: 8, toSeconds: 10 },
      { fromSeconds: 37, toSeconds: 40 },
    ]);
  });
});

describe("writersOf", () => {
  it("tells which cluster was the writer, and when it changed", () => {
    assert.deepEqual(writersOf(WAITED.samples), [
      { color: "blue", fromSeconds: 0, toSeconds: 310 },
      { color: "green", fromSeconds: 310, toSeconds: 620 },
    ]);
  });
});
