import assert from "node:assert/strict";
import type { AlarmState } from "../../../simulation/alarms";
import { alarmedRule, canary, linear } from "../../../simulation/peers/alarmed";
import { lastOf, play, type Stood } from "./play";

const MINUTE = 60;

function run(row: AlarmState[], bakeMinutes = 1, schedule = canary(10, 2)): Stood[] {
  return play(alarmedRule({ schedule, bakeMinutes }), row);
}

function quiet(seconds: number, state: AlarmState = "OK"): AlarmState[] {
  return new Array<AlarmState>(seconds).fill(state);
}

/** The looks after which the weight or the end is another than before. */
function changes(stood: Stood[]): Stood[] {
  return stood.filter(
    ({ percent, end }, index) => end !== undefined || percent !== stood[index - 1]?.percent,
  );
}

describe("alarmedRule", () => {
  it("gives everything after the canary's time, and is done when it has baked", () => {
    assert.deepEqual(changes(run(quiet(10 * MINUTE))), [
      { atSeconds: 0, percent: 10 },
      { atSeconds: 120, percent: 100 },
      { atSeconds: 180, percent: 100, end: "completed" },
    ]);
  });

  it("raises in equal steps up to everything", () => {
    assert.deepEqual(changes(run(quiet(20 * MINUTE), 0, linear(40, 3))), [
      { atSeconds: 0, percent: 40 },
      { atSeconds: 180, percent: 80 },
      { atSeconds: 360, percent: 100, end: "completed" },
    ]);
  });

  it("takes everything back in the second in which the alarm turns red, also while it bakes", () => {
    const during = run([...quiet(61), "ALARM"]);
    assert.deepEqual(lastOf(during), { atSeconds: 62, percent: 0, end: "rolled-back" });
    const baking = run([...quiet(150), "ALARM"]);
    assert.deepEqual(lastOf(baking), { atSeconds: 151, percent: 0, end: "rolled-back" });
  });

  it("goes on where the alarm has no data", () => {
    const stood = run(quiet(10 * MINUTE, "INSUFFICIENT_DATA"));
    assert.equal(lastOf(stood)?.end, "completed");
  });
});

describe("linear", () => {
  it("is the predefined tenth a minute, with everything in the ninth", () => {
    const schedule = linear(10, 1);
    assert.equal(schedule.length, 10);
    assert.deepEqual(schedule[9], { atMinute: 9, standbyPercent: 100 });
  });
});
