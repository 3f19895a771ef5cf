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
      file: "decide",
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
