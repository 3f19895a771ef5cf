import assert from "node:assert/strict";
import type { Freeze, FreezeWindow } from "../../../lambdas/cutover/contract";
import { frozenBy } from "../../../lambdas/cutover/freeze";

const NIGHT: FreezeWindow = { days: ["fri"], from: "18:00", to: "08:00" };
const NOON: FreezeWindow = { days: ["mon", "tue"], from: "12:00", to: "13:00" };
const WEEKEND: FreezeWindow = { days: ["sat", "sun"], from: "08:00", to: "08:00" };
const MONDAYS: FreezeWindow = { days: ["sun"], from: "23:00", to: "01:00" };

describe("frozenBy", () => {
  const rows: [window: FreezeWindow, timeZone: string, at: string, frozen: boolean][] = [
    // 2026-01-16 is a Friday.
    [NIGHT, "UTC", "2026-01-16T17:59:59.999Z", false],
    [NIGHT, "UTC", "2026-01-16T18:00:00Z", true],
    [NIGHT, "UTC", "2026-01-17T00:00:00Z", true],
    [NIGHT, "UTC", "2026-01-17T07:59:59.999Z", true],
    [NIGHT, "UTC", "2026-01-17T08:00:00Z", false],
    [NIGHT, "UTC", "2026-01-16T07:00:00Z", false],
    [NIGHT, "UTC", "2026-01-17T18:00:00Z", false],
    [NOON, "UTC", "2026-01-19T11:59:00Z", false],
    [NOON, "UTC", "2026-01-20T12:00:00Z", true],
    [NOON, "UTC", "2026-01-20T13:00:00Z", false],
    [NOON, "UTC", "2026-01-21T12:30:00Z", false],
    [WEEKEND, "UTC", "2026-01-17T07:59:00Z", false],
    [WEEKEND, "UTC", "2026-01-17T08:00:00Z", true],
    [WEEKEND, "UTC", "2026-01-18T08:00:00Z", true],
    [WEEKEND, "UTC", "2026-01-19T07:59:00Z", true],
    [WEEKEND, "UTC", "2026-01-19T08:00:00Z", false],
    // From the last day of the week to the first.
    [MONDAYS, "UTC", "2026-01-19T00:30:00Z", true],
    // 18:00 in New York is 23:00 in UTC in winter, and 22:00 in summer.
    [NIGHT, "America/New_York", "2026-01-16T22:59:00Z", false],
    [NIGHT, "America/New_York", "2026-01-16T23:00:00Z", true],
    [NIGHT, "America/New_York", "2026-07-17T21:59:00Z", false],
    [NIGHT, "America/New_York", "2026-07-17T22:00:00Z", true],
    // Where it is Saturday already.
    [NIGHT, "Asia/Tokyo", "2026-01-16T22:59:00Z", true],
    [NIGHT, "Asia/Tokyo", "2026-01-16T23:00:00Z", false],
    // A zone that is not whole hours away.
    [NIGHT, "Asia/Kolkata", "2026-01-16T12:30:00Z", true],
    [NIGHT, "Asia/Kolkata", "2026-01-16T12:29:00Z", false],
  ];
  for (const [window, timeZone, at, frozen] of rows)
    it(`${frozen ? "freezes" : "is open"} at ${at} for ${window.days} ${window.from}-${window.to} in ${timeZone}`, () => {
      const because = frozenBy({ timeZone, windows: [window] }, Date.parse(at));
      assert.equal(because !== undefined, frozen, because);
    });

  it("covers any one of its windows, and says which", () => {
    const freeze: Freeze = { timeZone: "UTC", windows: [NOON, NIGHT] };
    assert.equal(
      frozenBy(freeze, Date.parse("2026-01-16T20:00:00Z")),
      "nothing moves from 18:00 to 08:00 on fri (UTC)",
    );
  });

  it("never freezes without a freeze, or without a window", () => {
    assert.equal(frozenBy(undefined, 0), undefined);
    assert.equal(frozenBy({ timeZone: "UTC", windows: [] }, 0), undefined);
  });
});
