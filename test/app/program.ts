import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const COMPILE = ["./tools/node/compile-cache.cjs", "ts-node/register/transpile-only"];

/** One of the application's programs, as the image starts it but for the compiling. */
export interface Program {
  process: ChildProcess;
  /** What it has written so far: each line, and what it says if it is JSON. */
  lines: string[];
  errors(): string;
  /** Its exit code. */
  ended: Promise<number | null>;
}

/** @param name such as `main`; a program that outlives its test is killed */
export function startProgram(name: string, variables: { [name: string]: string }): Program {
  const { PATH = "", NODE_PATH = "" } = process.env;
  const compile = COMPILE.flatMap((module) => ["-r", module]);
  const child = spawn(process.execPath, [...compile, join("app", `${name}.ts`)], {
    cwd: ROOT,
    env: { PATH, NODE_PATH, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [lines, rest, errors]: [string[], { text: string }, string[]] = [[], { text: "" }, []];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest.text + chunk).split("\n");
    rest.text = parts.pop() ?? "";
    lines.push(...parts);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => errors.push(chunk));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", kill);
      resolve(code);
    });
  });
  return { process: child, lines, errors: () => errors.join(""), ended };
}
