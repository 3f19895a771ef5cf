import assert from "node:assert/strict";
import { figuresOf } from "../../../tools/report/figures";
import {
  headline,
  isAsExpected,
  limitsInWords,
  outcomeInWords,
  span,
  stepsInWords,
  unbroken,
} from "../../../tools/report/words";
import { MIGRATED, PLAN, REFUSED, rehearsed, STUCK, story, TAKEN_BACK } from "./stories";

describe("headline", () => {
  it("tells end, time, hurt payments, and the time from fault to rollback", () => {
    assert.equal(
      headline(TAKEN_BACK),
      "Payments were taken back to blue after 1 min 10 s; the release hurt 40 payments, 38 s from fault to rollback.",
    );
  });

  it("tells of each other end", async () => {
    assert.match(
      headline(await rehearsed("good-release")),
      /^Green went live in 4\d min \d+ s; the release hurt no payment\.$/,
    );
    assert.equal(headline(MIGRATED), "All clients came to AWS in 4 h; it hurt no payment.");
    assert.equal(
      headline(REFUSED),
      "The start was refused, and no payment moved: on green, 0 of 3 targets are healthy.",
    );
    assert.equal(
      headline(STUCK),
      "It had come to no end after 1 h 10 min; the release hurt no payment.",
    );
  });

  it("tells of clients who were led back", () => {
    const { rehearsal } = MIGRATED;
    const counts = structuredClone(TAKEN_BACK.rehearsal.counts);
    const back = { ...rehearsal, outcome: "rolled-back" as const, durationSeconds: 900, counts };
    assert.equal(
      headline({ ...MIGRATED, rehearsal: back }),
      "Clients were led back after 15 min; it hurt 40 payments.",
    );
  });

  it("counts one payment as one", () => {
    const { counts } = structuredClone(TAKEN_BACK.rehearsal);
    counts.green.failedByRelease = 1;
    counts.green.rejectedByRelease = 0;
    assert.match(headline(story({ rehearsal: { counts } })), /the release hurt 1 payment\.$/);
  });
});

describe("isAsExpected", () => {
  it("holds the outcome against the scenario's", () => {
    assert.ok(isAsExpected(TAKEN_BACK));
    assert.ok(!isAsExpected(STUCK));
    const either = { expected: "either" };
    assert.ok(isAsExpected({ ...TAKEN_BACK, scenario: { ...TAKEN_BACK.scenario, ...either } }));
    assert.ok(!isAsExpected({ ...STUCK, scenario: { ...STUCK.scenario, ...either } }));
  });
});

describe("figuresOf", () => {
  const values = (of: Parameters<typeof figuresOf>[0]) =>
    Object.fromEntries(figuresOf(of).map(({ name, value }) => [name, value]));

  it("has every figure of a story", () => {
    assert.deepEqual(values(TAKEN_BACK), {
      "expected outcome": "rolled back",
      outcome: "rolled back",
      duration: "1 min 10 s",
      payments: "900",
      failed: "39",
      "hurt because of the release": "40",
      "from fault to rollback": "38 s",
      "longest write pause": "none",
      "messages sent": "2",
    });
  });

  it("says what there was none of", () => {
    assert.equal(values(REFUSED)["from fault to rollback"], "no fault");
    const faulty = { ...STUCK.rehearsal, faultAtSeconds: 3 };
    assert.equal(values({ ...STUCK, rehearsal: faulty })["from fault to rollback"], "never");
  });

  it("has the write pause of a switchover, and what clients asked again", async () => {
    assert.equal(values(await rehearsed("switchover"))["longest write pause"], "4 s");
    const retries = values(await rehearsed("retrying-clients"))["asked again by clients"];
    assert.ok(Number(retries) > 0, retries);
  });
});

describe("words", () => {
  it("tells a duration with hours", () => {
    assert.deepEqual([45, 3599, 3600, 3660, 14_912].map(span), [
      "45 s",
      "59 min 59 s",
      "1 h",
      "1 h 1 min",
      "4 h 8 min 32 s",
    ]);
  });

  it("tells the steps of both kinds of plan, with approvals and the switchover", () => {
    const [first, ...others] = PLAN.steps;
    assert.ok(first);
    const plan = { ...PLAN, steps: [{ ...first, switchover: true as const }, ...others] };
    assert.equal(
      stepsInWords(plan, false),
      "10 % for 5 min with the switchover of the database, 50 % for 10 min, 90 % for 10 min and 100 % for 15 min",
    );
    assert.equal(
      stepsInWords(MIGRATED.plan, true),
      "2 % for 2 h and 100 % for 1 h 30 min with an approval (“all?”)",
    );
  });

  it("tells every limit", () => {
    const limits = { ...PLAN.limits, maxErrorsPerThousand: 3.5, releasesPerFalseRollback: 5000 };
    const told = limitsInWords(limits, false).join(" ");
    for (const number of ["3.5 of", "500 ms", "200 payments", "30 min", "5,000", "20 steps"])
      assert.ok(told.includes(number), `${number} in ${told}`);
    assert.match(limitsInWords(limits, true).join(" "), /without payments to judge it by/);
  });

  it("keeps numbers and their units together", () => {
    assert.equal(unbroken("10 % for 5 min, 3 steps"), "10\u00a0% for 5\u00a0min, 3 steps");
  });

  it("leaves an outcome that it does not know as it is", () => {
    assert.equal(outcomeInWords("exploded"), "exploded");
  });
});
