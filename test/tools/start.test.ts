import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { UsageError } from "../../tools/evaluate/project";
import { cutoverSettings } from "../../tools/rehearse/cutoverSettings";
import { LIMITS } from "../support/facts";

const COMMAND = ["-r", "./tools/node/fast-start.cjs", "tools/start.ts"];
const MINUTE = 60_000;

/** Runs `npm start` with those arguments, without a terminal. */
function start(...given: string[]): SpawnSyncReturns<string> {
  // Continuous integration services show colors without a terminal, and say so by this variable.
  const { CI: _, ...env } = process.env;
  const options = { encoding: "utf8" as const, timeout: MINUTE, env };
  return spawnSync(process.execPath, [...COMMAND, ...given], options);
}

/** The row of the table at the end that begins with that measure. */
function row(output: string, measure: string): string[] {
  const line = output.split("\n").find((text) => text.startsWith(`| ${measure}`)) ?? "";
  return line
    .split("|")
    .slice(2, -1)
    .map((cell) => cell.trim());
}

function assertPlain(output: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
  assert.doesNotMatch(output, /\u001b/, "no colors and no cursor moves in a pipe");
}

/** The good release went live, the bad one was taken back, and the output says so. */
function assertRehearsed({ stdout, stderr, status }: SpawnSyncReturns<string>): void {
  assert.equal(status, 0, `${stdout}${stderr}`);
  assertPlain(stdout);
  assert.deepEqual(row(stdout, "outcome"), ["completed", "rolled-back"]);
  assert.equal(row(stdout, "because of the release")[0], "0");
  assert.match(row(stdout, "from fault to rollback")[1] ?? "", /^\d+ (s|min)/);
  assert.match(stdout, /100 % to green\.\n/);
  assert.match(stdout, /Rolled back to blue: on green, /);
  assert.match(stdout, /no AWS account was touched/);
}

describe("npm start", () => {
  it("rehearses the cutover of dev, good and bad", () => {
    assertRehearsed(start());
  }).timeout(MINUTE);

  it("rehearses the plan of prod, the same for the same seed", () => {
    const run = start("prod", "--seed", "1");
    assertRehearsed(run);
    const plan =
      "Cutover: 10 % for 5 min, 50 % for 10 min, 90 % for 10 min, then 100 % for 15 min.";
    assert.ok(run.stdout.includes(plan), run.stdout);
    assert.match(run.stdout, /^0:05:00 {2}blue 90 %: [\d,]+ payments, \d+ failed; green 10 %: /m);
    assert.equal(start("prod").stdout, run.stdout);
  }).timeout(MINUTE);

  it("fails when a rehearsal does not end as it should, and says why", () => {
    // Too few payments to judge a release by: the good one is never promoted.
    const { stdout, status } = start("prod", "--payments-per-hour", "1");
    assert.equal(status, 1, stdout);
    assert.match(stdout, /good-release should have ended completed, but ended rolled-back: /);
  }).timeout(MINUTE);

  it("says so when a stack has no service layer, and ends well", () => {
    const { stdout, status } = start("prod-base");
    assert.equal(status, 0);
    assert.match(stdout, /no service layer/);
    assert.match(
      stdout,
      /^Policies: \d+ rules over \d+ resources and \d+ in nested templates: 0 mand/m,
    );
    assert.doesNotMatch(stdout, /Rehearsal/);
  }).timeout(MINUTE);

  const mistakes: [given: string[], said: RegExp][] = [
    [["nowhere"], /no stack nowhere.*dev, prod/],
    [["--seed", "many"], /--seed.*'many'.*whole numbers/],
    [["--sed", "1"], /unknown option '--sed'/],
  ];
  for (const [given, said] of mistakes)
    it(`refuses ${given.join(" ")} in one message`, () => {
      const { stderr, status } = start(...given);
      assert.equal(status, 2);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /^\s+at /m, "no stack trace");
    }).timeout(MINUTE);

  it("explains itself", () => {
    const { stdout, status } = start("--help");
    assert.equal(status, 0);
    assert.match(stdout, /--seed.*\n.*--payments-per-hour/s);
  }).timeout(MINUTE);
});

describe("npm start, on a terminal", () => {
  const HIDE_CURSOR = "\u001b[?25l";
  const SHOW_CURSOR = "\u001b[?25h";
  const PRETEND = "process.stdout.isTTY = true; require('./tools/start.ts');";

  /** Interrupts the command when it first draws. */
  function interrupt(env: NodeJS.ProcessEnv): Promise<{ output: string; code: number | null }> {
    const given = ["-r", "ts-node/register/transpile-only", "-e", PRETEND, "start", "dev"];
    const child = spawn(process.execPath, given, { env });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (!child.killed && text.includes("░")) child.kill("SIGINT");
    });
    return new Promise((resolve) => child.once("close", (code) => resolve({ output, code })));
  }

  it("draws bars, and leaves a clean terminal on Ctrl-C", async () => {
    const { NO_COLOR: _, ...environment } = process.env;
    const { output, code } = await interrupt({ ...environment, TERM: "xterm" });
    assert.equal(code, 130, output);
    assert.match(output, /█+/);
    assert.ok(output.indexOf(HIDE_CURSOR) > 0, output);
    assert.ok(output.lastIndexOf(SHOW_CURSOR) > output.lastIndexOf(HIDE_CURSOR), output);
    assert.ok(output.includes("\u001b[34m"), "blue is blue");
  }).timeout(MINUTE);

  it("draws without colors where NO_COLOR is set", async () => {
    const { output } = await interrupt({ ...process.env, TERM: "xterm", NO_COLOR: "1" });
    assert.match(output, /█+/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are control characters
    assert.doesNotMatch(output, /\u001b\[\d+m/);
  }).timeout(MINUTE);
});

describe("cutoverSettings", () => {
  const plan = {
    steps: [{ weightPercent: 100, bakeMinutes: 1 }],
    limits: { ...LIMITS, minimumPayments: 20 },
  };
  const variables = {
    PAYMENTS_PLAN: JSON.stringify(plan),
    PAYMENTS_INITIAL_LIVE: "green",
    PAYMENTS_TICK_SECONDS: "15",
  };
  const functionWith = (changes: object, type = "aws:lambda/function:Function") => {
    return { type, inputs: { environment: { variables: { ...variables, ...changes } } } };
  };

  it("reads plan, live color and tick from the cutover function among others", () => {
    const other = { type: "aws:lambda/function:Function", inputs: {} };
    assert.deepEqual(cutoverSettings([other, functionWith({})]), {
      plan,
      live: "green",
      tickSeconds: 15,
    });
  });

  it("finds none where there is no such function", () => {
    assert.equal(cutoverSettings([]), undefined);
    assert.equal(cutoverSettings([functionWith({}, "aws:s3/bucket:Bucket")]), undefined);
  });

  const mistakes: [changes: object, said: RegExp][] = [
    [{ PAYMENTS_PLAN: "{" }, /PAYMENTS_PLAN must be JSON, got \{/],
    [{ PAYMENTS_PLAN: JSON.stringify({ ...plan, steps: [] }) }, /at least one step/],
    [{ PAYMENTS_INITIAL_LIVE: "red" }, /PAYMENTS_INITIAL_LIVE must be blue or green, got red/],
    [{ PAYMENTS_TICK_SECONDS: "often" }, /PAYMENTS_TICK_SECONDS must be a number.*got often/],
  ];
  for (const [changes, said] of mistakes)
    it(`refuses ${JSON.stringify(changes)}`, () => {
      assert.throws(
        () => cutoverSettings([functionWith(changes)]),
        (error) => error instanceof UsageError && said.test(error.message),
      );
    });
});
