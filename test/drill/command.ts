import { openCommandTerminal, type Terminal } from "../../tools/terminal/terminal";
import { type Arguments, readArguments, STORIES } from "./arguments";
import { type Fault, NONE } from "./faults";
import { RELEASE } from "./release";
import { type FaultResult, resultJson, resultText } from "./report";
import { run } from "./run";
import { Missing } from "./world";

const DONE = 0;
/** Something was lost or doubled, or did not end as it has to. */
const FAILED = 1;

/** Runs the drill and says what came of it. Resolves to the exit code. */
export async function drillCommand(
  given: string[],
  out: NodeJS.WriteStream,
  errors: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const asked = readArguments(given, (text) => errors.write(text));
  if ("exitCode" in asked) return asked.exitCode;
  const terminal = openCommandTerminal(out, environment);
  const results: FaultResult[] = [];
  for (const fault of asked.faults) results.push(await runFault(fault, asked, terminal));
  terminal.print(
    asked.json ? JSON.stringify(resultJson(results), undefined, 2) : resultText(results, terminal),
  );
  return results.every(({ problems }) => problems.length === 0) ? DONE : FAILED;
}

/** There with the fault, and back without one. What breaks the drill itself is a problem too. */
async function runFault(fault: Fault, asked: Arguments, terminal: Terminal): Promise<FaultResult> {
  const { paymentsPerHour, minutes, json } = asked;
  const seed = asked.seed + STORIES.indexOf(fault) * 1_000;
  const beganAt = performance.now();
  const onNote = (text: string) => {
    const seconds = ((performance.now() - beganAt) / 1000).toFixed(1).padStart(6);
    if (!json) terminal.print(`${terminal.colors.dim(`${seconds} s`)}  ${text}`);
  };
  onNote(`${fault.name}: ${fault.about} (seed ${asked.seed})`);
  try {
    const back = fault === RELEASE ? RELEASE : NONE;
    const options = { faults: [fault, back], seed, paymentsPerHour, minutes, onNote };
    return { fault: fault.name, ...(await run(options)) };
  } catch (error) {
    // Without the databases there is no drill at all.
    if (error instanceof Missing) throw error;
    return { fault: fault.name, ...brokenRun(error as Error) };
  }
}

function brokenRun({ message }: Error): Omit<FaultResult, "fault"> {
  const nothing = { lost: [], doubled: [], contradicted: [], foreign: [], strayed: [] };
  return {
    ...{ seconds: 0, tried: [], acknowledged: 0, clientErrors: {} },
    findings: { ...nothing, unreplicated: [] },
    latency: { p50: 0, p99: 0, max: 0 },
    problems: [`the drill broke off: ${message}`],
  };
}
