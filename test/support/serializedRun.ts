import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DIRECTORY } from "./program";

const TS_NODE = [
  join(DIRECTORY, "tools/node/compile-cache.cjs"),
  "ts-node/register/transpile-only",
].flatMap((file) => ["-r", file]);

/** Tests of a run, by their full titles. */
export interface Outcome {
  passed: string[];
  skipped: string[];
  /** What each said. */
  failed: { [title: string]: string };
}

/** The text of a module that exports, by file, what the serializer makes of a folder's modules. */
export async function serializeFolder(folder: string): Promise<string> {
  const program = join(DIRECTORY, "test/support/serializeCore.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [...TS_NODE, program, folder], {
    cwd: DIRECTORY,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Runs test files in a process of their own, on the sources or, with a text, on what it exports. */
export async function runTests(
  files: string[],
  serialized?: { folder: string; text: string },
): Promise<Outcome> {
  return mocha(files, [], serialized);
}

/** Titles of the tests in these files; runs none. */
export async function listTests(files: string[]): Promise<string[]> {
  return (await mocha(files, ["--dry-run"])).passed;
}

async function mocha(
  files: string[],
  flags: string[],
  serialized?: { folder: string; text: string },
): Promise<Outcome> {
  const scratch = mkdtempSync(join(tmpdir(), "serialized-core-"));
  try {
    const [report, textFile] = [join(scratch, "report.json"), join(scratch, "core.js")];
    if (serialized !== undefined) writeFileSync(textFile, serialized.text);
    const hook =
      serialized === undefined ? [] : [join(DIRECTORY, "test/support/serializedCore.ts")];
    const hooks = [join(DIRECTORY, "test/support/rejections.ts"), ...hook];
    const given = [
      ...["--no-config", "--no-package", ...TS_NODE, ...hooks.flatMap((file) => ["-r", file])],
      ...["--extension", "ts", "--timeout", "60000", "--reporter", "json"],
      ...["--reporter-option", `output=${report}`, ...flags, ...files],
    ];
    const said = await run([join(DIRECTORY, "node_modules/mocha/bin/mocha.js"), ...given], {
      ...process.env,
      SERIALIZED_FOLDER: serialized?.folder ?? "",
      SERIALIZED_TEXT: textFile,
    });
    return outcomeOf(report, said);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What a process of Node said. Mocha ends with the number of failures, which is no trouble here. */
function run(given: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    const options = { cwd: DIRECTORY, env, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, given, options, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

function outcomeOf(report: string, said: string): Outcome {
  let text: string;
  try {
    text = readFileSync(report, "utf8");
  } catch {
    throw new Error(`mocha wrote no report: ${said}`);
  }
  type Test = { fullTitle: string; err: { message?: string } };
  const { passes, pending, failures } = JSON.parse(text) as { [outcome: string]: Test[] };
  const titles = (tests: Test[] = []) => tests.map(({ fullTitle }) => fullTitle).sort();
  const failed = (failures ?? []).map(({ fullTitle, err }) => [fullTitle, err.message ?? ""]);
  return { passed: titles(passes), skipped: titles(pending), failed: Object.fromEntries(failed) };
}
