import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { simulateCommand } from "../../tools/simulate/command";
import { withMutant } from "../support/mutant";

const COMMAND = ["-r", "./tools/node/fast-start.cjs", "tools/simulate.ts"];

function simulate(...given: string[]) {
  const { CI: _, ...env } = process.env;
  return spawnSync(process.execPath, [...COMMAND, ...given], { encoding: "utf8", env });
}

describe("npm run simulate", () => {
  it("says what was run, what went wrong around it, and that nothing was broken", () => {
    const { stdout, stderr, status } = simulate("--runs", "5", "--seed", "7");
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^5 of 5 runs, [\d,]+ passes, 0 violations$/m);
    assert.match(stdout, /^5 runs, seeds 7 to 11: [\d,]+ passes in /m);
    assert.match(stdout, /^Faults: killed-before \d+, /m);
    assert.match(stdout, /^\| roll-back +\| 0 +\| 0 +\| 0 +\| \d+ +\| 0 +\| 0 +\|$/m);
    assert.match(stdout, /^(Never seen: .*|Every decision was seen\.)$/m);
    assert.match(stdout, /^0 violations$/m);
  });

  it("prints JSON and nothing else when asked, the same for the same seeds", () => {
    const result = () => {
      const { stdout } = simulate("--runs", "3", "--json");
      const { seconds, ...rest } = JSON.parse(stdout) as { seconds: number; runs: number };
      assert.ok(seconds > 0);
      return rest;
    };
    const first = result();
    assert.equal(first.runs, 3);
    assert.deepEqual(result(), first);
  });

  it("prints each call and each decision when asked", () => {
    const { stdout } = simulate("--runs", "1", "--trace");
    assert.match(stdout, /^09:\d\d:\d\d\.\d{3} #\d+ state\.load\(\) -> /m);
    assert.match(stdout, /^09:\d\d:\d\d\.\d{3} #\d+ shifting start: Started the cutover /m);
  });

  it("fails when an invariant breaks, names the seed, shows its end and how to see all of it", async () => {
    const out = new PassThrough();
    const mutant = {
      mistake: "rolls back half",
      file: "cutover/decide",
      from: "const weights = weightsFor(state.live, 100);",
      to: "const weights = weightsFor(state.live, 50);",
    };
    const given = ["--runs", "8"];
    const stream = out as unknown as NodeJS.WriteStream;
    const status = await withMutant(mutant, () => simulateCommand(given, stream, {}));
    const text = String(out.read());
    assert.equal(status, 1, text);
    const seed = /^seed (\d+): on record are blue 50 green 50 while /m.exec(text)?.[1];
    const again = `npm run simulate -- --seed ${seed} --runs 1 --concurrency 4 --trace`;
    assert.ok(text.includes(`\n  ${again}\n`), text);
    assert.ok(text.includes(`\nThe end of seed ${seed}; all of it: ${again}\n`), text);
    assert.match(text, /^09:.* rolling-back roll-back.*Rolled back to /m);
    assert.match(text, /^[2-8] runs with violations$/m);
  });

  it("does the same with the switchover, and says how long payments waited", () => {
    const { stdout, stderr, status } = simulate("--switchover", "--runs", "4", "--seed", "7");
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^4 runs from seed 7: [\d,]+ passes, [\d,]+ payments, /m);
    assert.match(stdout, /^Switchovers: \d+ completed, \d+ aborted$/m);
    assert.match(stdout, /nothing going wrong: \d+ times, median [\d,]+ ms, /);
    assert.match(stdout, /^\| seal +\|/m);
    assert.match(stdout, /^0 violations$/m);
  });

  it("prints the switchovers as JSON, the same for the same seeds", () => {
    const result = () => {
      const { stdout } = simulate("--switchover", "--runs", "2", "--json");
      const { seconds: _, ...rest } = JSON.parse(stdout) as { seconds: number; violations: [] };
      return rest;
    };
    const first = result();
    assert.deepEqual(first.violations, []);
    assert.deepEqual(result(), first);
  });

  it("fails when a switchover loses something, and says how to see it", async () => {
    const out = new PassThrough();
    const mutant = {
      mistake: "takes the marker for arrived",
      file: "switchover/observe",
      from: "attempt(() => database.hasMarker(markerId))",
      to: "known(true)",
    };
    const given = ["--switchover", "--runs", "6"];
    const stream = out as unknown as NodeJS.WriteStream;
    const status = await withMutant(mutant, () => simulateCommand(given, stream, {}));
    const text = String(out.read());
    assert.equal(status, 1, text);
    const seed = /^seed (\d+): \w+ took payments without /m.exec(text)?.[1];
    assert.ok(text.includes(`--switchover --seed ${seed} --runs 1 --trace`), text);
  });

  for (const [given, message] of [
    [["--runs", "0"], "Allowed are whole numbers from 1 to 1,000,000."],
    [["--seed", "-1"], "Allowed are whole numbers from 0 to 4,294,967,295."],
    [["--concurrency", "many"], "Allowed are whole numbers from 1 to 20."],
    [["--sed", "1"], "unknown option '--sed'"],
  ] as const)
    it(`refuses ${given.join(" ")}`, () => {
      const { stderr, status } = simulate(...given);
      assert.equal(status, 2);
      assert.ok(stderr.includes(message), stderr);
    });
});
