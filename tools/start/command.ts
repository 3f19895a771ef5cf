import { otherColor } from "../../lambdas/cutover/contract";
import { collectStory } from "../../simulation/collectStory";
import type { RehearsalEvent } from "../../simulation/rehearse";
import { BAD_RELEASE, GOOD_RELEASE, type Scenario } from "../../simulation/scenarios";
import type { Story } from "../../simulation/story";
import { CLOSING_SENTENCE, conclusionTable, surprises } from "../rehearse/conclusion";
import type { CutoverSettings } from "../rehearse/cutoverSettings";
import { readEnvironment } from "../rehearse/environment";
import { reportFailure } from "../rehearse/failure";
import { showRehearsal } from "../rehearse/view";
import { planInWords } from "../rehearse/words";
import { DONE, FAILED } from "../terminal/complaint";
import { openCommandTerminal, type Terminal } from "../terminal/terminal";
import { count } from "../terminal/texts";
import { type Arguments, readArguments } from "./arguments";

/**
 * Shows what a stack's program would make and what the policies say to it, then rehearses the cutover
 * that it configures: once with a good release and once with a bad one. Resolves to the exit code.
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
    const { cutover, refused } = await showPlan(asked.stack, terminal);
    const rehearsed = cutover === undefined ? DONE : await rehearseBoth(cutover, asked, terminal);
    return refused ? FAILED : rehearsed;
  } catch (error) {
    return reportFailure(error);
  }
}

interface Shown {
  /** Absent where the stack has no service layer. */
  cutover?: CutoverSettings;
  /** Whether a policy would stop the deployment. */
  refused: boolean;
}

/** Prints the summary of the stack's program. */
async function showPlan(stack: string, terminal: Terminal): Promise<Shown> {
  const { evaluations, cutover } = await readEnvironment(stack);
  const { previewSummary }: typeof import("../preview/summary") = require("../preview/summary");
  const { checkPolicies, violatesPolicies }: typeof import("../preview/policies") =
    require("../preview/policies");
  const policies = checkPolicies(evaluations, new Date());
  terminal.print(previewSummary(evaluations, terminal.colors, policies));
  if (cutover === undefined)
    terminal.print(`Stack ${stack} has no service layer, so there is no cutover to rehearse.`);
  return { ...(cutover && { cutover }), refused: violatesPolicies(policies) };
}

async function rehearseBoth(
  cutover: CutoverSettings,
  asked: Arguments,
  terminal: Terminal,
): Promise<number> {
  terminal.print(`${terminal.colors.bold("Cutover")}: ${planInWords(cutover.plan)}.`);
  const rehearsed: { scenario: Scenario; story: Story }[] = [];
  for (const scenario of [GOOD_RELEASE, BAD_RELEASE])
    rehearsed.push({ scenario, story: await rehearseOne(scenario, cutover, asked, terminal) });
  const ended = rehearsed.map(({ scenario, story: { rehearsal } }) => ({ scenario, rehearsal }));
  terminal.print(`\n${conclusionTable(ended, terminal)}`);
  terminal.print(CLOSING_SENTENCE);
  writeStories(
    rehearsed.map(({ story }) => story),
    asked.report,
  );
  terminal.print(`Both as a page for any browser, with charts: ${asked.report}`);
  const unexpected = surprises(ended);
  for (const sentence of unexpected) terminal.print(terminal.colors.red(sentence));
  return unexpected.length === 0 ? DONE : FAILED;
}

function writeStories(stories: Story[], file: string): void {
  const { reportHtml }: typeof import("../report/report") = require("../report/report");
  const { writeReport }: typeof import("../report/write") = require("../report/write");
  writeReport(file, reportHtml(stories, { madeAt: new Date() }));
}

async function rehearseOne(
  scenario: Scenario,
  { plan, live, tickSeconds }: CutoverSettings,
  { stack, paymentsPerHour, seed }: Arguments,
  terminal: Terminal,
): Promise<Story> {
  const { name, description } = scenario;
  const rate = `${count(paymentsPerHour)} payments an hour, seed ${seed}`;
  const title = `Rehearsal ${name}, ${live} to ${otherColor(live)}`;
  terminal.print(`\n${terminal.colors.bold(title)}: ${description} (${rate})`);
  const events: RehearsalEvent[] = [];
  const onEvent = (event: RehearsalEvent) => void events.push(event);
  const options = { plan, live, scenario, paymentsPerHour, tickSeconds, seed, onEvent };
  const story = await collectStory({ ...options, stack });
  await showRehearsal(events, terminal);
  return story;
}
