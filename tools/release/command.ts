import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareSdk } from "../cutover/aws/calls";
import { findStack, runPulumi } from "../cutover/outputs";
import { colorsFor } from "../preview/colors";
import { Complaint, DONE, FAILED, WRONG_USAGE } from "../terminal/complaint";
import { type Asked, readArguments } from "./arguments";
import { type Decision, decideRelease, type Release } from "./decide";
import { unifiedDiff } from "./diff";
import { shortDigest } from "./image";
import { readSource } from "./source";
import { changeStackFile, forcedComment, readStackFile } from "./stackFile";
import { releaseJson, releaseText } from "./texts";

/** What the command has around it. */
export interface Surroundings {
  /** Where the stacks' files are. */
  directory: string;
  out: NodeJS.WriteStream;
  err: NodeJS.WriteStream;
  environment: NodeJS.ProcessEnv;
  /** @default the Pulumi CLI */
  pulumi?: typeof runPulumi;
}

/** Edits a stack's file for a release. Resolves to the exit code. */
export async function releaseCommand(given: string[], around: Surroundings): Promise<number> {
  const asked = readArguments(given);
  if ("exitCode" in asked) return asked.exitCode;
  const { out, err } = around;
  try {
    return await release(asked, around);
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    const { message, exitCode } = error;
    if (asked.json) out.write(`${JSON.stringify({ error: message, exitCode }, undefined, 2)}\n`);
    err.write(`${message}\n`);
    return exitCode;
  }
}

async function release(asked: Asked, around: Surroundings): Promise<number> {
  const { to, json } = asked;
  const { directory, out, err, environment } = around;
  const file = `Pulumi.${to}.yaml`;
  const path = join(directory, file);
  if (!existsSync(path))
    throw new Complaint(`--to ${to}: there is no ${file} in ${directory}.`, WRONG_USAGE);
  const before = readFileSync(path, "utf8");
  const stackFile = readStackFile(before, file);
  const choice = {
    ...(asked.from && { stack: asked.from }),
    ...(asked.outputs && { outputs: asked.outputs }),
  };
  if (asked.from === undefined && asked.outputs === undefined)
    throw new Complaint(
      "From which stack? Name it: --from <name>, or --outputs <file>.",
      WRONG_USAGE,
    );
  const stack = await findStack(choice, around.pulumi ?? runPulumi);
  prepareSdk(environment, stack.region);
  const from = asked.from ?? stack.environment;
  const source = await readSource(stack);
  const decision = decideRelease({ ...asked, from }, source, stackFile);
  const after =
    decision.kind === "change" ? changed(before, file, decision.release, from, asked) : before;
  if (after !== before && !asked.dryRun) writeFileSync(path, after);
  const told = {
    from,
    to,
    file,
    decision,
    dryRun: asked.dryRun,
    diff: unifiedDiff(file, before, after),
  };
  if (json) out.write(`${JSON.stringify(releaseJson(told), undefined, 2)}\n`);
  if (decision.kind === "refused") {
    err.write(`${refusal(decision, asked)}\n`);
    return FAILED;
  }
  if (!json) out.write(`${releaseText(told, colorsFor(out, environment))}\n`);
  return DONE;
}

function changed(
  before: string,
  file: string,
  { target, image, digest, overruled }: Release,
  from: string,
  { force }: Asked,
): string {
  const day = new Date().toISOString().slice(0, 10);
  // What was proven needs no force, though somebody was ready to use it.
  const isForced = force !== undefined && overruled.length > 0;
  const what = `${shortDigest(digest)} from ${from} (${overruled.join("; ")})`;
  const forced = isForced ? { forced: forcedComment(day, what, force) } : {};
  return changeStackFile(before, file, { target, image, ...forced });
}

function refusal(
  { reasons, canForce }: Extract<Decision, { kind: "refused" }>,
  { to }: Asked,
): string {
  const lines = reasons.length === 1 ? withPeriod(reasons[0] ?? "") : ["", ...reasons].join("\n- ");
  const how = canForce
    ? ' Nothing was changed. If it has to be: --force "<reason>", which goes into the file.'
    : " Nothing was changed.";
  return reasons.length === 1
    ? `No release to ${to}: ${lines}${how}`
    : `No release to ${to}, for ${reasons.length} reasons:${lines}\n${how.trim()}`;
}

function withPeriod(clause: string): string {
  return clause.endsWith(".") ? clause : `${clause}.`;
}
