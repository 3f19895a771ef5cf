import { otherColor, type Plan } from "../../lambdas/cutover/contract";
import { type RehearsalEvent, rehearse } from "../../simulation/rehearse";
import { BAD_RELEASE, GOOD_RELEASE, type Scenario } from "../../simulation/scenarios";
import { type Arguments, readArguments, WRONG_USAGE } from "./arguments";
import { CLOSING_SENTENCE, conclusionTable, type Rehearsed, surprises } from "./conclusion";
import type { CutoverSettings } from "./cutoverSettings";
import { openCommandTerminal, type Terminal } from "./terminal";
import { count } from "./texts";
import { showRehearsal } from "./view";

const DONE = 0;
/** Something failed; a rehearsal that did not end as it should, too. */
const FAILED = 1;

/**
 * Shows what a stack's program would make, then rehearses the cutover that it configures: once with
 * a good release and once with a bad one. Resolves to the exit code.
 */
export async function startCommand(
  given: string[],
  out: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const asked = readArguments(given);
  if ("exitCode" in asked) return asked.exitCode;
  const terminal = openCommandTerminal(out, environment);
  try {
    const cutover = await showPlan(asked.stack, terminal);
    return cutover === undefined ? DONE : await rehearseBoth(cutover, asked, terminal);
  } catch (error) {
    return report(error);
  }
}

/** Prints the summary of the stack's program. Resolves to its cutover's settings, if it has any. */
async function showPlan(stack: string, terminal: Terminal): Promise<CutoverSettings | undefined> {
  // Required here, because Pulumi takes seconds to load and --help does not need it.
  const { evaluateWithUpstream }: typeof import("../evaluate/evaluate") =
    require("../evaluate/evaluate");
  const { cutoverSettings }: typeof import("./cutoverSettings") = require("./cutoverSettings");
  const { previewSummary }: typeof import("../preview/summary") = require("../preview/summary");
  const evaluations = await evaluateWithUpstream({ directory: process.cwd(), stack });
  terminal.print(previewSummary(evaluations));
  const resources = evaluations[evaluations.length - 1]?.resources ?? [];
  const cutover = cutoverSettings(resources);
  if (cutover === undefined)
    terminal.print(`Stack ${stack} has no service layer, so there is no cutover to rehearse.`);
  return cutover;
}

async function rehearseBoth(
  cutover: CutoverSettings,
  asked: Arguments,
  terminal: Terminal,
): Promise<number> {
  terminal.print(`${terminal.colors.bold("Cutover")}: ${inWords(cutover.plan)}.`);
  const rehearsed: Rehearsed[] = [];
  for (const scenario of [GOOD_RELEASE, BAD_RELEASE])
    rehearsed.push(await rehearseOne(scenario, cutover, asked, terminal));
  terminal.print(`\n${conclusionTable(rehearsed, terminal)}`);
  terminal.print(CLOSING_SENTENCE);
  const unexpected = surprises(rehearsed);
  for (const sentence of unexpected) terminal.print(terminal.colors.red(sentence));
  return unexpected.length === 0 ? DONE : FAILED;
}

async function rehearseOne(
  scenario: Scenario,
  { plan, live, tickSeconds }: CutoverSettings,
  { paymentsPerHour, seed }: Arguments,
  terminal: Terminal,
): Promise<Rehearsed> {
  const { name, description } = scenario;
  const rate = `${count(paymentsPerHour)} payments an hour, seed ${seed}`;
  const title = `Rehearsal ${name}, ${live} to ${otherColor(live)}`;
  terminal.print(`\n${terminal.colors.bold(title)}: ${description} (${rate})`);
  const events: RehearsalEvent[] = [];
  const onEvent = (event: RehearsalEvent) => void events.push(event);
  const options = { plan, live, scenario, paymentsPerHour, tickSeconds, seed, onEvent };
  const rehearsal = await rehearse(options);
  await showRehearsal(events, terminal);
  return { scenario, rehearsal };
}

/** `10 % for 5 min, 50 % for 10 min, then 100 % for 15 min`. */
function inWords({ steps }: Plan): string {
  const words = steps.map(
    ({ weightPercent, bakeMinutes, approval, switchover }) =>
      `${weightPercent} % for ${bakeMinutes} min${approval === undefined ? "" : " and an approval"}${switchover ? " and the switchover of the databases" : ""}`,
  );
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")}, then ${words.at(-1)}`;
}

/**
 * Says what went wrong; the exit code is the answer. A mistake that the person can mend (wrong usage,
 * or the program's own complaint about its configuration) needs no stack trace, all else does.
 */
function report(error: unknown): number {
  const { UsageError }: typeof import("../evaluate/project") = require("../evaluate/project");
  const { RunError }: typeof import("@pulumi/pulumi") = require("@pulumi/pulumi");
  if (error instanceof UsageError || RunError.isInstance(error)) {
    console.error(error.message);
    return WRONG_USAGE;
  }
  console.error("The program or its rehearsal failed:");
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  return FAILED;
}
