import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CATALOGUE } from "../../../simulation/catalogue";
import { readArguments } from "../../../tools/rehearse/arguments";

const COMMAND = ["-r", "./tools/node/fast-start.cjs", "tools/rehearse.ts"];
const MINUTE = 60_000;

/** Runs `npm run rehearse --` with those arguments, without a terminal. */
function run(...given: string[]): SpawnSyncReturns<string> {
  // Continuous integration services show colors without a terminal, and say so by this variable.
  const { CI: _, ...env } = process.env;
  return spawnSync(process.execPath, [...COMMAND, ...given], {
    ...{ encoding: "utf8" as const, timeout: 2 * MINUTE, env, maxBuffer: 64 * 2 ** 20 },
  });
}

describe("npm run rehearse", () => {
  it("names its scenarios, for people and for programs", () => {
    const { stdout, status } = run("--list");
    assert.equal(status, 0);
    for (const { name } of CATALOGUE) assert.match(stdout, new RegExp(`^${name} `, "m"));
    const listed = JSON.parse(run("--list", "--json").stdout) as { name: string }[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      CATALOGUE.map(({ name }) => name),
    );
  }).timeout(MINUTE);

  it("tells one rehearsal of the stack's own plan, with JSON and a report", () => {
    const folder = mkdtempSync(join(tmpdir(), "payments-rehearse-"));
    try {
      const report = join(folder, "report.html");
      const given = ["--scenario", "bad-2", "--seed", "7", "--json", "--report", report];
      const { stdout, stderr, status } = run(...given);
      assert.equal(status, 0, stderr);
      const { stack, plan, paymentsPerHour, scenarios } = JSON.parse(stdout);
      assert.deepEqual([stack, plan.steps.length, paymentsPerHour], ["prod", 4, 50_000]);
      assert.equal(scenarios[0].rehearsal.outcome, "rolled-back");
      assert.ok(scenarios[0].samples.length > 10);
      assert.match(readFileSync(report, "utf8"), /bad-2/);
      assert.equal(run(...given).stdout, stdout, "the same seed gives the same rehearsal");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(3 * MINUTE);

  it("shows what happens line by line where there is no terminal", () => {
    const { stdout, status } = run("--stack", "dev", "--scenario", "drift-by-hand");
    assert.equal(status, 0);
    assert.match(stdout, /^0:02:50 {2}\(somebody sets the weights by hand: /m);
    assert.match(stdout, /^0:02:52 {2}Put the weights back, which somebody else has changed/m);
    assert.match(stdout, /\| drift-by-hand \| completed /);
  }).timeout(MINUTE);

  it("says what of the plan is not the stack's own", () => {
    const { stdout } = run("--stack", "dev", "--scenario", "switchover");
    assert.match(stdout, /plan moves no database writer: here its step with 50 % does/);
  }).timeout(MINUTE);

  it("gives a distribution where it rehearses often", () => {
    const { stdout, status } = run("--stack", "dev", "--scenario", "bad-20", "--runs", "4");
    assert.equal(status, 0);
    assert.match(stdout, /\| bad-20 +\| 4 +\| rolled-back 4 \| .* \(95 %: .*\) .*\| 0 +\|/);
  }).timeout(MINUTE);

  it("fails where a scenario does not end as it should, and says why", () => {
    const given = ["--stack", "dev", "--scenario", "good-release", "--payments-per-hour", "1"];
    const one = run(...given);
    assert.equal(one.status, 1);
    assert.match(one.stdout, /good-release should have ended completed, but ended rolled-back: /);
    const many = run(...given, "--runs", "2");
    assert.equal(many.status, 1);
    assert.match(many.stdout, /good-release with seed 2 should have ended completed/);
  }).timeout(2 * MINUTE);

  it("advises on the stack's plan", () => {
    const given = ["--stack", "dev", "--advise", "--runs", "2", "--json"];
    const { stdout, stderr, status } = run(...given);
    assert.equal(status, 0, stderr);
    const { own, changes } = JSON.parse(stdout);
    assert.equal(own.faults.length, 7);
    assert.ok(changes.length >= 5);
    for (const { how } of changes)
      assert.match(how, /^payments:(cutoverSteps|tickSeconds|longestHoldMinutes): /);
  }).timeout(3 * MINUTE);

  it("says where a stack has no cutover", () => {
    const { stderr, status } = run("--stack", "prod-base");
    assert.equal(status, 2);
    assert.match(stderr, /Stack prod-base has no service layer/);
  }).timeout(MINUTE);

  it("says where a report cannot be written, and which folder is missing", () => {
    const { stderr, status } = run("--stack", "dev", "--report", "/nowhere/report.html");
    assert.equal(status, 1);
    assert.match(stderr, /there is no folder \/nowhere/);
    assert.doesNotMatch(stderr, /^\s+at /m, "no stack trace");
    assert.equal(existsSync("/nowhere"), false);
  }).timeout(MINUTE);

  it("refuses what cannot be, all of it in one go", () => {
    const { stderr, status } = run(
      "--scenario",
      "bad2",
      "swichover",
      "--runs",
      "3",
      "--report",
      "x",
    );
    assert.equal(status, 2);
    assert.match(stderr, /there is no scenario bad2\. Did you mean bad-2\?/);
    assert.match(stderr, /there is no scenario swichover\. Did you mean switchover\?/);
    assert.match(stderr, /--report shows single rehearsals: leave out --runs/);
  }).timeout(MINUTE);
});

describe("the arguments of npm run rehearse", () => {
  function read(...given: string[]) {
    const asked = readArguments(given);
    assert.ok(!("exitCode" in asked));
    return asked;
  }

  it("rehearse a good release and a bad one of prod where nothing is named", () => {
    const { scenarios, stack, runs, seed } = read();
    assert.deepEqual(
      scenarios.map(({ name }) => name),
      ["good-release", "bad-2"],
    );
    assert.deepEqual([stack, runs, seed], ["prod", 1, 1]);
  });

  it("take several scenarios, or all", () => {
    assert.equal(read("--scenario", "bad-20", "flapping").scenarios.length, 2);
    assert.equal(read("--scenario", "all").scenarios, CATALOGUE);
  });
});
