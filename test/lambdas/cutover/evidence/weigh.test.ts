import assert from "node:assert/strict";
import {
  forNextStep,
  mustSettle,
  readFrom,
  settledEvidence,
} from "../../../../lambdas/cutover/evidence/gather";
import {
  type Course,
  logPurseOf,
  noEvidence,
  type SourceEvidence,
  startOfPeriod,
  weigh,
} from "../../../../lambdas/cutover/evidence/weigh";
import {
  type Counts,
  known,
  noCounts,
  type Period,
  unknown,
} from "../../../../lambdas/cutover/ports";
import type { Cutover } from "../../../../lambdas/cutover/state";
import { seededRandom } from "../../../../simulation/random";
import { LIMITS, MINUTE, NOW, shifting } from "../../../support/facts";

const PERIOD_SECONDS = 10;
const LENGTH = PERIOD_SECONDS * 1000;

const COURSE: Course = {
  target: "green",
  limits: LIMITS,
  since: NOW,
  stepEnteredAt: NOW,
  bakingSince: NOW,
};

const START: SourceEvidence = noEvidence(NOW).application;

function counts(payments: number, failures = 0, slow = 0): Counts {
  return { payments, failures, timed: payments - failures, slow, rejected: 0 };
}

function period(index: number, green: Counts, blue = counts(100, 1, 1)): Period {
  return { at: NOW + index * LENGTH, green, blue };
}

/** Half an hour of both colors, with some trouble in it. */
function halfHour(): Period[] {
  const random = seededRandom(3);
  return Array.from({ length: 180 }, (_, index) =>
    period(
      index,
      counts(20, random() < 0.2 ? 1 : 0, random() < 0.3 ? 1 : 0),
      counts(80, random() < 0.2 ? 1 : 0, random() < 0.3 ? 1 : 0),
    ),
  );
}

describe("weigh", () => {
  const periods = halfHour();
  const whole = weigh(START, periods, PERIOD_SECONDS, COURSE);

  it("does not mind in which order counts come, nor that they come twice", () => {
    const shuffled = [...periods].reverse();
    assert.deepEqual(weigh(START, shuffled, PERIOD_SECONDS, COURSE), whole);
    assert.deepEqual(weigh(whole, periods, PERIOD_SECONDS, COURSE), whole);
  });

  it("is the same whether it is settled on the way or not, wherever", () => {
    for (const cut of [0, 1, 17, 90, 179, 180]) {
      const until = NOW + cut * LENGTH;
      const settled = weigh(START, periods, PERIOD_SECONDS, COURSE, until);
      assert.equal(settled.upTo, until);
      assert.deepEqual(weigh(settled, periods, PERIOD_SECONDS, COURSE), whole, `${cut}`);
    }
  });

  it("takes a count that came late, as long as its period is not settled", () => {
    const without = periods.filter((_, index) => index !== 40);
    const before = NOW + 40 * LENGTH;
    const settled = weigh(START, without, PERIOD_SECONDS, COURSE, before);
    assert.deepEqual(weigh(settled, periods, PERIOD_SECONDS, COURSE), whole);
    const tooLate = weigh(START, without, PERIOD_SECONDS, COURSE, before + LENGTH);
    assert.notDeepEqual(weigh(tooLate, periods, PERIOD_SECONDS, COURSE), whole);
  });

  it("never reads again what is settled, though nothing was there", () => {
    const settled = weigh(START, [], PERIOD_SECONDS, COURSE, NOW + LENGTH);
    const late = [period(0, counts(100, 100))];
    assert.deepEqual(weigh(settled, late, PERIOD_SECONDS, COURSE), settled);
  });

  it("holds the color that the payments move to against the other, whichever it is", () => {
    const bad = [period(0, counts(100, 20))];
    const mirrored = bad.map(({ at, green, blue }) => ({ at, green: blue, blue: green }));
    const toBlue = { ...COURSE, target: "blue" as const };
    const purse = (evidence: SourceEvidence) => logPurseOf(evidence, "failures", "live");
    const toGreen = weigh(START, bad, PERIOD_SECONDS, COURSE);
    assert.ok(purse(toGreen) > 3);
    assert.equal(purse(weigh(START, mirrored, PERIOD_SECONDS, toBlue)), purse(toGreen));
    assert.ok(purse(weigh(START, bad, PERIOD_SECONDS, toBlue)) < 0);
  });

  it("adds up the counts of the step, and of the period in which it began", () => {
    const course = { ...COURSE, stepEnteredAt: NOW + 2.5 * LENGTH };
    const three = [1, 2, 3].map((index) => period(index, counts(10, 1, 2), counts(30, 3, 4)));
    const { step } = weigh(START, three, PERIOD_SECONDS, course);
    assert.deepEqual(step.standby, { payments: 20, failures: 2, timed: 18, slow: 4, rejected: 0 });
    assert.deepEqual(step.live, { payments: 60, failures: 6, timed: 54, slow: 8, rejected: 0 });
  });

  it("bets nothing on the limit by what was before the step, though it comes late", () => {
    const trouble = period(3, counts(100, 40, 40), counts(100, 40, 40));
    const later = { ...COURSE, stepEnteredAt: NOW + 60_000 };
    const ofStep = weigh(START, [trouble], PERIOD_SECONDS, COURSE);
    const before = weigh(START, [trouble], PERIOD_SECONDS, later);
    for (const kind of ["failures", "slow"] as const) {
      const isSlowInTime = kind === "failures";
      assert.equal(logPurseOf(ofStep, kind, "limit") > Math.log(1e6), isSlowInTime);
      assert.ok(logPurseOf(before, kind, "limit") <= 1e-9, kind);
    }
    // That one color fares worse than the other counts whenever it was.
    const worse = weigh(START, [period(3, counts(100, 40))], PERIOD_SECONDS, later);
    assert.ok(logPurseOf(worse, "failures", "live") > Math.log(1000));
  });

  it("notes when the standby color last served", () => {
    assert.equal(START.servedUntil, undefined);
    const some = [period(0, counts(5)), period(1, counts(0))];
    assert.equal(weigh(START, some, PERIOD_SECONDS, COURSE).servedUntil, NOW + LENGTH);
  });

  describe("on payments that are slow", () => {
    const slow = (index: number) => [period(index, counts(100, 0, 50))];
    const grows = (periods: Period[], course: Course) =>
      logPurseOf(weigh(START, periods, PERIOD_SECONDS, course), "slow", "live") > 0.1;
    const { bakingSince: _, ...unseen } = COURSE;
    const second = { ...COURSE, stepEnteredAt: NOW + 30 * LENGTH, bakingSince: NOW + 31 * LENGTH };
    const rows: [why: string, index: number, course: Course, isEvidence: boolean][] = [
      ["in the first minute", 5, COURSE, false],
      ["after it", 6, COURSE, true],
      ["before the weights were seen in place", 20, unseen, false],
      ["in the step before, whose first minute is over", 20, second, true],
      ["in the period in which the step began", 30, second, false],
      ["in the first minute of a later step", 36, second, false],
      ["after the first minute of a later step", 37, second, true],
    ];
    for (const [why, index, course, isEvidence] of rows)
      it(`bets ${isEvidence ? "" : "nothing "}${why}`, () => {
        assert.equal(grows(slow(index), course), isEvidence);
      });

    it("counts them all the same, since a step must show that it is fast enough", () => {
      assert.equal(weigh(START, slow(0), PERIOD_SECONDS, COURSE).step.standby.slow, 50);
    });
  });
});

describe("startOfPeriod", () => {
  it("is the whole period in which an instant lies", () => {
    assert.equal(startOfPeriod(NOW + 19_999, 10), NOW + 10_000);
    assert.equal(startOfPeriod(NOW, 60), NOW);
  });
});

describe("the evidence of a cutover", () => {
  const { phase } = shifting({ enteredMinutesAgo: 4, bakingMinutesAgo: 3 });
  assert.ok(phase.name === "shifting");
  const { cutover } = phase;
  const at = (minutesAgo: number) => NOW - minutesAgo * MINUTE;
  const of = (minutesAgo: number): Period => ({
    at: at(minutesAgo),
    green: counts(10, 1),
    blue: counts(90, 1),
  });
  const traffic = {
    application: known([of(3), of(2), of(1), of(0.5)]),
    loadBalancer: known([of(4), of(3), of(2)]),
  };

  it("is settled as far as no late count can change it", () => {
    const { application, loadBalancer } = settledEvidence(cutover, traffic, NOW);
    assert.deepEqual([application.upTo, loadBalancer.upTo], [at(1), at(3)]);
    assert.equal(application.step.standby.payments, 20);
    assert.equal(loadBalancer.step.standby.payments, 10);
  });

  it("stays as it was where a source cannot be read", () => {
    const unread = { ...traffic, loadBalancer: unknown<Period[]>("no answer") };
    const { application, loadBalancer } = settledEvidence(cutover, unread, NOW);
    assert.deepEqual(loadBalancer, noEvidence(cutover.stepEnteredAt).loadBalancer);
    assert.equal(application.upTo, at(1));
  });

  it("keeps its bets for the next step, and begins to count anew", () => {
    const evidence = settledEvidence(cutover, traffic, NOW);
    const next = forNextStep(evidence);
    for (const kind of ["failures", "slow"] as const)
      assert.deepEqual(next.application.bets[kind].live, evidence.application.bets[kind].live);
    assert.ok(logPurseOf(evidence.application, "failures", "limit") > 0.1);
    assert.ok(Math.abs(logPurseOf(next.application, "failures", "limit")) < 1e-9);
    assert.equal(next.application.upTo, evidence.application.upTo);
    assert.deepEqual(next.application.step, { standby: noCounts(), live: noCounts() });
  });

  it("survives the state's table", () => {
    const evidence = settledEvidence(cutover, traffic, NOW);
    assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
    assert.deepEqual(JSON.parse(JSON.stringify(noEvidence(NOW))), noEvidence(NOW));
  });

  const carried: Cutover = { ...cutover, evidence: noEvidence(at(100)) };

  it("is read from where it is settled, as far as metrics are kept", () => {
    assert.equal(readFrom(cutover, "application", NOW), at(4));
    assert.equal(readFrom(carried, "application", NOW), at(100));
    assert.equal(readFrom(carried, "application", NOW + 100 * MINUTE), at(75));
    assert.equal(readFrom(carried, "loadBalancer", NOW + 100 * MINUTE), at(100));
  });

  it("must be settled in time", () => {
    assert.equal(mustSettle(carried, at(90)), false);
    assert.equal(mustSettle(carried, at(89)), true);
  });
});
