import { Command } from "commander";
import { closest } from "fastest-levenshtein";
import { CATALOGUE } from "../../simulation/catalogue";
import type { Scenario } from "../../simulation/scenarios";
import {
  type Ended,
  LARGEST_SEED,
  MOST_PAYMENTS_PER_HOUR,
  parsed,
  wholeNumber,
} from "../terminal/arguments";

/** What a person asked for. */
export interface Arguments {
  list: boolean;
  scenarios: readonly Scenario[];
  stack: string;
  seed: number;
  runs: number;
  /** @default what the stack expects, or 50,000 where it expects none */
  paymentsPerHour?: number;
  /** Hour of the day, in UTC, at which the operator starts. @default as many payments come at any time */
  hour?: number;
  json: boolean;
  /** File for the report. */
  report?: string;
  advise: boolean;
}

type Given = Omit<Arguments, "scenarios"> & { scenario?: string[] };

/** What is rehearsed where nobody names anything. */
const USUAL = ["good-release", "bad-2"];
const ALL = "all";
const MOST_RUNS = 100_000;

/** Reads the arguments after `npm run rehearse --`. */
export function readArguments(given: string[]): Arguments | Ended {
  const command = commandFor();
  return parsed(command, given, () => {
    const { scenario = USUAL, ...options } = command.opts<Given>();
    const mistakes = [...scenarioMistakes(scenario), ...mixtureMistakes(options, scenario)];
    if (mistakes.length > 0) command.error(mistakes.map((text) => `error: ${text}`).join("\n"));
    return { ...options, scenarios: named(scenario) };
  });
}

function commandFor(): Command {
  return new Command("npm run rehearse --")
    .description(
      "Rehearses a cutover by a stack's own plan in virtual time: the controller that would be deployed, in a model of payments and AWS. No AWS account is needed.",
    )
    .option("--list", "name the scenarios", false)
    .option("--scenario <names...>", `what happens; "${ALL}" for each of them`)
    .option("--stack <name>", "whose plan, by its file Pulumi.<name>.yaml", "prod")
    .option("--seed <number>", "seed of the chance", wholeNumber(0, LARGEST_SEED), 1)
    .option(
      "--runs <number>",
      "rehearse so often, with this seed and the next",
      wholeNumber(1, MOST_RUNS),
      1,
    )
    .option(
      "--payments-per-hour <number>",
      "payments that come in an hour (default: what the stack expects)",
      wholeNumber(1, MOST_PAYMENTS_PER_HOUR),
    )
    .option(
      "--hour <number>",
      "hour of the day, in UTC, at which the operator starts: payments then come as days have it, the most at 15",
      wholeNumber(0, 23),
    )
    .option("--json", "print the result as JSON and nothing else", false)
    .option("--report <file>", "write a report that any browser shows")
    .option(
      "--advise",
      "say what the plan costs and buys, and which change of it would help",
      false,
    );
}

function scenarioMistakes(names: readonly string[]): string[] {
  const known = [ALL, ...CATALOGUE.map(({ name }) => name)];
  return names
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        `there is no scenario ${name}. Did you mean ${closest(name, known)}? "npm run rehearse -- --list" names all.`,
    );
}

/** Options that do not go together, each with what to leave out. */
function mixtureMistakes(
  { list, advise, runs, report }: Omit<Given, "scenario">,
  names: readonly string[],
): string[] {
  const mistakes: string[] = [];
  if (list && (advise || report !== undefined))
    mistakes.push("--list rehearses nothing: leave out --advise and --report");
  if (advise && report !== undefined)
    mistakes.push(
      "--report shows single rehearsals, and --advise makes none: leave out one of them",
    );
  if (advise && names !== USUAL)
    mistakes.push("--advise chooses the scenarios itself: leave out --scenario");
  if (runs > 1 && report !== undefined)
    mistakes.push("--report shows single rehearsals: leave out --runs, or choose one by --seed");
  return mistakes;
}

function named(names: readonly string[]): readonly Scenario[] {
  return names.includes(ALL) ? CATALOGUE : CATALOGUE.filter(({ name }) => names.includes(name));
}
