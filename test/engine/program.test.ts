import * as assert from "node:assert/strict";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { redact, UNKNOWN } from "../../tools/evaluate/values";
import { DIRECTORY, evaluation, onlyOfType } from "../support/program";
import { type EngineRun, runWithEngine } from "./engine";

/**
 * The program under Pulumi's own runner, started as `pulumi up` starts it. Proves that start-up,
 * node arguments and the evaluation of other tests agree with it; says nothing about AWS.
 */
describe("The program under the Pulumi runner", function () {
  this.timeout(90_000);
  let update: EngineRun;

  before(async () => {
    update = await runWithEngine({ directory: DIRECTORY, stack: "dev" });
  });

  function assertClean(run: EngineRun) {
    assert.deepEqual(run.errors, []);
    assert.equal(run.exitCode, 0, run.printed);
  }

  it("registers in an update exactly what the evaluation in this process registers", async () => {
    assertClean(update);
    const { resources, outputs } = await evaluation("dev");
    assert.deepEqual(byUrn(update.recorder.resources), byUrn(resources));
    assert.deepEqual(update.recorder.outputs, outputs);
  });

  it("previews with everything unknown that AWS would make", async () => {
    const run = await runWithEngine({ directory: DIRECTORY, stack: "dev", preview: true });
    assertClean(run);
    const { resources } = run.recorder;
    const expected = Object.keys(byUrn((await evaluation("dev")).resources));
    assert.deepEqual(Object.keys(byUrn(resources)), expected);
    const rule = onlyOfType(resources, "aws:lb/listenerRule:ListenerRule");
    assert.equal(rule.inputs.listenerArn, UNKNOWN);
  });

  it("reports a mistake in the configuration in one message without a stack trace", async () => {
    const overrides = { "payments:live": "red" };
    const run = await runWithEngine({ directory: DIRECTORY, stack: "dev", overrides });
    assert.ok(run.exitCode === 32 || run.exitCode === 1, `exit code ${run.exitCode}`);
    assert.equal(run.errors.length, 1, run.errors.join("\n---\n"));
    assert.match(run.errors[0] ?? "", /payments:live: got red, allowed: blue or green/);
    assert.doesNotMatch(run.errors[0] ?? "", /\n\s+at /);
    assert.doesNotMatch(run.printed, /\n\s+at /);
    assert.ok(run.milliseconds < 10_000, `it took ${run.milliseconds} ms`);
  });
});

/** What was registered, sorted; files as texts that hold a hash of their content. */
function byUrn(resources: RegisteredResource[]): { [urn: string]: unknown } {
  const sorted = [...resources].sort((one, other) => (one.urn < other.urn ? -1 : 1));
  return Object.fromEntries(sorted.map((resource) => [resource.urn, redact(resource)]));
}
