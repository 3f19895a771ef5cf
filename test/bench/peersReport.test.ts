import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { QUICK, RULES } from "../../bench/peersGrid";
import { boundRows, delaysOf, peersMarkdown } from "../../bench/peersReport";
import { summarize } from "../../bench/peersSummary";
import { betterPeers, verdicts } from "../../bench/peersTargets";
import { machine } from "../../bench/report";
import { completed, result, takenBack } from "./peersResults";

const BENCH = join(__dirname, "..", "..", "bench");

describe("delaysOf", () => {
  it("adds up what the simulated metrics, the passes and the rule take", () => {
    assert.deepEqual(delaysOf(10), { metrics: 7.5, pass: 5, rule: 2 });
  });
});

describe("boundRows", () => {
  it("sets ours beside the bound, with what always fails in it, and no peer", () => {
    const cells = ["ours-10", "argo-default"].map((rule) =>
      summarize({ rule, faultPercent: 2, paymentsPerHour: 50_000 }, [takenBack(7), takenBack(9)]),
    );
    const [row, ...others] = boundRows(cells);
    assert.deepEqual(others, []);
    assert.deepEqual(row?.measured, { seconds: 60, failed: 8 });
    // 2.1 % fail in all: some less than the 171 s of 2.0 %.
    assert.ok(Math.abs((row?.atFirstStep.seconds ?? 0) - 161) < 2, `${row?.atFirstStep.seconds}`);
  });
});

describe("peersMarkdown", () => {
  const results = [
    result({ faultPercent: 0 }, [completed(), { ...takenBack(0), cause: "held" }]),
    result({ rule: "argo-default", faultPercent: 0 }, [completed(), completed()]),
    result({}, [takenBack(7, 200), takenBack(9, 220)]),
    result({ rule: "argo-default" }, [takenBack(3), takenBack(4), takenBack(2)]),
  ];
  const text = peersMarkdown({
    date: "2026-01-05",
    machine: machine(),
    extent: { ...QUICK, faultPercents: [0, 2], isQuick: true, seconds: 12.3 },
    rules: RULES,
    cells: results.map(({ cell, trials }) => summarize(cell, trials)),
    verdicts: { "ours-10": verdicts(results, "ours-10") },
    better: { "ours-10": betterPeers(results, "ours-10") },
    bounds: boundRows(results.map(({ cell, trials }) => summarize(cell, trials))),
  });

  it("says that a quick run is no measurement", () => {
    assert.match(text, /in 12 s\. Quick: .* quote no figure of it\./);
  });

  it("names each rule's source", () => {
    assert.match(
      text,
      /\| flagger-default \|.*scheduler\.go and scheduler_metrics\.go@15bd6ad5 \|/,
    );
  });

  it("tells releases that were held from those that were found worse", () => {
    assert.match(text, /\| ours-10 \| 1 of 2 \| 1.26 % to 98.7 % \| 0 \| 1 \| 40.0 \|/);
    assert.match(text, /\| argo-default \| 0 of 2 \| 0 % to 84.2 % \| {2}\| {2}\| 40.0 \|/);
  });

  it("has failed payments and times by fault", () => {
    assert.match(text, /\| argo-default \| 3 ± \d/);
    assert.match(text, /\| ours-10 \| 100 %; 210 \(220\) \|/);
  });

  it("makes tables whose rows all have their head's cells", () => {
    const lines = text.split("\n");
    lines.forEach((line, index) => {
      if (!line.startsWith("|") || !lines[index - 1]?.startsWith("|")) return;
      assert.equal(line.split("|").length, lines[index - 1]?.split("|").length, line);
    });
  });
});

describe("npm run bench -- peers", () => {
  const run = (...given: string[]) =>
    spawnSync(process.execPath, ["-r", "../tools/node/fast-start.cjs", "peers.ts", ...given], {
      cwd: BENCH,
      encoding: "utf8",
    });

  it("ends with 2 and says what is allowed, for a number that is none", () => {
    const { status, stderr } = run("--seeds", "many");
    assert.equal(status, 2);
    assert.match(stderr, /--seeds must be a whole number from 2 to 100000, got many\nusage: /);
  });
});
