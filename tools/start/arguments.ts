import { Command, CommanderError, InvalidArgumentError } from "commander";

/** What a person asked for. */
export interface Arguments {
  stack: string;
  seed: number;
  paymentsPerHour: number;
  /** File for the report. */
  report: string;
}

/** The command ends here: help was shown, or the arguments were wrong and that was said. */
export interface Ended {
  exitCode: number;
}

export const WRONG_USAGE = 2;

export const LARGEST_SEED = 2 ** 32 - 1;
export const MOST_PAYMENTS_PER_HOUR = 10_000_000;

/** Reads the arguments after `npm start --`. */
export function readArguments(given: string[]): Arguments | Ended {
  const command = new Command("npm start --")
    .description("Shows what a stack would make and rehearses its cutover, without an AWS account.")
    .argument("[stack]", "the stack, by its file Pulumi.<stack>.yaml", "dev")
    .option(
      "--seed <number>",
      "seed of the chance in the rehearsals",
      wholeNumber(0, LARGEST_SEED),
      1,
    )
    .option(
      "--payments-per-hour <number>",
      "payments that arrive in an hour",
      wholeNumber(1, MOST_PAYMENTS_PER_HOUR),
      50_000,
    )
    .option("--report <file>", "where to write the report", "report.html")
    .exitOverride();
  try {
    command.parse(given, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : WRONG_USAGE };
  }
  const options = command.opts<Omit<Arguments, "stack">>();
  return { ...options, stack: command.processedArgs[0] as string };
}

/** Reads an argument that is a whole number within these bounds, or says which they are. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Allowed are whole numbers from ${least.toLocaleString("en-US")} to ${most.toLocaleString("en-US")}.`,
    );
  };
}
