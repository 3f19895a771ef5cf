import assert from "node:assert/strict";
import { alarmEyes, cloudWatchEyes, prometheusEyes } from "../../../simulation/peers/eyes";
import { GOOD_RELEASE } from "../../../simulation/scenarios";
import { createWorld, type World } from "../../../simulation/world";
import { LIMITS } from "../../support/facts";

const START = Date.UTC(2026, 0, 5, 9);
const MINUTE = 60_000;
const TWO_OF_TWO = { datapointsToAlarm: 2, evaluationPeriods: 2 };

/** A world whose payments the test makes up: nobody lets its time pass. */
function world(at = 0): World {
  const options = {
    live: "blue",
    scenario: GOOD_RELEASE,
    paymentsPerHour: 1,
    limits: LIMITS,
  } as const;
  return createWorld({ ...options, startsAt: START + at, random: () => 0 });
}

function pay(given: World, payments: number, failed: number): void {
  given.counts.green.payments += payments;
  given.counts.green.failedByRelease += failed;
}

describe("prometheusEyes", () => {
  it("shows the increase between the first and the last scrape of its window", () => {
    const given = world();
    const eyes = prometheusEyes(60, given);
    for (let second = 1; second <= 90; second++) {
      given.now = START + second * 1000;
      pay(given, 10, second > 60 ? 1 : 0);
      eyes.watch?.(given);
    }
    // From the scrape at 30 s to the one at 90 s; failures began at 61 s.
    assert.deepEqual(eyes.see(given), { payments: 600, failed: 30 });
  });

  it("does not show what came after the last scrape", () => {
    const given = world();
    const eyes = prometheusEyes(60, given);
    for (let second = 1; second <= 9; second++) {
      given.now = START + second * 1000;
      pay(given, 10, 0);
      eyes.watch?.(given);
    }
    assert.deepEqual(eyes.see(given), { payments: 50, failed: 0 });
  });

  it("knows that counters stood at zero before the first payment, between two scrapes too", () => {
    const given = world(3_000);
    const eyes = prometheusEyes(60, given);
    given.now = START + 5_000;
    pay(given, 7, 7);
    eyes.watch?.(given);
    assert.deepEqual(eyes.see(given), { payments: 7, failed: 7 });
  });

  it("has no data where nothing was paid in the window, however much before", () => {
    const given = world();
    const eyes = prometheusEyes(60, given);
    assert.equal(eyes.see(given), "no-data");
    pay(given, 100, 100);
    for (let second = 5; second <= 120; second += 5) {
      given.now = START + second * 1000;
      eyes.watch?.(given);
    }
    assert.equal(eyes.see(given), "no-data");
  });

  it("counts what fails whatever the release, too", () => {
    const given = world();
    const eyes = prometheusEyes(60, given);
    given.now = START + 5_000;
    given.counts.green = { ...given.counts.green, payments: 5, failedByBackground: 2 };
    eyes.watch?.(given);
    assert.deepEqual(eyes.see(given), { payments: 5, failed: 2 });
  });
});

/** Payments and failures of the standby color in each minute from the start on. */
function served(...minutes: [number, number][]): World {
  const given = world();
  minutes.forEach(([payments, failed], minute) => {
    given.metrics.addCount("green", "RequestCount", START + minute * MINUTE, payments);
    given.metrics.addCount("green", "HTTPCode_Target_5XX_Count", START + minute * MINUTE, failed);
  });
  return given;
}

describe("cloudWatchEyes", () => {
  it("shows the minutes of its window that can be read already", () => {
    const given = served([100, 1], [100, 2], [100, 4], [100, 8], [100, 16], [100, 32]);
    // Minute 5 has ended, and its metrics are on their way.
    given.now = START + 6 * MINUTE + 30_000;
    assert.deepEqual(cloudWatchEyes(5).see(given), { payments: 400, failed: 30 });
  });

  it("takes a metric without a datapoint for zero, and a window without payments for no data", () => {
    const given = served([100, 0]);
    given.now = START + 2 * MINUTE;
    assert.deepEqual(cloudWatchEyes(5).see(given), { payments: 100, failed: 0 });
    given.now = START + 7 * MINUTE;
    assert.equal(cloudWatchEyes(5).see(given), "no-data");
  });
});

describe("alarmEyes", () => {
  function stateAt(given: World, at: number) {
    const eyes = alarmEyes(TWO_OF_TWO, 0.01);
    for (given.now = START; given.now < START + at; given.now += 1000) eyes.watch?.(given);
    return eyes.see(given);
  }

  it("has no data before an evaluation has found any", () => {
    assert.equal(stateAt(served([100, 100]), 2 * MINUTE + 30_000), "INSUFFICIENT_DATA");
  });

  it("turns red at the evaluation after two breaching minutes can be read, and not before", () => {
    const given = served([100, 2], [100, 2]);
    assert.equal(stateAt(given, 3 * MINUTE + 30_000), "OK");
    assert.equal(stateAt(given, 3 * MINUTE + 31_000), "ALARM");
  });

  it("stays quiet at the limit, or after one breaching minute", () => {
    assert.equal(stateAt(served([100, 1], [100, 1]), 4 * MINUTE), "OK");
    assert.equal(stateAt(served([100, 0], [100, 50]), 4 * MINUTE), "OK");
  });

  it("has no least number of payments", () => {
    assert.equal(stateAt(served([1, 1], [1, 1]), 4 * MINUTE), "ALARM");
  });

  it("does not turn red for minutes in which nobody paid", () => {
    assert.equal(stateAt(served(), 4 * MINUTE), "INSUFFICIENT_DATA");
  });
});
