import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../../tools/evaluate/values";
import { byType, evaluation } from "./program";

/** Files of a function's package, by name. */
export interface LambdaPackage {
  [file: string]: string;
}

/** A function as a stack's program declares it, by the beginning of its logical name. */
export async function functionOf(stack: string, name: string): Promise<Properties> {
  const { resources } = await evaluation(stack);
  const functions = byType(resources, "aws:lambda/function:Function");
  const [found] = functions.filter((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`stack ${stack} has no function ${name}`);
  return found.inputs;
}

/** The cutover function as a stack's program declares it. */
export function cutoverFunction(stack: string): Promise<Properties> {
  return functionOf(stack, "cutover-function");
}

/** The package that deploying a stack would upload for the cutover function. */
export async function controllerPackage(stack = "dev"): Promise<LambdaPackage> {
  return packageOf(await cutoverFunction(stack));
}

/** The package that deploying a function with these inputs would upload. */
export async function packageOf({ code }: Properties): Promise<LambdaPackage> {
  if (!(code instanceof pulumi.asset.AssetArchive)) throw new Error("the code is no archive");
  const files: LambdaPackage = {};
  for (const [name, asset] of Object.entries(await code.assets)) {
    if (!(asset instanceof pulumi.asset.StringAsset)) throw new Error(`${name} is no plain text`);
    files[name] = await asset.text;
  }
  return files;
}

/** A package on disk, beside a runtime that has the AWS SDK and nothing else. */
export interface Deployment {
  folder: string;
  /** Where Lambda's runtime keeps its SDK: outside the package, on the module path. */
  modulePath: string;
  remove(): void;
}

export function deploy(files: LambdaPackage): Deployment {
  const root = mkdtempSync(join(tmpdir(), "cutover-lambda-"));
  const folder = join(root, "task");
  const modulePath = join(root, "runtime", "node_modules");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  mkdirSync(modulePath, { recursive: true });
  symlinkSync(join(__dirname, "../../node_modules/@aws-sdk"), join(modulePath, "@aws-sdk"));
  return { folder, modulePath, remove: () => rmSync(root, { recursive: true }) };
}

export interface Invocation {
  event: unknown;
  /** All that the process gets of an environment. */
  variables: { [name: string]: string };
  remainingMilliseconds: number;
}

/** What Lambda's runtime does: load the handler, call it with event and context, send the answer. */
const RUNTIME = `
const { event, milliseconds } = JSON.parse(process.env.INVOCATION);
delete process.env.INVOCATION;
(async () => {
  const { handler } = require(process.env.LAMBDA_TASK_ROOT + "/__index.js");
  // An invocation's time begins when the package is loaded.
  const end = Date.now() + milliseconds;
  const context = { getRemainingTimeInMillis: () => end - Date.now() };
  if (handler.length > 2) throw new Error("Node 24's runtime refuses handlers that take a callback");
  return handler(event, context);
})().then(
  (answer) => process.send({ answer }, () => process.exit()),
  (error) => process.send({ error: error.message }, () => process.exit()),
);
`;

export interface Running {
  /** The answer; rejects with the error's message, as an invoker would see it. */
  answer: Promise<unknown>;
  kill(): void;
}

/** Invokes the function in a fresh process: a cold start each time, nothing left of the last one. */
export function invoke(deployment: Deployment, invocation: Invocation): Running {
  const { event, variables, remainingMilliseconds: milliseconds } = invocation;
  const child = spawn(process.execPath, ["-e", RUNTIME], {
    cwd: deployment.folder,
    env: {
      ...variables,
      NODE_PATH: deployment.modulePath,
      LAMBDA_TASK_ROOT: deployment.folder,
      INVOCATION: JSON.stringify({ event, milliseconds }),
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  return { answer: answerOf(child), kill: () => child.kill("SIGKILL") };
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let trouble = "";
    child.stderr?.on("data", (chunk) => {
      trouble += chunk;
    });
    child.once("message", ({ answer, error }: { answer?: unknown; error?: string }) =>
      error === undefined ? resolve(answer) : reject(new Error(error)),
    );
    child.once("close", () => reject(new Error(`the process ended without an answer: ${trouble}`)));
  });
}
