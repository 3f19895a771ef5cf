/**
 * Runs the peers' decision rules and ours in the same simulated world on the same seeds, over sizes of the
 * fault and of the traffic: `npm run peers -- [--quick] [--seeds 40] [--json]`.
 */
import * as os from "node:os";
import { parseArgs } from "node:util";
import { cellsOf, type Extent, FULL, jobsOf, QUICK, RULES } from "./peersGrid";
import { runJobs } from "./peersPool";
import { boundRows, peersMarkdown, type Report } from "./peersReport";
import { summarize } from "./peersSummary";
import { betterPeers, type Result, verdicts } from "./peersTargets";
import { machine } from "./report";

interface Options {
  extent: Extent;
  isQuick: boolean;
  json: boolean;
}

const LEAST_SEEDS = 2;
const MOST_SEEDS = 100_000;

/** Ends the process with 2 on anything that is not an option. */
function optionsOf(): Options {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: "string" },
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const usual = values.quick ? QUICK : FULL;
    const seeds = values.seeds === undefined ? usual.seeds : Number(values.seeds);
    if (!Number.isInteger(seeds) || seeds < LEAST_SEEDS || seeds > MOST_SEEDS)
      throw new Error(
        `--seeds must be a whole number from ${LEAST_SEEDS} to ${MOST_SEEDS}, got ${values.seeds}`,
      );
    return { extent: { ...usual, seeds }, isQuick: values.quick, json: values.json };
  } catch (error) {
    const usage = `usage: npm run peers -- [--quick] [--seeds ${FULL.seeds}] [--json]`;
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const { extent, isQuick, json } = optionsOf();
  const began = performance.now();
  const results = await run(extent);
  const seconds = (performance.now() - began) / 1000;
  const report = reportOf(results, { ...extent, isQuick, seconds });
  console.log(json ? JSON.stringify(report, null, 2) : peersMarkdown(report));
}

async function run(extent: Extent): Promise<Result[]> {
  const cells = cellsOf(extent).map((cell) => ({ cell, jobs: jobsOf(cell, extent) }));
  const jobs = cells.flatMap((one) => one.jobs);
  let told = 0;
  const trials = await runJobs(jobs, os.availableParallelism(), (done) => {
    const tenth = Math.floor((10 * done) / jobs.length);
    if (tenth > told) process.stderr.write(`${10 * tenth} % of ${jobs.length} parts\n`);
    told = Math.max(told, tenth);
  });
  let first = 0;
  return cells.map(({ cell, jobs: own }) => {
    const found = trials.slice(first, first + own.length).flat();
    first += own.length;
    return { cell, trials: found };
  });
}

function reportOf(results: readonly Result[], extent: Report["extent"]): Report {
  const cells = results.map(({ cell, trials }) => summarize(cell, trials));
  const ours = RULES.filter(({ tickSeconds }) => tickSeconds !== undefined);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    extent,
    rules: RULES,
    cells,
    verdicts: Object.fromEntries(ours.map(({ name }) => [name, verdicts(results, name)])),
    better: Object.fromEntries(ours.map(({ name }) => [name, betterPeers(results, name)])),
    bounds: boundRows(cells),
  };
}

main();
