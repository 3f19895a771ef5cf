import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Comparison } from "../../../../tools/preview/diff/comparison";
import { leaveOut } from "../../../support/leaveOut";
import { DIRECTORY } from "../../../support/program";

/** This project, cloned, with packages beside it and a cache of its own that goes with it. */
function cloneProject(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "payments-clone-")));
  const clone = path.join(folder, "project");
  run(folder, "git", "clone", "--quiet", "--no-hardlinks", DIRECTORY, clone);
  const packages = path.join(DIRECTORY, "node_modules");
  fs.mkdirSync(path.join(clone, "node_modules"));
  for (const name of fs.readdirSync(packages).filter((name) => name !== ".cache"))
    fs.symlinkSync(path.join(packages, name), path.join(clone, "node_modules", name));
  return clone;
}

function run(directory: string, program: string, ...args: string[]) {
  const result = spawnSync(program, args, { cwd: directory, encoding: "utf8" });
  assert.equal(result.status, 0, `${result.stdout}${result.stderr}`);
  return result.stdout;
}

describe("A pull request against this project", function () {
  this.timeout(300_000);
  let clone: string | undefined;
  before(function () {
    if (spawnSync("git", ["-C", DIRECTORY, "rev-parse", "HEAD"]).status !== 0)
      leaveOut(this, "the comparison of a whole release", "git or its checkout is not here");
    clone = cloneProject();
  });
  after(() => {
    if (clone !== undefined) fs.rmSync(path.dirname(clone), { recursive: true, force: true });
  });

  it("that changes the live image and some knobs is told what that means", () => {
    assert.ok(clone !== undefined);
    const file = path.join(clone, "Pulumi.prod.yaml");
    const settings = fs
      .readFileSync(file, "utf8")
      .replace("sha256:1111", "sha256:3333")
      .replace("payments:tasksPerColor: 3", "payments:tasksPerColor: 6")
      .replace("payments:maxErrorsPerThousand: 10", "payments:maxErrorsPerThousand: 20")
      .replace("payments:live: blue", "payments:live: green");
    fs.writeFileSync(file, settings);
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    run(clone, "git", ...identity, "commit", "--quiet", "--all", "--message=Release");

    const start = ["-r", "./tools/node/fast-start.cjs", "tools/preview.ts"];
    const text = run(clone, process.execPath, ...start, "prod", "--diff", "HEAD~1", "--json");
    const { changes, warnings, cost, policies } = JSON.parse(text) as Comparison;

    assert.deepEqual(
      warnings.map(({ kind, stack }) => `${stack}: ${kind}`),
      ["prod: live image", "prod: cutover", "prod: plan"],
    );
    assert.match(warnings[0]?.text ?? "", /image of blue, which is live, .*no blue-green release/);
    const task = changes.find(({ name }) => name === "blue-app-task-prod");
    assert.equal(task?.action, "replace");
    const service = changes.find(({ name }) => name === "blue-app-service-prod");
    assert.equal(service?.action, "update");
    assert.ok(service?.properties.some(({ follows }) => follows === "blue-app-task-prod"));
    const gate = changes.find(({ name }) => name === "release-gate-prod");
    assert.equal(gate?.action, "update");
    assert.ok(!changes.some(({ name }) => name === "green-app-task-prod"));
    assert.deepEqual(
      cost.lines.map(({ item }) => item),
      ["Fargate tasks"],
    );
    assert.deepEqual(cost.unknown, []);
    assert.deepEqual([policies.added, policies.mended], [[], []]);
  });
});
