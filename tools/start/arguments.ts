import { Command } from "commander";
import {
  type Ended,
  LARGEST_SEED,
  MOST_PAYMENTS_PER_HOUR,
  parsed,
  wholeNumber,
} from "../terminal/arguments";

/** What a person asked for. */
export interface Arguments {
  stack: string;
  seed: number;
  paymentsPerHour: number;
  /** File for the report. */
  report: string;
}

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
    .option("--report <file>", "where to write the report", "report.html");
  return parsed(command, given, () => {
    const options = command.opts<Omit<Arguments, "stack">>();
    return { ...options, stack: command.processedArgs[0] as string };
  });
}
