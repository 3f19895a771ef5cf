import { spawn } from "node:child_process";
import * as path from "node:path";

/** A whole process, from its start to its end. */
export interface Sample {
  wallSeconds: number;
  cpuSeconds: number;
  maxRssBytes: number;
}

/** What is run: arguments of node, and where. */
export interface Command {
  arguments: string[];
  directory: string;
  environment?: { [name: string]: string };
  /** Done beforehand, outside the measured time. */
  prepare?: () => void;
}

const USAGE = path.join(__dirname, "usage.cjs");

/** Runs one process; rejects with what it said when it fails. */
export function measure(command: Command): Promise<Sample & { output: string }> {
  command.prepare?.();
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, ["-r", USAGE, ...command.arguments], {
    cwd: command.directory,
    env: { ...process.env, ...command.environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [output, errors, usage] = [1, 2, 3].map((descriptor) => {
    const chunks: Buffer[] = [];
    child.stdio[descriptor]?.on("data", (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const wallSeconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code === 0) resolve({ wallSeconds, ...JSON.parse(usage?.() ?? ""), output: output?.() });
      else reject(new Error(`node ${command.arguments.join(" ")} failed:\n${errors?.()}`));
    });
  });
}
