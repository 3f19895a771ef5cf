import { Command } from "commander";
import { type Ended, LARGEST_SEED, parsed, wholeNumber } from "../terminal/arguments";

/** What a person asked for. */
export interface Arguments {
  runs: number;
  seed: number;
  concurrency: number;
  json: boolean;
  trace: boolean;
  /** Whether the database writer moves, instead of payments. */
  switchover: boolean;
}

const MOST_RUNS = 1_000_000;
const MOST_INVOCATIONS = 20;

/** Reads the arguments after `npm run simulate --`. */
export function readArguments(given: string[]): Arguments | Ended {
  const command = new Command("npm run simulate --")
    .description(
      "Runs the cutover controller in virtual time, many invocations at once, while everything around it goes wrong, and checks what must always hold.",
    )
    .option("--runs <number>", "how many runs, each with a seed", wholeNumber(1, MOST_RUNS), 200)
    .option("--seed <number>", "seed of the first run", wholeNumber(0, LARGEST_SEED), 1)
    .option(
      "--concurrency <number>",
      "most invocations that run at once",
      wholeNumber(1, MOST_INVOCATIONS),
      4,
    )
    .option("--switchover", "simulate the switchover of the databases instead", false)
    .option("--json", "print the result as JSON and nothing else", false)
    .option("--trace", "print each call, fault and decision", false);
  return parsed(command, given, () => command.opts<Arguments>());
}
