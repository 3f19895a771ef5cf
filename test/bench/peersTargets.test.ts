import assert from "node:assert/strict";
import { betterPeers, type Result, type Verdict, verdicts } from "../../bench/peersTargets";
import { completed, mixed, result, takenBack } from "./peersResults";

const OURS = "ours-10";
const PEER = "argo-default";

/** About that many failed payments, with a spread of one. */
const about = (failed: number) => [-1, 0, 1, -1, 0, 1].map((more) => takenBack(failed + more));

function duel(peerFailed: number, peerFalse: number, ourFalse = 0): Result[] {
  const healthy = (rule: string, count: number) =>
    result({ rule, faultPercent: 0 }, mixed(200, takenBack(0), count, completed()));
  return [
    healthy(OURS, ourFalse),
    healthy(PEER, peerFalse),
    result({ rule: OURS }, about(20)),
    result({ rule: PEER }, about(peerFailed)),
  ];
}

function verdictOn(results: Result[], target: RegExp): Verdict | undefined {
  return verdicts(results, OURS).find((verdict) => target.test(verdict.target));
}

describe("betterPeers", () => {
  it("names a peer that fails fewer payments with as many false rollbacks", () => {
    const [better, ...others] = betterPeers(duel(10, 0), OURS);
    assert.deepEqual([better?.rule, better?.faultPercent], [PEER, 2]);
    assert.equal(better?.difference.value, -10);
    assert.ok((better?.difference.low ?? 0) < -10 && (better?.difference.high ?? 0) < 0);
    assert.deepEqual(others, []);
  });

  it("names none that fails more payments, or fewer by chance", () => {
    assert.deepEqual(betterPeers(duel(30, 0), OURS), []);
    assert.deepEqual(betterPeers(duel(19.9, 0), OURS), []);
  });

  it("names none that takes more healthy releases back", () => {
    assert.deepEqual(betterPeers(duel(10, 40), OURS), []);
  });

  it("names one that takes back no more than ours, though many", () => {
    assert.equal(betterPeers(duel(10, 40, 200), OURS).length, 1);
  });

  it("tells whether it is better beside what ours finds worse alone, without what it held", () => {
    const held = (count: number) =>
      mixed(200, { ...takenBack(0), cause: "held" }, count, completed());
    const [, peer, ...faults] = duel(10, 40);
    const healthy = result({ faultPercent: 0 }, held(200));
    const results = [healthy, peer, ...faults].filter((one) => one !== undefined);
    const [better] = betterPeers(results, OURS);
    assert.deepEqual(better?.falseRollbacks, { theirs: 0.2, ours: 1 });
    assert.equal(better?.evenOfFoundWorse, false);
    assert.equal(betterPeers(duel(10, 40, 200), OURS)[0]?.evenOfFoundWorse, true);
  });

  it("compares within the same fault and traffic alone", () => {
    const elsewhere = [
      ...duel(30, 0),
      result({ rule: PEER, paymentsPerHour: 1_000 }, about(1)),
      result({ rule: PEER, faultPercent: 5 }, about(1)),
    ];
    assert.deepEqual(betterPeers(elsewhere, OURS), []);
  });

  it("does not compare ours with ours", () => {
    const both = [...duel(30, 0), result({ rule: "ours-5" }, about(1))];
    assert.deepEqual(betterPeers(both, OURS), []);
  });
});

describe("verdicts", () => {
  const dominance = /no peer/;

  it("says of the peers whether one is better, by how much, or that chance may have made it so", () => {
    assert.equal(verdictOn(duel(30, 0), dominance)?.outcome, "met");
    const missed = verdictOn(duel(10, 0), dominance);
    assert.equal(missed?.outcome, "missed");
    assert.equal(
      missed?.figures,
      "argo-default (takes back 0 %): 2 % by 10. Ours takes back 0 %; beside what it finds worse alone: argo-default",
    );
    assert.equal(verdictOn(duel(10, 2), dominance)?.outcome, "not shown");
  });

  it("holds false rollbacks to one in a thousand, over all traffics, without those held too long", () => {
    const healthy = (paymentsPerHour: number, foundWorse: number) =>
      result(
        { faultPercent: 0, paymentsPerHour },
        mixed(2_000, { ...takenBack(0), cause: "found-worse" }, foundWorse, {
          ...takenBack(0),
          cause: "held",
        }),
      );
    const on = (...results: Result[]) => verdictOn(results, /found worse/);
    assert.equal(on(healthy(1_000, 0), healthy(50_000, 0))?.outcome, "met");
    assert.equal(on(healthy(1_000, 0))?.outcome, "not shown");
    assert.equal(on(healthy(1_000, 20))?.outcome, "missed");
    assert.match(on(healthy(1_000, 0))?.figures ?? "", /^0 of 2000: .* 2000 more were held/);
  });

  it("holds the small fault to four minutes and eight payments, on average", () => {
    const on = (trials: Parameters<typeof result>[1], target: RegExp) =>
      verdictOn([result({}, trials)], target);
    const quick = [takenBack(7, 200), takenBack(7, 210), takenBack(7, 220)];
    assert.equal(on(quick, /min on average/)?.outcome, "met");
    assert.equal(on(quick, /payments on average/)?.outcome, "met");
    const slow = [takenBack(9, 300), takenBack(9, 310), takenBack(9, 320)];
    assert.deepEqual(on(slow, /min on average/)?.outcome, "missed");
    assert.match(on(slow, /min on average/)?.figures ?? "", /^since its first payment 5\.17 min/);
    assert.equal(on(slow, /payments on average/)?.outcome, "missed");
    const unsure = [takenBack(1, 100), takenBack(7, 230), takenBack(13, 360)];
    assert.equal(on(unsure, /min on average/)?.outcome, "not shown");
    const lost = [...quick, completed(500)];
    assert.match(on(lost, /min on average/)?.figures ?? "", /1 not at all$/);
    assert.equal(on(lost, /payments on average/)?.outcome, "missed");
  });

  it("holds gross faults to fifteen seconds at each traffic, in 95 of 100, or on average", () => {
    const at = (slow: number) => {
      const trials = mixed(100, takenBack(9, 40), slow, takenBack(9, 12));
      return verdictOn([result({ faultPercent: 20 }, trials)], /first failed payment/);
    };
    assert.equal(at(4)?.outcome, "met");
    assert.equal(at(10)?.outcome, "met on average");
    assert.match(at(10)?.figures ?? "", /95 % within 40 s; 90 % within 15 s/);
    assert.equal(at(30)?.outcome, "missed");
    assert.equal(verdictOn([result({ faultPercent: 5 }, about(9))], /first failed/), undefined);
  });

  it("calls a gross fault that is never taken back a miss", () => {
    const never = [result({ faultPercent: 100 }, [completed(9), completed(9)])];
    const verdict = verdictOn(never, /first failed payment/);
    assert.deepEqual([verdict?.outcome, verdict?.figures], ["missed", "never taken back"]);
  });
});
