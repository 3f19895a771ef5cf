import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { type Fixture, makeFixture } from "../support/fixture";
import { DIRECTORY } from "../support/program";

describe("Rejections that nobody awaits", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = makeFixture({});
  });
  afterEach(() => fixture.remove());

  /** Runs mocha with the hook on a test of this body. */
  function runTest(body: string) {
    fixture.write("inner.test.js", `it("inner", async () => { ${body} });`);
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        require.resolve("mocha/bin/mocha.js"),
        "--no-package",
        ...["--require", "ts-node/register/transpile-only"],
        ...["--require", path.join(DIRECTORY, "test/support/rejections.ts")],
        path.join(fixture.directory, "inner.test.js"),
      ],
      { cwd: fixture.directory, encoding: "utf8" },
    );
    return { status, stdout };
  }

  it("fail the run and name the test", () => {
    const apply =
      'require("@pulumi/pulumi").output(1).apply(() => { throw new Error("unseen"); });';
    const { status, stdout } = runTest(apply);
    assert.notEqual(status, 0);
    assert.match(stdout, /nobody awaited what was rejected during\ninner: Error: unseen/);
  });

  it("are no failure when awaited late", () => {
    const late =
      'const failing = Promise.reject(new Error("late")); await new Promise((r) => setTimeout(r, 5)); await failing.catch(() => {});';
    const { status, stdout } = runTest(late);
    assert.equal(status, 0, stdout);
  });
});
