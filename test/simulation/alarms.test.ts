import assert from "node:assert/strict";
import { alarmState, evaluateAlarms } from "../../simulation/alarms";
import {
  createMetrics,
  LOAD_BALANCER_CADENCE,
  METRIC_DELAY_MILLISECONDS,
} from "../../simulation/metrics";
import { LIMITS } from "../support/facts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 9);

/** Minutes as AWS writes them, oldest first: 0 fine, X breaching, - missing. */
function minutes(row: string): (boolean | undefined)[] {
  const values = { "0": false, X: true, "-": undefined } as const;
  return [...row].map((mark) => values[mark as keyof typeof values]).reverse();
}

describe("alarmState", () => {
  const twoOfThree = { datapointsToAlarm: 2, evaluationPeriods: 3 };
  // The first five rows stand in AWS's documentation of alarms that treat missing data as missing.
  const rows = [
    ["0-X-X", "ALARM"],
    ["00X0X", "ALARM"],
    ["0-X--", "OK"],
    ["----0", "OK"],
    ["---X-", "ALARM"],
    ["----X", "OK"],
    ["-----", "INSUFFICIENT_DATA"],
    ["XX000", "OK"],
  ] as const;
  for (const [row, state] of rows)
    it(`is ${state} for 2 of 3 in ${row}`, () => {
      assert.equal(alarmState(minutes(row), twoOfThree), state);
    });
});

describe("evaluateAlarms", () => {
  const atMinute = (minute: number) => START + minute * MINUTE;
  const visible = (minute: number) => atMinute(minute + 1) + METRIC_DELAY_MILLISECONDS;

  function errorsAfter(failuresPerMinute: number[], paymentsPerMinute = 400) {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    failuresPerMinute.forEach((failures, minute) => {
      metrics.addCount("green", "RequestCount", atMinute(minute), paymentsPerMinute);
      metrics.addCount("green", "HTTPCode_Target_5XX_Count", atMinute(minute), failures);
    });
    const now = visible(failuresPerMinute.length - 1);
    return evaluateAlarms("green", metrics, LIMITS, now)["green-errors"];
  }

  it("is red when two of three minutes exceed the errors per thousand", () => {
    assert.equal(errorsAfter([0, 0, 5, 0, 5]), "ALARM");
  });

  it("is green when errors equal the limit, or exceed it in one minute only", () => {
    assert.equal(errorsAfter([4, 4, 4]), "OK");
    assert.equal(errorsAfter([0, 0, 5]), "OK");
  });

  it("counts a quiet minute as one of the least number of payments", () => {
    assert.equal(errorsAfter([2, 2, 2], 50), "OK");
    assert.equal(errorsAfter([3, 3, 3], 50), "ALARM");
  });

  it("does not see a minute before its datapoint can be read", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    metrics.addCount("green", "RequestCount", START, 100);
    const state = (now: number) => evaluateAlarms("green", metrics, LIMITS, now)["green-errors"];
    assert.equal(state(visible(0) - 1), "INSUFFICIENT_DATA");
    assert.equal(state(visible(0)), "OK");
  });

  it("is red when targets are unhealthy for two minutes, and not after one", () => {
    const metrics = createMetrics(LOAD_BALANCER_CADENCE);
    const state = (now: number) => {
      return evaluateAlarms("green", metrics, LIMITS, now)["green-unhealthy-targets"];
    };
    metrics.noteLevel("green", "UnHealthyHostCount", atMinute(0), 0);
    metrics.noteLevel("green", "UnHealthyHostCount", atMinute(1), 1);
    assert.equal(state(visible(1)), "OK");
    metrics.noteLevel("green", "UnHealthyHostCount", atMinute(2), 1);
    assert.equal(state(visible(2)), "ALARM");
  });

  it("is red when more than a hundredth are slow in three of five minutes with enough payments", () => {
    const slowAfter = (slowPerMinute: number[], paymentsPerMinute = 400) => {
      const metrics = createMetrics(LOAD_BALANCER_CADENCE);
      slowPerMinute.forEach((slow, minute) => {
        metrics.addCount("green", "RequestCount", atMinute(minute), paymentsPerMinute);
        metrics.addCount("green", "SlowCount", atMinute(minute), slow);
      });
      const now = visible(slowPerMinute.length - 1);
      return evaluateAlarms("green", metrics, LIMITS, now)["green-latency"];
    };
    assert.equal(slowAfter([5, 0, 5, 0, 5]), "ALARM");
    assert.equal(slowAfter([4, 4, 4, 4, 4]), "OK");
    assert.equal(slowAfter([50, 50, 50, 50, 50], 199), "OK");
  });
});
