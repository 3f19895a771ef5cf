import { type ChildProcess, spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { cutoverCommand } from "../../../../tools/cutover/command";
import type { runPulumi } from "../../../../tools/cutover/outputs";

/** What a command printed, and how it ended. */
export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

export interface Terminal {
  /** What a person types, one line for each question. @default there is no terminal */
  typed?: string[];
  /** @default the Pulumi CLI */
  pulumi?: typeof runPulumi;
}

/** Runs `npm run cutover` in this process, with or without somebody at a terminal. */
export async function runCutover(given: string[], terminal: Terminal = {}): Promise<Ran> {
  const isTTY = terminal.typed !== undefined;
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input });
  const [out, err] = [collector(false), collector(isTTY)];
  const typed = [...(terminal.typed ?? [])];
  // Each question is answered when it has been asked, as a person does.
  err.onText = (text) => {
    if (/[:\]] $/.test(text)) input.write(`${typed.shift() ?? ""}\n`);
  };
  const status = await cutoverCommand(given, {
    input: input as unknown as NodeJS.ReadStream,
    out: out.stream,
    err: err.stream,
    environment: process.env,
    ...(terminal.pulumi && { pulumi: terminal.pulumi }),
  });
  return { status, stdout: out.text(), stderr: err.text() };
}

/** A stream that keeps what is written. */
export function collector(isTTY: boolean) {
  let text = "";
  const stream = new PassThrough();
  const collected = {
    stream: Object.assign(stream, {
      isTTY,
      columns: 80,
      rows: 24,
    }) as unknown as NodeJS.WriteStream,
    text: () => text,
    onText: (_: string) => {},
  };
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    collected.onText(chunk);
  });
  return collected;
}

/** Node's arguments for a command of ours, as `npm run` starts it. */
export function commandLine(program: string): string[] {
  return ["-r", "./tools/node/fast-start.cjs", `tools/${program}.ts`];
}

/** A command in a process of its own, without a terminal. */
export interface Running {
  child: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  ended: Promise<Ran>;
}

/** Starts a command with this environment alone, beside the path. */
export function startProgram(
  program: string,
  given: string[],
  env: { [name: string]: string | undefined },
): Running {
  const child = spawn(process.execPath, [...commandLine(program), ...given], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ran>((resolve) =>
    child.once("close", (status) => resolve({ status: status ?? -1, stdout, stderr })),
  );
  return { child, stdout: () => stdout, ended };
}

/** Resolves when it is so; rejects with what there was to see when it takes too long. */
export async function until(
  isSo: () => Promise<boolean> | boolean,
  seen: () => string,
): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await isSo()) return;
    await sleep(50);
  }
  throw new Error(`it did not come: ${seen()}`);
}
