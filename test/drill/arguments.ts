import { Command } from "commander";
import { type Ended, LARGEST_SEED, parsed } from "../../tools/terminal/arguments";
import { WRONG_USAGE } from "../../tools/terminal/complaint";
import { FAULTS, type Fault, NONE } from "./faults";
import { RELEASE } from "./release";

/** What a person asked for. */
export interface Arguments {
  faults: Fault[];
  seed: number;
  paymentsPerHour: number;
  minutes: number;
  json: boolean;
}

/** All that can be asked for: the faults, each by itself, and a whole release. */
export const STORIES: readonly Fault[] = [...FAULTS, RELEASE];

const MOST_PAYMENTS_PER_HOUR = 2_000_000;
const MOST_MINUTES = 600;

/** Reads the arguments after `npm run drill --`; all that is wrong is said at once. */
export function readArguments(
  given: string[],
  complain: (text: string) => void,
): Arguments | Ended {
  const command = commandWithOptions();
  return parsed(command, given, () => checked(command, complain));
}

function checked(command: Command, complain: (text: string) => void): Arguments | Ended {
  const { fault, seed, rate, minutes, json } = command.opts<{ [option: string]: string }>();
  const faults = faultsNamed(fault ?? "");
  const mistakes = [
    ...command.args.map((text) => `${text} is no option`),
    ...(Array.isArray(faults) ? [] : [faults]),
    ...wrongNumber("--seed", seed, 0, LARGEST_SEED),
    ...wrongNumber("--rate", rate, 1, MOST_PAYMENTS_PER_HOUR),
    ...wrongNumber("--minutes", minutes, 0, MOST_MINUTES),
  ];
  if (mistakes.length > 0 || !Array.isArray(faults)) {
    complain(`${mistakes.join("\n")}\n`);
    return { exitCode: WRONG_USAGE };
  }
  const numbers = { seed: Number(seed), paymentsPerHour: Number(rate), minutes: Number(minutes) };
  return { faults, ...numbers, json: Boolean(json) };
}

function commandWithOptions(): Command {
  const names = STORIES.map(({ name, about }) => `  ${name.padEnd(22)}${about}`);
  return new Command("npm run drill --")
    .description(
      "Moves payments and their database to the other color and back, on real databases and under load, while something goes wrong, and compares every acknowledged payment with the rows.",
    )
    .option("--fault <name>", "what goes wrong, `all` for one after the other", NONE.name)
    .option("--seed <number>", "seed of the chance: when a fault strikes, and the load", "1")
    .option("--rate <number>", "payments that arrive in an hour", "50000")
    .option("--minutes <number>", "there and back again until so long; 0 for once", "0")
    .option("--json", "print the result as JSON and nothing else", false)
    .addHelpText("after", `\nFaults:\n${names.join("\n")}`)
    .allowUnknownOption()
    .allowExcessArguments();
}

/** The faults, or what is wrong with the name. */
function faultsNamed(name: string): Fault[] | string {
  if (name === "all") return [...STORIES];
  const found = STORIES.filter((fault) => fault.name === name);
  const names = ["all", ...STORIES.map((fault) => fault.name)];
  return found.length > 0 ? found : `--fault: got ${name}, allowed: ${names.join(", ")}`;
}

function wrongNumber(option: string, text = "", least: number, most: number): string[] {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return [];
  return [`${option}: got ${text}, allowed: whole numbers from ${least} to ${most}`];
}
