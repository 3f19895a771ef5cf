import { RunError } from "@pulumi/pulumi";
import { Command, CommanderError } from "commander";
import { type Evaluation, evaluateWithUpstream } from "./evaluate/evaluate";
import { stackNames, UsageError } from "./evaluate/project";
import { colorsFor } from "./preview/colors";
import { previewJson } from "./preview/json";
import { checkPolicies, type PolicyResult, violatesPolicies } from "./preview/policies";
import { policiesText } from "./preview/policiesText";
import { previewText } from "./preview/text";

/** The program failed, or violates a policy that is mandatory. */
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

interface Options {
  json?: boolean;
  diff?: string;
  markdown?: boolean;
}

function command(directory: string): Command {
  return new Command("preview")
    .usage("-- [options] [stack]")
    .description(
      "Shows what a stack's program would deploy and what the policies say to it, without an AWS account. Stacks that it reads from are evaluated first.",
    )
    .argument("[stack]", `one of ${stackNames(directory).join(", ")}`, "dev")
    .option("--json", "print the plan as JSON and nothing else")
    .option("--diff <ref>", "show what changes against another revision, such as main")
    .option("--markdown", "with --diff: as a comment for a pull request")
    .exitOverride()
    .action(async (stack: string, options: Options) => {
      if (options.diff !== undefined || options.markdown) return compare(stack, options);
      const evaluations = await evaluateWithUpstream({ directory, stack });
      const policies = checkPolicies(evaluations, new Date());
      const text = options.json
        ? `${JSON.stringify(previewJson(evaluations, policies), undefined, 2)}\n`
        : previewAll(evaluations, policies);
      await write(text);
      if (violatesPolicies(policies)) process.exitCode = EXIT_FAILED;
    });
}

/** Compares with another revision; see tools/preview/diff/. */
async function compare(stack: string, { diff: ref, markdown, json }: Options): Promise<void> {
  if (ref === undefined)
    throw new UsageError("--markdown is only for comparisons: add --diff and a revision.");
  if (markdown && json) throw new UsageError("--markdown and --json exclude each other.");
  const { diff } = await import("./preview/diff/command");
  const format = markdown ? "markdown" : json ? "json" : "text";
  const colors = colorsFor(process.stdout, process.env);
  const { text, exitCode } = await diff({ directory: process.cwd(), stack, ref, format, colors });
  await write(text);
  process.exitCode = exitCode;
}

function previewAll(evaluations: Evaluation[], policies: PolicyResult): string {
  const colors = colorsFor(process.stdout, process.env);
  const stacks = evaluations.map((evaluation) => previewText(evaluation, colors));
  return [...stacks, policiesText(policies, colors)].join("\n");
}

/** Resolves when all is written: to a pipe that takes a while. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

/** Says what went wrong, and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof UsageError || RunError.isInstance(error)) {
    console.error(error.message);
    return EXIT_USAGE;
  }
  console.error("The program failed:");
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  return EXIT_FAILED;
}

// The reader of a pipe may have enough before the end, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

command(process.cwd())
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = report(error);
  });
