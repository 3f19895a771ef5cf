import assert from "node:assert/strict";
import { arrivalsPerHour, shareOfBusiestHour } from "../../simulation/arrivals";
import { seededRandom } from "../../simulation/random";
import { GOOD_RELEASE, type Scenario } from "../../simulation/scenarios";
import { createWorld, type WorldOptions } from "../../simulation/world";
import { LIMITS } from "../support/facts";

const DAY = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;

function arrivals(changes: Partial<WorldOptions>, scenario: Partial<Scenario> = {}): number {
  const world = createWorld({
    ...{ live: "blue", paymentsPerHour: 1_000, limits: LIMITS, random: seededRandom(1) },
    ...{ startsAt: DAY + 3 * HOUR, scenario: { ...GOOD_RELEASE, ...scenario }, ...changes },
  });
  return arrivalsPerHour(world);
}

describe("arrivals", () => {
  it("are as many at any time, unless the hour counts", () => {
    assert.equal(arrivals({}), 1_000);
    assert.ok(Math.abs(arrivals({ daily: true }) - 150) < 1);
    assert.equal(arrivals({ daily: true, startsAt: DAY + 15 * HOUR }), 1_000);
  });

  it("rise and fall once a day, and never stop", () => {
    const shares = Array.from({ length: 24 }, (_, hour) => shareOfBusiestHour(DAY + hour * HOUR));
    const busiest = shares.indexOf(Math.max(...shares));
    const quietest = shares.indexOf(Math.min(...shares));
    assert.deepEqual([busiest, quietest], [15, 3]);
    const falls = shares
      .slice(15)
      .every((share, index, all) => index === 0 || share < (all[index - 1] ?? 0));
    assert.ok(falls);
    assert.ok(Math.min(...shares) > 0.1);
  });

  it("are those of the scenario, by the time since the operator's start", () => {
    assert.equal(arrivals({}, { trafficAt: (seconds) => (seconds < 0 ? 1 : 0) }), 0);
    assert.equal(arrivals({}, { trafficAt: (seconds) => (seconds < 1 ? 0.5 : 0) }), 500);
  });

  it("are only those of clients whom DNS leads to AWS", () => {
    assert.equal(arrivals({ awsPercent: 25 }), 250);
  });
});
