import assert from "node:assert/strict";
import {
  judge,
  judgeAlarms,
  judgeTargets,
  judgeTraffic,
  type Verdict,
} from "../../../lambdas/cutover/evidence";
import { known } from "../../../lambdas/cutover/ports";
import { HEALTHY, LIMITS, UNSEEN } from "../../support/facts";

/** A verdict as `kind (code): reason`, without the code where it repeats the kind. */
function inWords({ kind, code, reason }: Verdict): string {
  return kind === code ? `${kind}: ${reason}` : `${kind} (${code}): ${reason}`;
}

describe("judgeTargets", () => {
  const rows: [healthy: number, unhealthy: number, initial: number, verdict: string][] = [
    [3, 0, 0, "not-worse: 3 of 3 targets are healthy"],
    [1, 0, 2, "not-worse: 1 of 3 targets are healthy"],
    [0, 0, 1, "not-enough-data (no-healthy-targets): none of 1 targets is healthy yet"],
    [0, 0, 0, "not-enough-data (no-healthy-targets): none of 0 targets is healthy yet"],
    [9, 1, 0, "worse (unhealthy-targets): 1 of 10 targets are unhealthy"],
    [0, 2, 1, "worse (unhealthy-targets): 2 of 3 targets are unhealthy"],
  ];
  for (const [healthy, unhealthy, initial, verdict] of rows)
    it(`finds ${healthy} healthy, ${unhealthy} unhealthy and ${initial} initial: ${verdict}`, () => {
      assert.equal(inWords(judgeTargets(known({ healthy, unhealthy, initial }))), verdict);
    });

  it("does not take unknown health for healthy or unhealthy", () => {
    const verdict =
      "not-enough-data (targets-unknown): target health is unknown (TimeoutError: no answer)";
    assert.equal(inWords(judgeTargets(UNSEEN)), verdict);
  });
});

describe("judgeAlarms", () => {
  const rows: [red: string[], verdict: string][] = [
    [[], "not-worse: no alarm is red"],
    [["5xx"], "worse (alarm): 5xx is red"],
    [["5xx", "p99"], "worse (alarm): 5xx and p99 are red"],
  ];
  for (const [red, verdict] of rows)
    it(`finds ${red.length} red: ${verdict}`, () => {
      assert.equal(inWords(judgeAlarms(known(red))), verdict);
    });

  it("does not take unknown alarms for quiet ones", () => {
    assert.equal(judgeAlarms(UNSEEN).code, "alarms-unknown");
  });
});

describe("judgeTraffic", () => {
  // 10 per thousand, judged on 200 payments or more: 2 failures are allowed up to 299 payments.
  const rows: [payments: number, failures: number, code: string][] = [
    [0, 0, "few-payments"],
    [1, 1, "few-payments"],
    [199, 0, "few-payments"],
    [199, 2, "few-payments"],
    [3, 3, "errors"],
    [199, 3, "errors"],
    [200, 0, "not-worse"],
    [200, 2, "not-worse"],
    [200, 3, "errors"],
    [299, 2, "not-worse"],
    [299, 3, "errors"],
    [300, 3, "not-worse"],
    [1000, 10, "not-worse"],
    [1000, 11, "errors"],
    [1_000_000, 10_000, "not-worse"],
    [1_000_000, 10_001, "errors"],
  ];
  for (const [payments, failures, code] of rows)
    it(`finds ${failures} failures in ${payments} payments: ${code}`, () => {
      assert.equal(judgeTraffic(known({ payments, failures }), LIMITS).code, code);
    });

  it("does not take failures that no payment was counted with for nothing", () => {
    assert.equal(judgeTraffic(known({ payments: 0, failures: 3 }), LIMITS).kind, "worse");
  });

  it("lets no failure pass at a limit of zero", () => {
    const limits = { ...LIMITS, maxErrorsPerThousand: 0 };
    assert.equal(judgeTraffic(known({ payments: 1_000_000, failures: 1 }), limits).kind, "worse");
    assert.equal(judgeTraffic(known({ payments: 200, failures: 0 }), limits).kind, "not-worse");
  });

  it("does not find a rounding error worse: 27 of 3000 is not over 9 per thousand", () => {
    const limits = { ...LIMITS, maxErrorsPerThousand: 9 };
    assert.equal(judgeTraffic(known({ payments: 3000, failures: 27 }), limits).kind, "not-worse");
    assert.equal(judgeTraffic(known({ payments: 3000, failures: 28 }), limits).kind, "worse");
  });

  it("says what was counted and what the limit is", () => {
    const verdict = judgeTraffic(known({ payments: 1000, failures: 11 }), LIMITS);
    assert.equal(verdict.reason, "11 of 1000 payments failed, over the limit of 10 per thousand");
  });

  it("does not take uncounted payments for payments without failures", () => {
    const { kind, code, reason } = judgeTraffic(UNSEEN, LIMITS);
    assert.deepEqual([kind, code], ["not-enough-data", "traffic-unknown"]);
    assert.equal(reason, "payments are not counted (TimeoutError: no answer)");
  });
});

describe("judge", () => {
  const red = known(["5xx"]);
  const few = known({ payments: 1, failures: 0 });
  it("finds a color not worse only when every finding says so, and names them all", () => {
    const reason = "3 of 3 targets are healthy, no alarm is red, 0 of 1000 payments failed";
    assert.equal(inWords(judge(HEALTHY, LIMITS)), `not-worse: ${reason}`);
  });

  it("lets one red finding outweigh what is unknown before and after it", () => {
    const facts = { targets: UNSEEN, redAlarms: red, traffic: UNSEEN };
    assert.equal(judge(facts, LIMITS).code, "alarm");
  });

  it("lets missing data outweigh what is well", () => {
    assert.equal(judge({ ...HEALTHY, redAlarms: UNSEEN }, LIMITS).code, "alarms-unknown");
    assert.equal(judge({ ...HEALTHY, traffic: few }, LIMITS).code, "few-payments");
  });
});
