import assert from "node:assert/strict";
import {
  compareTargets,
  judgeAlarms,
  judgeTargets,
} from "../../../../lambdas/cutover/evidence/health";
import type { Verdict } from "../../../../lambdas/cutover/evidence/verdict";
import { known } from "../../../../lambdas/cutover/ports";
import { red, UNSEEN } from "../../../support/facts";

/** A verdict as `kind (code): reason`, without the code where it repeats the kind. */
function inWords({ kind, code, reason }: Verdict): string {
  return kind === code ? `${kind}: ${reason}` : `${kind} (${code}): ${reason}`;
}

function targets(healthy: number, unhealthy: number, initial = 0) {
  return known({ healthy, unhealthy, initial });
}

describe("judgeTargets", () => {
  const rows: [healthy: number, unhealthy: number, initial: number, verdict: string][] = [
    [3, 0, 0, "not-worse: 3 of 3 targets are healthy"],
    [1, 0, 2, "not-enough-data (starting-targets): 1 of 3 targets are healthy yet"],
    [0, 0, 1, "not-enough-data (no-healthy-targets): none of 1 targets is healthy yet"],
    [0, 0, 0, "not-enough-data (no-healthy-targets): none of 0 targets is healthy yet"],
    [9, 1, 0, "worse (unhealthy-targets): 1 of 10 targets are unhealthy"],
    [0, 2, 1, "worse (unhealthy-targets): 2 of 3 targets are unhealthy"],
  ];
  for (const [healthy, unhealthy, initial, verdict] of rows)
    it(`finds ${healthy} healthy, ${unhealthy} unhealthy and ${initial} initial: ${verdict}`, () => {
      assert.equal(inWords(judgeTargets(targets(healthy, unhealthy, initial))), verdict);
    });

  it("does not take unknown health for healthy or unhealthy", () => {
    const verdict =
      "not-enough-data (targets-unknown): target health is unknown (TimeoutError: no answer)";
    assert.equal(inWords(judgeTargets(UNSEEN)), verdict);
  });
});

describe("compareTargets", () => {
  const hurt = targets(2, 1);
  const shared =
    "not-enough-data (shared-trouble): both colors are in trouble: 1 of 3 targets are unhealthy, 1 of 3 on the live color";
  const rows: [why: string, live: Parameters<typeof compareTargets>[1], verdict: string][] = [
    [
      "the live color is well",
      targets(3, 0),
      "worse (unhealthy-targets): 1 of 3 targets are unhealthy",
    ],
    [
      "the live color is hurt less",
      targets(9, 1),
      "worse (unhealthy-targets): 1 of 3 targets are unhealthy",
    ],
    ["the live color is hurt as much", targets(2, 1), shared],
    ["nothing is known of it", UNSEEN, "worse (unhealthy-targets): 1 of 3 targets are unhealthy"],
    ["it has no targets", targets(0, 0), "worse (unhealthy-targets): 1 of 3 targets are unhealthy"],
  ];
  for (const [why, live, verdict] of rows)
    it(`judges unhealthy targets where ${why}`, () => {
      assert.equal(inWords(compareTargets(hurt, live)), verdict);
    });

  it("does not find a healthy color worse for the live one's trouble", () => {
    assert.equal(compareTargets(targets(3, 0), targets(0, 3)).kind, "not-worse");
  });
});

describe("judgeAlarms", () => {
  const p99 = red("green-p99");
  const both = red("green-5xx", "green-p99");
  const rows: [why: string, args: Parameters<typeof judgeAlarms>, verdict: string][] = [
    ["none is red", [known([]), known([]), []], "not-worse: no alarm is red"],
    ["one is", [p99, known([]), []], "worse (alarm): green-p99 is red"],
    ["two are", [both, known([]), []], "worse (alarm): green-5xx and green-p99 are red"],
    ["the live color's is red", [known([]), red("blue-p99"), []], "not-worse: no alarm is red"],
    [
      "the same is red on the live color",
      [p99, red("blue-p99"), []],
      "not-enough-data (shared-trouble): both colors are in trouble: green-p99 and blue-p99 are red",
    ],
    [
      "one of two is red on the live color",
      [both, red("blue-p99"), []],
      "worse (alarm): green-5xx is red",
    ],
    [
      "another is red on the live color",
      [p99, red("blue-5xx"), []],
      "worse (alarm): green-p99 is red",
    ],
    ["nothing is known of the live color", [p99, UNSEEN, []], "worse (alarm): green-p99 is red"],
    [
      "it was red before the start",
      [p99, known([]), ["green-p99"]],
      "not-worse: green-p99 is red, as before the start",
    ],
    ["another one joins it", [both, known([]), ["green-p99"]], "worse (alarm): green-5xx is red"],
    [
      "they cannot be read, though one was red before",
      [UNSEEN, known([]), ["green-p99"]],
      "not-enough-data (alarms-unknown): the alarms' state is unknown (TimeoutError: no answer)",
    ],
  ];
  for (const [why, args, verdict] of rows)
    it(`judges where ${why}`, () => {
      assert.equal(inWords(judgeAlarms(...args)), verdict);
    });
});
