import { runSeed } from "../../simulation/campaign/campaign";
import { addRun, emptyTotal, type Total } from "../../simulation/campaign/total";
import { openCommandTerminal, type Terminal } from "../terminal/terminal";
import { count } from "../terminal/texts";
import { type Arguments, readArguments } from "./arguments";
import { replay, resultJson, resultText } from "./result";
import { simulateSwitchovers } from "./switchover";

const DONE = 0;
/** An invariant did not hold. */
const FAILED = 1;

/** Violations of which the trace is shown, and how much of it. */
const TRACES = 3;
const TRACE_LINES = 40;

/** Runs a campaign and says what came of it. Resolves to the exit code. */
export async function simulateCommand(
  given: string[],
  out: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const asked = readArguments(given);
  if ("exitCode" in asked) return asked.exitCode;
  const terminal = openCommandTerminal(out, environment);
  if (asked.switchover) return simulateSwitchovers(asked, terminal);
  const began = performance.now();
  const total = await campaign(asked, terminal);
  const seconds = (performance.now() - began) / 1000;
  if (asked.json) terminal.print(JSON.stringify(resultJson(total, seconds, asked), undefined, 2));
  else terminal.print(resultText(total, seconds, asked, terminal));
  if (!asked.json) await showTraces(total, asked, terminal);
  return total.violations.length === 0 ? DONE : FAILED;
}

async function campaign(asked: Arguments, terminal: Terminal): Promise<Total> {
  const { runs, seed, concurrency, json, trace } = asked;
  const total = emptyTotal(seed);
  const onTrace = trace && !json ? terminal.print : undefined;
  const progress = json || trace ? () => {} : progressOf(asked, terminal);
  for (let run = 0; run < runs; run++) {
    addRun(total, await runSeed(seed + run, { concurrency, ...(onTrace && { onTrace }) }));
    progress(total);
  }
  terminal.endDrawing();
  return total;
}

const FRAME_MILLISECONDS = 100;

/** Drawn over and over on a terminal; elsewhere a line for each tenth. */
function progressOf({ runs }: Arguments, terminal: Terminal): (total: Total) => void {
  let drawnAt = 0;
  let tenths = 0;
  return (total) => {
    const due = terminal.interactive
      ? performance.now() - drawnAt >= FRAME_MILLISECONDS || total.runs === runs
      : Math.floor((10 * total.runs) / runs) > tenths;
    if (!due) return;
    drawnAt = performance.now();
    tenths = Math.floor((10 * total.runs) / runs);
    const line = `${count(total.runs)} of ${count(runs)} runs, ${count(total.passes)} passes, ${count(total.violations.length)} violations`;
    if (terminal.interactive) terminal.draw([line]);
    else terminal.print(line);
  };
}

/** The end of what happened in the first runs that broke something. */
async function showTraces(total: Total, asked: Arguments, terminal: Terminal): Promise<void> {
  if (asked.trace) return;
  for (const { seed } of total.violations.slice(0, TRACES)) {
    const lines: string[] = [];
    await runSeed(seed, {
      concurrency: asked.concurrency,
      onTrace: (line) => void lines.push(line),
    });
    terminal.print(`\nThe end of seed ${seed}; all of it: ${replay(seed, asked)}`);
    for (const line of lines.slice(-TRACE_LINES)) terminal.print(line);
  }
}
