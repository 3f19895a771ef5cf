import { type Command, CommanderError, InvalidArgumentError } from "commander";
import { WRONG_USAGE } from "./complaint";

/** The command ends here: help was shown, or the arguments were wrong and that was said. */
export interface Ended {
  exitCode: number;
}

export const LARGEST_SEED = 2 ** 32 - 1;
export const MOST_PAYMENTS_PER_HOUR = 10_000_000;

/**
 * What a command makes of its arguments, or how it ended.
 * @param read may end the command by `command.error`
 */
export function parsed<T>(command: Command, given: string[], read: () => T): T | Ended {
  try {
    command.exitOverride().parse(given, { from: "user" });
    return read();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : WRONG_USAGE };
  }
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
