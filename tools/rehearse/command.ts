import { distribution, endsAs } from "../../simulation/distribution";
import { expectedOf, rehearsablePlan } from "../../simulation/rehearsable";
import type { RehearsalEvent, RehearsalOptions } from "../../simulation/rehearse";
import type { Scenario } from "../../simulation/scenarios";
import { DONE, FAILED } from "../terminal/complaint";
import { openCommandTerminal, type Terminal } from "../terminal/terminal";
import { count } from "../terminal/texts";
import { type Arguments, readArguments } from "./arguments";
import { CLOSING_SENTENCE, surprises } from "./conclusion";
import type { CutoverSettings } from "./cutoverSettings";
import { readEnvironment } from "./environment";
import { reportFailure } from "./failure";
import { resultJson } from "./json";
import { scenarioList } from "./list";
import { progressOf } from "./progress";
import type { Many, Result, Single, Skipped } from "./result";
import { distributionTable, storyTable } from "./tables";
import { showRehearsal } from "./view";
import { planInWords } from "./words";

const USUAL_PAYMENTS_PER_HOUR = 50_000;

/** Of many rehearsals so many may end otherwise than they should: some of that chance is promised. */
const SURPRISING_RATIO = 0.05;

/** Resolves to the exit code. */
export async function rehearseCommand(
  given: string[],
  out: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const asked = readArguments(given);
  if ("exitCode" in asked) return asked.exitCode;
  const terminal = openCommandTerminal(out, environment);
  if (asked.list) {
    terminal.print(scenarioList(terminal, asked.json));
    return DONE;
  }
  try {
    return await rehearseAsked(asked, terminal);
  } catch (error) {
    terminal.endDrawing();
    return reportFailure(error);
  }
}

async function rehearseAsked(asked: Arguments, terminal: Terminal): Promise<number> {
  const { cutover, expectedPaymentsPerHour } = await readEnvironment(asked.stack);
  if (cutover === undefined) {
    const { UsageError }: typeof import("../evaluate/project") = require("../evaluate/project");
    throw new UsageError(
      `Stack ${asked.stack} has no service layer, so there is no cutover to rehearse: name one that has (--stack prod).`,
    );
  }
  const paymentsPerHour =
    asked.paymentsPerHour ?? (expectedPaymentsPerHour || USUAL_PAYMENTS_PER_HOUR);
  const wanted = { ...asked, paymentsPerHour };
  if (asked.report !== undefined) {
    const { checkWritable }: typeof import("../report/write") = require("../report/write");
    checkWritable(asked.report);
  }
  if (asked.advise) return advise(wanted, cutover, terminal);
  if (!asked.json) terminal.print(introduction(wanted, cutover, terminal));
  const results: Result[] = [];
  for (const scenario of asked.scenarios)
    results.push(await rehearseOne(scenario, cutover, wanted, terminal));
  if (asked.report !== undefined) writeStories(results, wanted);
  if (asked.json) terminal.print(resultJson(results, wanted, cutover));
  else conclude(results, asked, terminal);
  return results.every(isAsExpected) ? DONE : FAILED;
}

/** What a person asked for, with the payments that come. */
export interface Wanted extends Arguments {
  paymentsPerHour: number;
}

function introduction(
  { stack, paymentsPerHour, seed, hour }: Wanted,
  { plan }: CutoverSettings,
  { colors }: Terminal,
): string {
  const rate =
    hour === undefined
      ? `${count(paymentsPerHour)} payments an hour`
      : `as days have it, ${count(paymentsPerHour)} payments in the busiest hour, the operator starts at ${hour}:00 UTC`;
  return `${colors.bold(`Cutover of ${stack}`)}: ${planInWords(plan)} (${rate}, seed ${seed}).`;
}

async function rehearseOne(
  scenario: Scenario,
  { plan, live, tickSeconds }: CutoverSettings,
  asked: Wanted,
  terminal: Terminal,
): Promise<Result> {
  const rehearsable = rehearsablePlan(scenario, plan);
  if (typeof rehearsable === "string") return { kind: "skipped", scenario, why: rehearsable };
  const { paymentsPerHour, seed, hour } = asked;
  const options: RehearsalOptions = {
    ...{ plan: rehearsable.plan, live, scenario, paymentsPerHour, tickSeconds, seed },
    ...(scenario.migrates && { awsPercent: 0 }),
    ...(hour !== undefined && { hourOfDay: hour }),
  };
  const { changed } = rehearsable;
  const more = changed === undefined ? {} : { changed };
  return asked.runs > 1
    ? { kind: "many", scenario, ...more, ...(await many(options, asked, terminal)) }
    : { kind: "single", scenario, ...more, ...(await single(options, more, asked, terminal)) };
}

async function single(
  options: RehearsalOptions,
  { changed }: { changed?: string },
  asked: Wanted,
  terminal: Terminal,
): Promise<Pick<Single, "story">> {
  const { collectStory }: typeof import("../../simulation/collectStory") =
    require("../../simulation/collectStory");
  const events: RehearsalEvent[] = [];
  const isShown = !asked.json && asked.scenarios.length <= 2;
  const onEvent = (event: RehearsalEvent) => void (isShown && events.push(event));
  const story = await collectStory({ ...options, stack: asked.stack, onEvent });
  if (!isShown) return { story };
  const { name, description } = options.scenario;
  terminal.print(`\n${terminal.colors.bold(name)}: ${description}`);
  if (changed !== undefined) terminal.print(terminal.colors.dim(changed));
  await showRehearsal(events, terminal);
  return { story };
}

async function many(
  options: RehearsalOptions,
  { runs, json }: Wanted,
  terminal: Terminal,
): Promise<Pick<Many, "distribution">> {
  const onRun = json ? undefined : progressOf(options.scenario.name, runs, terminal);
  const found = await distribution(options, runs, onRun);
  terminal.endDrawing();
  return { distribution: found };
}

function isAsExpected(result: Result): boolean {
  switch (result.kind) {
    case "skipped":
      return true;
    case "single":
      return endsAs(result.story.rehearsal.outcome, expectedOf(result.scenario, result.story.plan));
    case "many": {
      const { unexpected, runs } = result.distribution;
      return unexpected.length <= SURPRISING_RATIO * runs;
    }
  }
}

function conclude(results: Result[], asked: Wanted | Arguments, terminal: Terminal): void {
  const { colors, print } = terminal;
  const of = <K extends Result["kind"]>(kind: K) =>
    results.filter((one): one is Extract<Result, { kind: K }> => one.kind === kind);
  const [singles, manys, skipped] = [of("single"), of("many"), of("skipped")];
  if (singles.length > 0) print(`\n${storyTable(singles, terminal)}`);
  if (manys.length > 0) print(`\n${distributionTable(manys, terminal)}`);
  for (const { scenario, why } of skipped as Skipped[])
    print(colors.yellow(`${scenario.name} cannot be rehearsed. ${why}`));
  print(CLOSING_SENTENCE);
  for (const sentence of surprisesIn(singles, manys)) print(colors.red(sentence));
  if (asked.report !== undefined) print(`The report is in ${asked.report}.`);
}

const SHOWN_SURPRISES = 3;

function surprisesIn(singles: Single[], manys: Many[]): string[] {
  const ofSingles = surprises(
    singles.map(({ scenario, story }) => ({
      scenario: { ...scenario, expected: expectedOf(scenario, story.plan) },
      rehearsal: story.rehearsal,
    })),
  );
  const ofManys = manys.flatMap(({ scenario, distribution: { unexpected } }) =>
    unexpected
      .slice(0, SHOWN_SURPRISES)
      .map(
        ({ seed, outcome, reason }) =>
          `${scenario.name} with seed ${seed} should have ended ${scenario.expected}, but ended ${outcome}: ${reason}`,
      ),
  );
  return [...ofSingles, ...ofManys];
}

function writeStories(results: Result[], { report: file = "", hour }: Wanted): void {
  const { reportHtml }: typeof import("../report/report") = require("../report/report");
  const { writeReport }: typeof import("../report/write") = require("../report/write");
  const stories = results.flatMap((one) => {
    if (one.kind !== "single") return [];
    return [
      {
        ...one.story,
        ...(one.changed !== undefined && { changed: one.changed }),
        ...(hour !== undefined && { hourOfDay: hour }),
      },
    ];
  });
  writeReport(file, reportHtml(stories, { madeAt: new Date() }));
}

async function advise(
  asked: Wanted,
  cutover: CutoverSettings,
  terminal: Terminal,
): Promise<number> {
  const { adviceJson, adviceText, seekAdvice }: typeof import("./advise/advise") =
    require("./advise/advise");
  const advice = await seekAdvice(asked, cutover, terminal);
  terminal.print(asked.json ? adviceJson(advice) : adviceText(advice, terminal));
  return DONE;
}
