import { Command, InvalidArgumentError, Option } from "commander";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { type Ended, parsed } from "../terminal/arguments";

/** What a person asked for. */
export interface Asked {
  from?: string;
  to: string;
  live?: Color;
  outputs?: string;
  force?: string;
  dryRun: boolean;
  json: boolean;
}

/** Reads the arguments after `npm run release --`. */
export function readArguments(given: string[]): Asked | Ended {
  const command = new Command("npm run release --")
    .description(
      "Puts into a stack's file what is live and proven in another environment: the image of the color that is not live, and who is to be live.",
    )
    .option("--from <stack>", "the stack that has proven the image, such as dev")
    .requiredOption("--to <stack>", "the stack whose file is changed, such as prod")
    .addOption(
      new Option("--live <color>", "who is to be live; by default who is not").choices(COLORS),
    )
    .option(
      "--outputs <file>",
      "the first stack's outputs, as `pulumi stack output --json` prints them",
    )
    .option(
      "--force <reason>",
      "release what is not proven, for a reason that goes into the file",
      reason,
    )
    .option("--dry-run", "show what would change, and change nothing", false)
    .option("--json", "print JSON and nothing else", false);
  return parsed(command, given, () => command.opts<Asked>());
}

function reason(given: string): string {
  if (given.trim().length >= SHORTEST_REASON) return given.trim();
  throw new InvalidArgumentError("Allowed is a reason that whoever reads the file understands.");
}

const SHORTEST_REASON = 8;
