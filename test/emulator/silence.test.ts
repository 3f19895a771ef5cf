import assert from "node:assert/strict";
import type { Known } from "../../lambdas/cutover/ports";
import { beginSilence, type Silence } from "./silence";

function factsIn(some: object): Known<unknown>[] {
  return Object.values(some);
}

/**
 * Goal: a service that takes connections and never answers costs time, and nothing else.
 * Method: the real clients with their real limits of time, all at once, against such a service.
 */
describe("the adapters on an AWS that never answers", function () {
  this.timeout(30_000);
  /** Two attempts of three seconds, and some time between them. */
  const LONGEST_MILLISECONDS = 9_000;
  let silence: Silence;

  before(async () => {
    silence = await (await beginSilence()).outcome;
  });

  it("do not take silence for a success or a refusal of new weights", () => {
    assert.equal(silence.written, "unknown");
  });

  it("do not take silence for a saved state or a conflict", () => {
    assert.equal(silence.saved, "unknown");
  });

  it("make every fact unknown, with the reason", () => {
    const { weights, standby, live, traffic } = silence.seen;
    for (const fact of [weights, ...[standby, live, traffic].flatMap(factsIn)])
      assert.ok(!fact.known && fact.reason.startsWith("TimeoutError"), JSON.stringify(fact));
  });

  it("do not take silence for a state that was never stored, or a message that was sent", () => {
    for (const error of [silence.loaded, silence.notified])
      assert.ok(error instanceof Error && error.name === "TimeoutError", String(error));
  });

  it("give up in time, so that a pass can be made again", () => {
    assert.ok(silence.milliseconds < LONGEST_MILLISECONDS, `${silence.milliseconds} ms`);
  });
});
