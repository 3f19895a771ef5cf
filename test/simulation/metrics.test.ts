import assert from "node:assert/strict";
import {
  APPLICATION_CADENCE,
  createMetrics,
  LOAD_BALANCER_CADENCE,
  METRIC_DELAY_MILLISECONDS,
} from "../../simulation/metrics";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 9);
const LATER = START + 100 * MINUTE;

describe("metrics", () => {
  it("shows a minute only when it is over and the delay has passed", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    metrics.addCount("green", "RequestCount", START + 5_000, 7);
    const visibleFrom = START + MINUTE + METRIC_DELAY_MILLISECONDS;
    const readAt = (now: number) => metrics.read("green", "RequestCount", START, LATER, now);
    assert.deepEqual(readAt(visibleFrom - 1), []);
    assert.deepEqual(
      readAt(visibleFrom).map(({ sum }) => sum),
      [7],
    );
  });

  it("adds up whole minutes, stamped with their start", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    for (const second of [0, 59, 60])
      metrics.addCount("blue", "RequestCount", START + second * 1000, 1);
    const points = metrics.read("blue", "RequestCount", START, LATER, LATER);
    assert.deepEqual(
      points.map(({ at, sum }) => [at - START, sum]),
      [
        [0, 2],
        [MINUTE, 1],
      ],
    );
  });

  it("has no datapoint for a minute without anything to count", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    metrics.addCount("green", "RequestCount", START, 3);
    metrics.addCount("green", "RequestCount", START + MINUTE, 0);
    metrics.addCount("green", "RequestCount", START + 2 * MINUTE, 4);
    metrics.addCount("green", "HTTPCode_Target_5XX_Count", START, 0);
    const requests = metrics.read("green", "RequestCount", START, LATER, LATER);
    assert.deepEqual(
      requests.map(({ at }) => (at - START) / MINUTE),
      [0, 2],
    );
    const failures = metrics.read("green", "HTTPCode_Target_5XX_Count", START, LATER, LATER);
    assert.deepEqual(failures, []);
  });

  it("reads from the first instant given up to, not including, the last", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    for (const minute of [0, 1, 2])
      metrics.addCount("green", "RequestCount", START + minute * MINUTE, 1);
    const points = metrics.read("green", "RequestCount", START + MINUTE, START + 2 * MINUTE, LATER);
    assert.deepEqual(
      points.map(({ at }) => at),
      [START + MINUTE],
    );
  });

  it("keeps the colors apart", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    metrics.addCount("blue", "RequestCount", START, 1);
    assert.deepEqual(metrics.read("green", "RequestCount", START, LATER, LATER), []);
  });

  it("publishes a level of zero, and keeps a minute's maximum", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    for (const [second, level] of [
      [0, 0],
      [60, 1],
      [80, 3],
      [100, 0],
    ] as const)
      metrics.noteLevel("green", "UnHealthyHostCount", START + second * 1000, level);
    const points = metrics.read("green", "UnHealthyHostCount", START, LATER, LATER);
    assert.deepEqual(
      points.map(({ maximum }) => maximum),
      [0, 3],
    );
  });

  it("shows of the application's period what has come of it so far, batch by batch", () => {
    const metrics = createMetrics(APPLICATION_CADENCE);
    for (let second = 0; second < 20; second++)
      metrics.addCount("green", "RequestCount", START + second * 1000, 1);
    const readAt = (seconds: number) =>
      metrics
        .read("green", "RequestCount", START, LATER, START + seconds * 1000)
        .map(({ at, sum }) => [(at - START) / 1000, sum]);
    // The first batch leaves after five seconds, and takes five more.
    assert.deepEqual(readAt(9.9), []);
    assert.deepEqual(readAt(10), [[0, 5]]);
    assert.deepEqual(readAt(14.9), [[0, 5]]);
    assert.deepEqual(readAt(15), [[0, 10]]);
    assert.deepEqual(readAt(25), [
      [0, 10],
      [10, 10],
    ]);
  });

  it("takes nothing new in an outage, and all of it afterwards", () => {
    let takenUntil = Number.POSITIVE_INFINITY;
    const metrics = createMetrics(LOAD_BALANCER_CADENCE, (now) => Math.min(now, takenUntil));
    metrics.addCount("green", "RequestCount", START, 3);
    metrics.addCount("green", "RequestCount", START + MINUTE, 4);
    takenUntil = START + 2 * MINUTE;
    const read = () => metrics.read("green", "RequestCount", START, LATER, LATER);
    assert.deepEqual(
      read().map(({ sum }) => sum),
      [3],
    );
    takenUntil = Number.POSITIVE_INFINITY;
    assert.deepEqual(
      read().map(({ sum }) => sum),
      [3, 4],
    );
  });
});
