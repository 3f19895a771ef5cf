import assert from "node:assert/strict";
import { evidenceOf, forNextStep } from "../../../../lambdas/cutover/evidence/gather";
import { judgeTraffic } from "../../../../lambdas/cutover/evidence/traffic";
import { noEvidence } from "../../../../lambdas/cutover/evidence/weigh";
import { type Counts, known, type TrafficFacts } from "../../../../lambdas/cutover/ports";
import type { Cutover } from "../../../../lambdas/cutover/state";
import { MINUTE, NO_TRAFFIC, NOW, PLAN, type Served, served, UNSEEN } from "../../../support/facts";

/** The step's weights have been in place for nine minutes. */
const CUTOVER: Cutover = {
  id: "-",
  target: "green",
  plan: PLAN,
  requestedBy: "alice",
  stepIndex: 0,
  stepEnteredAt: NOW - 10 * MINUTE,
  bakingSince: NOW - 9 * MINUTE,
  evidence: noEvidence(NOW - 10 * MINUTE),
};

function judged(traffic: TrafficFacts, cutover = CUTOVER) {
  return judgeTraffic(cutover, traffic, NOW);
}

function both(standby: Partial<Counts>, live: Partial<Counts>, more: Partial<Served> = {}) {
  return served({ standby, live, ...more });
}

describe("judgeTraffic", () => {
  const rows: [why: string, traffic: TrafficFacts, code: string, because: string][] = [
    [
      "all is well",
      both({ payments: 1000, failures: 1, slow: 2 }, { payments: 9000, failures: 9, slow: 20 }),
      "not-worse",
      "1 of 1000 payments failed, 2 were slow; on blue 9 of 9000, 20",
    ],
    ["nothing was counted", NO_TRAFFIC, "few-payments", "0 of 0 payments failed"],
    [
      "too few were counted",
      both({ payments: 199 }, { payments: 1800 }),
      "few-payments",
      "fewer than the 200 needed to judge",
    ],
    [
      "enough were counted, and too few to prove that the limit is kept",
      both({ payments: 250 }, { payments: 2000 }),
      "unproven",
      "not yet shown to be under 10 per thousand (evidence 7.64 of 20)",
    ],
    [
      "failures are at the limit",
      both({ payments: 5000, failures: 50 }, { payments: 5000, failures: 50 }),
      "unproven",
      "50 of 5000",
    ],
    [
      "hardly any response times were measured",
      both({ payments: 1000, timed: 50 }, { payments: 9000 }),
      "unproven-speed",
      "not yet shown that under 30 per thousand are slow",
    ],
    [
      "the last payment is long ago",
      both({ payments: 1000 }, { payments: 9000 }, { at: NOW - 5 * MINUTE }),
      "stale-payments",
      "the last of them 290 s ago",
    ],
    [
      "more fail than on the live color",
      both({ payments: 500, failures: 8 }, { payments: 4500, failures: 4 }),
      "errors",
      "8 of 500 payments failed, 0 were slow; on blue 4 of 4500, 0: more fail than on blue (evidence ",
    ],
    [
      "more fail than on the live color, though far below the limit",
      both({ payments: 100_000, failures: 100 }, { payments: 100_000, failures: 20 }),
      "errors",
      "more fail than on blue",
    ],
    [
      "there is no control, and more fail than the limit allows",
      both({ payments: 1000, failures: 40 }, {}),
      "errors",
      "more fail than 10 per thousand (evidence ",
    ],
    [
      "there is no control, and failures are below the limit",
      both({ payments: 5000, failures: 25 }, {}),
      "not-worse",
      "25 of 5000",
    ],
    [
      "more are slow than on the live color",
      both({ payments: 1000, slow: 40 }, { payments: 9000, slow: 30 }),
      "slow",
      "more are slow than on blue (evidence ",
    ],
    [
      "there is no control, and more are slow than a hundredth",
      both({ payments: 1000, slow: 60 }, {}),
      "slow",
      "more are slow than 10 per thousand",
    ],
    [
      "both colors fail alike",
      both({ payments: 1000, failures: 300 }, { payments: 9000, failures: 2700 }),
      "shared-trouble",
      "both colors are in trouble: 300 of 1000 payments failed",
    ],
    [
      "both colors are slow alike",
      both({ payments: 1000, slow: 300 }, { payments: 1000, slow: 300 }),
      "shared-trouble",
      "both colors are in trouble",
    ],
    [
      "the standby color fails much, and a little is known of the live one",
      both({ payments: 400, failures: 80 }, { payments: 45 }),
      "errors",
      "more fail than 10 per thousand",
    ],
    [
      "the standby color fails somewhat, and too little is known of the live one",
      both({ payments: 1000, failures: 40 }, { payments: 60 }),
      "control-unknown",
      "too few to tell whether both colors are in trouble",
    ],
    [
      "both are in trouble, and the standby color far more",
      both({ payments: 1000, failures: 300 }, { payments: 9000, failures: 500 }),
      "errors",
      "more fail than 10 per thousand (evidence 1000000000 of 1000)",
    ],
    [
      "the live color alone is in trouble",
      both({ payments: 1000, failures: 1 }, { payments: 9000, failures: 4000 }),
      "not-worse",
      "on blue 4000 of 9000",
    ],
    [
      "a handful of the first payments fail, and no other",
      both({ payments: 6, failures: 6 }, { payments: 60 }),
      "errors",
      "6 of 6 payments failed",
    ],
    [
      "the first payment fails",
      both({ payments: 1, failures: 1 }, { payments: 60 }),
      "few-payments",
      "1 of 1 payments failed",
    ],
  ];
  for (const [why, traffic, code, because] of rows)
    it(`finds ${code} where ${why}`, () => {
      const { verdict } = judged(traffic);
      assert.equal(verdict.code, code, verdict.reason);
      assert.ok(verdict.reason.includes(because), verdict.reason);
    });

  it("finds a color worse that rejects more payments than the live one, whatever share that is", () => {
    const source = "loadBalancer" as const;
    const rejects = (own: number, live: number) =>
      both({ payments: 1000, rejected: own }, { payments: 9000, rejected: live }, { source });
    const { verdict } = judged(rejects(40, 60));
    assert.equal(verdict.code, "rejected", verdict.reason);
    assert.match(
      verdict.reason,
      /0 were slow and 40 rejected; on blue 0 of 9000, 0 and 60: more are rejected than on blue/,
    );
    // Clients may do wrong as much as they like, as long as they do it to both.
    assert.equal(judged(rejects(200, 1800)).verdict.kind, "not-worse");
  });

  it("holds when requests get no answer, though all that were answered are well", () => {
    const { application } = both({ payments: 1000 }, { payments: 9000 });
    const balancer = (timed: number): TrafficFacts => ({
      ...served({ source: "loadBalancer", standby: { payments: 1200, timed } }),
      application,
    });
    assert.equal(judged(balancer(1190)).verdict.kind, "not-worse");
    const { verdict } = judged(balancer(1000));
    assert.equal(verdict.code, "unanswered", verdict.reason);
    assert.match(verdict.reason, /200 of 1200 requests got no answer from it/);
  });

  const last = { ...CUTOVER, stepIndex: 2 };
  it("judges by the limit alone where the live color is given nothing, whatever it still served", () => {
    const few = both({ payments: 1000, failures: 40 }, { payments: 14 });
    assert.equal(judged(few).verdict.code, "control-unknown");
    assert.equal(judged(few, last).verdict.code, "errors");
  });

  it("does not take a release back for an outage of both, once it is over", () => {
    const outage = both({ payments: 2000, failures: 400 }, { payments: 2000, failures: 400 });
    assert.equal(judged(outage).verdict.code, "shared-trouble");
    const carried = forNextStep(evidenceOf(CUTOVER, outage));
    for (const cutover of [CUTOVER, last]) {
      const onward = { ...cutover, evidence: carried, stepEnteredAt: NOW - 10_000 };
      const at = NOW - 10_000;
      assert.equal(judged(NO_TRAFFIC, onward).verdict.code, "few-payments");
      const well = both({ payments: 1000 }, { payments: 1000 }, { at });
      assert.equal(judged(well, onward).verdict.kind, "not-worse");
    }
  });

  it("does not take a release back for what hurt both shortly before the step, and settles in it", () => {
    const at = (milliseconds: number) => ({ at: NOW - milliseconds });
    const hurt = { payments: 300, failures: 200 };
    const outage = both(hurt, hurt, at(60_000)).application;
    const well = both({ payments: 2000 }, { payments: 2000 }, at(10_000)).application;
    assert.ok(outage.known && well.known);
    const application = known([...outage.value, ...well.value]);
    const onward = { ...CUTOVER, stepEnteredAt: NOW - 10_000 };
    const { verdict } = judged({ ...NO_TRAFFIC, application }, onward);
    assert.equal(verdict.kind, "not-worse", verdict.reason);
  });

  it("takes the load balancer's counts where the application counts nothing", () => {
    const counts = { standby: { payments: 1000 }, live: { payments: 9000 } };
    const traffic = served({ ...counts, source: "loadBalancer" });
    assert.equal(judged(traffic).verdict.kind, "not-worse");
  });

  it("takes the load balancer's response times where the application measures none", () => {
    const { application } = both({ payments: 1000, timed: 0 }, { payments: 9000, timed: 0 });
    const slow = (count: number): TrafficFacts => ({
      ...served({ source: "loadBalancer", standby: { payments: 1000, slow: count } }),
      application,
    });
    assert.equal(judged(slow(0)).verdict.kind, "not-worse");
    assert.equal(judged(slow(30)).verdict.code, "unproven-speed");
    assert.equal(judged(slow(60)).verdict.code, "slow");
  });

  it("lets either source show that the color is worse, whatever the other shows", () => {
    const well = both({ payments: 1000 }, { payments: 9000 });
    const counts = { standby: { payments: 500, failures: 50 }, live: { payments: 4500 } };
    const { loadBalancer } = served({ ...counts, source: "loadBalancer" });
    const { application } = served(counts);
    const wellToo = served({ ...{ standby: { payments: 1000 } }, source: "loadBalancer" });
    assert.equal(judged({ ...well, loadBalancer }).verdict.code, "errors");
    assert.equal(judged({ ...wellToo, application }).verdict.code, "errors");
  });

  for (const source of ["application", "loadBalancer"] as const)
    it(`holds when the ${source} cannot be read, though the other shows that all is well`, () => {
      const well = both({ payments: 1000 }, { payments: 9000 });
      const { verdict } = judged({ ...well, [source]: UNSEEN });
      assert.equal(verdict.code, "traffic-unknown");
      assert.match(verdict.reason, /^payments are not counted \(TimeoutError: no answer\)$/);
    });

  it("finds a color worse by one source while the other cannot be read", () => {
    const { application } = both({ payments: 500, failures: 50 }, { payments: 4500 });
    assert.equal(judged({ application, loadBalancer: UNSEEN }).verdict.code, "errors");
  });

  it("tells how strong the evidence is, and what is wanted", () => {
    const { strength } = judged(both({ payments: 363 }, { payments: 3600 }));
    const { worse, rollBackAt, notWorse, promoteAt } = strength;
    assert.deepEqual([rollBackAt, promoteAt], [1000, 20]);
    assert.ok(worse > 0 && worse <= 1, `${worse}`);
    assert.ok(notWorse >= 20 && notWorse < 20.5, `${notWorse}`);
  });

  it("says that a later step's counts are not all that it judges by", () => {
    const worse = both({ payments: 500, failures: 50 }, { payments: 4500 });
    assert.doesNotMatch(judged(worse).verdict.reason, /steps before/);
    const later = { ...CUTOVER, stepIndex: 1 };
    assert.match(judged(worse, later).verdict.reason, /, with what the steps before showed\)$/);
  });

  it("asks for more evidence where the plan wants fewer mistakes", () => {
    const strict = {
      ...PLAN.limits,
      releasesPerFalseRollback: 1_000_000,
      stepsPerFalsePromotion: 500,
    };
    const cutover = { ...CUTOVER, plan: { ...PLAN, limits: strict } };
    const doubtful = both({ payments: 500, failures: 8 }, { payments: 4500, failures: 4 });
    assert.equal(judged(doubtful).verdict.code, "errors");
    assert.equal(judged(doubtful, cutover).verdict.kind, "not-enough-data");
    const well = both({ payments: 400 }, { payments: 3600 });
    assert.equal(judged(well).verdict.kind, "not-worse");
    assert.equal(judged(well, cutover).verdict.code, "unproven");
  });

  it("never takes a source that is known to be empty for one that is well", () => {
    const traffic = { application: known([]), loadBalancer: known([]) };
    assert.equal(judged(traffic).verdict.kind, "not-enough-data");
  });
});
