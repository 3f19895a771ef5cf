/** Two validators of CloudFormation templates: AWS's own, from npm, and cfn-lint, where Python has it. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leaveOut } from "./leaveOut";

const MISSING = "cfn-lint is not on the PATH (pip install 'cfn-lint==1.51.0')";

/** Templates, by any name that tells people which one it is. */
export interface Templates {
  [name: string]: object;
}

/** What a validator found wrong: errors and warnings as a sentence each, by the template's name. */
export interface Findings {
  [name: string]: string[];
}

/** Rules of AWS's validator that are wrong here, each with the reason. */
const EXCLUDED_RULES = [
  // Takes each parameter with "Secret" in its name for a password, also the ARN of a secret. What is
  // one, and what only leads to one, is decided in components/cloudformation/secrets.ts.
  "W2509",
];

/** Offline: rules and schemas come with the package. Takes a few seconds, most of them to start. */
export async function validate(templates: Templates): Promise<Findings> {
  // Not before it is needed: it is ten megabytes of WebAssembly.
  const { RegoEngine } = await import("@aws/cloudformation-validate");
  const engine = new RegoEngine();
  const config = { severityLevel: "WARN", exclude: { ids: EXCLUDED_RULES } } as const;
  const findings: Findings = {};
  try {
    for (const [path, template] of Object.entries(templates)) {
      const readBytes = () => Buffer.from(JSON.stringify(template));
      const { status, diagnostics } = engine.validateStandard({ path, readBytes }, config);
      findings[path] = diagnostics.map(
        ({ ruleId, message, entity }) => `${ruleId} ${entity?.logicalId ?? "template"}: ${message}`,
      );
      // An analysis that was broken off finds nothing, either.
      if (status !== "OK") findings[path].push(`status ${status}`);
    }
    return findings;
  } finally {
    engine.free();
  }
}

/**
 * The same by cfn-lint, in one process for all. Where it is not installed the tests that need it are
 * left out, with a line that says so; they fail where all tests are required.
 */
export async function cfnLint(
  context: Mocha.Context,
  leftOut: string,
  templates: Templates,
): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "templates-"));
  try {
    const names = Object.keys(templates);
    const files = names.map((_, index) => join(folder, `${index}.json`));
    for (const [index, name] of names.entries())
      writeFileSync(files[index] as string, JSON.stringify(templates[name]));
    const found = (await lint(files, folder)) ?? leaveOut(context, leftOut, MISSING);
    const sentencesOf = (file: string | undefined) =>
      found
        .filter(({ Filename }) => Filename === file)
        .map(({ Rule, Message, Location }) => `${Rule.Id} ${Location.Path?.[1]}: ${Message}`);
    return Object.fromEntries(names.map((name, index) => [name, sentencesOf(files[index])]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface LintFinding {
  Filename: string;
  Message: string;
  Rule: { Id: string };
  Location: { Path?: (string | number)[] };
}

/** Errors and warnings; undefined when there is no such program. */
function lint(files: string[], folder: string): Promise<LintFinding[] | undefined> {
  return new Promise((resolve, reject) => {
    // No settings of the person who runs the tests: they could leave rules out.
    const settings = join(folder, "settings.yaml");
    writeFileSync(settings, "{}");
    const options = ["--config-file", settings, "--format", "json"];
    const program = spawn("cfn-lint", [...options, "--", ...files], { cwd: folder });
    let output = "";
    let errors = "";
    program.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    program.stderr.on("data", (chunk: Buffer) => {
      errors += chunk;
    });
    program.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? resolve(undefined) : reject(error),
    );
    program.once("close", (code) => {
      // A version manager's stand-in for a program that is not installed ends with 127.
      if (code === 127) return resolve(undefined);
      try {
        resolve(JSON.parse(output));
      } catch {
        reject(new Error(`cfn-lint ended with ${code}: ${errors || output}`));
      }
    });
  });
}
