import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Complaint, WRONG_USAGE } from "../terminal/complaint";
import { readStack, type Stack, type StackOutputs } from "./stack";

/** Where a person says that a stack's outputs are. */
export interface StackChoice {
  /** @default named by the file of its outputs */
  stack?: string;
  /** File with what `pulumi stack output --json` printed. @default the Pulumi CLI is asked */
  outputs?: string;
}

/** What a program printed, and how it ended; undefined where there is none. */
export interface Finished {
  status: number;
  stdout: string;
  stderr: string;
}

/** Finds the stack. Throws a complaint when it cannot be found. */
export async function findStack(
  { stack, outputs: file }: StackChoice,
  run: typeof runPulumi = runPulumi,
): Promise<Stack> {
  if (file !== undefined) return readStack(stack ?? file, readFile(file), `--outputs ${file}`);
  if (stack === undefined)
    throw new Complaint(
      "Which stack? Name it: --stack <name>, or --outputs <file> with what `npx pulumi stack output --json` printed.",
      WRONG_USAGE,
    );
  const finished = await run(["stack", "output", "--json", "--stack", stack]);
  if (finished === undefined)
    throw new Complaint(
      `The Pulumi CLI is not here, which knows stack ${stack}: \`npm ci\` brings it. ${HOW_ELSE}`,
    );
  if (finished.status !== 0) throw complaintOf(stack, finished.stderr);
  return readStack(stack, parse(finished.stdout, `what Pulumi printed of stack ${stack}`));
}

const HOW_ELSE =
  "Or give the stack's outputs in a file: --outputs <file>, from `npx pulumi stack output --json`.";

function readFile(file: string): StackOutputs {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : (error as Error).message;
    throw new Complaint(`--outputs ${file}: ${why}.`, WRONG_USAGE);
  }
  return parse(text, `--outputs ${file}`);
}

function parse(text: string, what: string): StackOutputs {
  const wanted = "the JSON object that `pulumi stack output --json` prints";
  let outputs: unknown;
  try {
    outputs = JSON.parse(text);
  } catch {
    throw new Complaint(`${what}: got no JSON, allowed: ${wanted}.`, WRONG_USAGE);
  }
  if (typeof outputs !== "object" || outputs === null || Array.isArray(outputs))
    throw new Complaint(
      `${what}: got ${JSON.stringify(outputs)}, allowed: ${wanted}.`,
      WRONG_USAGE,
    );
  return outputs as StackOutputs;
}

/** What Pulumi says goes wrong, and what to do about it. */
function complaintOf(stack: string, stderr: string): Complaint {
  if (/no stack named|stack .* not found/i.test(stderr))
    return new Complaint(
      `There is no stack ${stack} where Pulumi is logged in. \`npx pulumi stack ls\` lists them; \`npx pulumi whoami -v\` tells where that is.`,
      WRONG_USAGE,
    );
  if (/PULUMI_ACCESS_TOKEN|not (currently )?logged in|must be logged in/i.test(stderr))
    return new Complaint("Pulumi is not logged in: npx pulumi login <where its state is>.");
  if (/passphrase/i.test(stderr))
    return new Complaint(
      `Pulumi cannot open the secrets of stack ${stack}: set PULUMI_CONFIG_PASSPHRASE.`,
    );
  const said = firstError(stderr);
  if (/^pulumi: /m.test(stderr) && /download|fetch|ENOTFOUND|ECONN|EAI_AGAIN|HTTP/i.test(said))
    return new Complaint(`The Pulumi CLI could not be downloaded (${said}). ${HOW_ELSE}`);
  return new Complaint(`Pulumi could not tell the outputs of stack ${stack}: ${said}.`);
}

/** The first line that tells of an error, without its mark. */
function firstError(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const line =
    lines.find((one) => /^(error|pulumi): /i.test(one)) ?? lines.at(-1) ?? "it said nothing";
  return line.replace(/^(error|pulumi): /i, "").replace(/\.$/, "");
}

/** Undefined where there is no such program. In an npm script the first one found is the project's own. */
export function runPulumi(given: string[]): Promise<Finished | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...given, "--non-interactive"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? resolve(undefined) : reject(error),
    );
    child.once("close", (status) => resolve({ status: status ?? FAILED_STATUS, stdout, stderr }));
  });
}

/** Of a program that was ended from outside. */
const FAILED_STATUS = 1;
