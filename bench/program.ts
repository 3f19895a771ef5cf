/**
 * Measures the evaluation of this project's program beside the bare import of its SDKs, and beside
 * an AWS CDK app of the same resources: `npm run program -- --rounds 9 [--json]`.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as ts from "typescript";
import { type Command, measure, type Sample } from "./measure";
import { optionsOf } from "./options";
import { machine, markdown, type Results, ratio } from "./report";

const PROJECT = path.dirname(__dirname);
const CDK = path.join(__dirname, "cdk");
const COMPILED = path.join(__dirname, "bin", "cdk");
const COMPILE_CACHE = path.join(PROJECT, "node_modules", ".cache", "payments-compile");
const FAST_START = ["-r", "./tools/node/fast-start.cjs"];
const TS_NODE = ["-r", "ts-node/register/transpile-only"];

async function main() {
  const { rounds, json } = optionsOf("program");
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "payments-bench-"));
  try {
    const results = await compare(rounds, scratch);
    console.log(json ? JSON.stringify(results, null, 2) : markdown(results));
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

async function compare(rounds: number, scratch: string): Promise<Results> {
  compileCdkApp();
  const { output: counts } = await measure(ours("prod"));
  const variants: { [title: string]: Command } = {
    "this program, prod (prod-base and prod)": ours("prod"),
    "this program, prod, first run: nothing compiled yet": { ...ours("prod"), prepare: forget },
    "this program, prod-base alone": ours("prod-base"),
    "this program, dev": ours("dev"),
    "its SDKs, imported and nothing else": floor(),
    "CDK, ts-node": cdk([...TS_NODE, path.join(CDK, "app.ts")], counts, scratch),
    "CDK, precompiled": cdk([path.join(COMPILED, "app.js")], counts, scratch),
    "CDK, ts-node, CDK_VALIDATION=false": cdk(
      [...TS_NODE, path.join(CDK, "app.ts")],
      counts,
      scratch,
      false,
    ),
    "CDK, precompiled, CDK_VALIDATION=false": cdk(
      [path.join(COMPILED, "app.js")],
      counts,
      scratch,
      false,
    ),
    "Node, empty program": { arguments: ["-e", "0"], directory: PROJECT },
  };
  const samples = await interleaved(variants, rounds);
  const of = (title: string) => samples[title] as Sample[];
  const against = (title: string, goal?: number) =>
    ratio(`prod / ${title}`, goal, of("this program, prod (prod-base and prod)"), of(title));
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    versions: versions(),
    resources: { ...registered(counts), "in the CDK templates": synthesized(scratch) },
    samples,
    ratios: [
      against("CDK, ts-node", 0.5),
      against("CDK, precompiled", 0.5),
      against("CDK, ts-node, CDK_VALIDATION=false"),
      against("CDK, precompiled, CDK_VALIDATION=false"),
      against("its SDKs, imported and nothing else", 1.6),
    ],
  };
}

/** One round to warm up, then the others; each round begins with another variant. */
async function interleaved(variants: { [title: string]: Command }, rounds: number) {
  const titles = Object.keys(variants);
  const samples = new Map(titles.map((title) => [title, [] as Sample[]]));
  for (let round = 0; round <= rounds; round++) {
    process.stderr.write(round === 0 ? "warming up\n" : `round ${round} of ${rounds}\n`);
    const first = round % titles.length;
    for (const title of [...titles.slice(first), ...titles.slice(0, first)]) {
      const { output: _, ...sample } = await measure(variants[title] as Command);
      if (round > 0) samples.get(title)?.push(sample);
    }
  }
  return Object.fromEntries(samples);
}

function ours(stack: string): Command {
  return { arguments: [...FAST_START, "bench/ours.ts", stack], directory: PROJECT };
}

/** Takes away what tools/node/compile-cache.cjs kept; the run that follows fills it again. */
function forget() {
  fs.rmSync(COMPILE_CACHE, { recursive: true, force: true });
}

/** With the same preload, so that newer Nodes keep compiled code for both. */
function floor(): Command {
  return { arguments: [...FAST_START, "bench/floor.cjs", ...importedSdks()], directory: PROJECT };
}

/** The SDK modules that the program imports, as its sources name them. */
function importedSdks(): string[] {
  const sources = ["index.ts", ...["stacks", "components"].flatMap(typescriptFiles)];
  const names = sources.flatMap((file) => {
    const text = fs.readFileSync(path.join(PROJECT, file), "utf8");
    return [...text.matchAll(/^import (?!type\b)[^;]*? from "(@pulumi\/[^"]+)";$/gm)].map(
      ([, name]) => name,
    );
  });
  return [...new Set(names as string[])].sort();
}

function typescriptFiles(folder: string): string[] {
  return fs
    .readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(folder, file));
}

function cdk(program: string[], counts: string, scratch: string, validation = true): Command {
  return {
    arguments: program,
    directory: __dirname,
    environment: {
      BENCH_COUNTS: counts,
      CDK_OUTDIR: scratch,
      ...(!validation && { CDK_VALIDATION: "false" }),
    },
  };
}

function compileCdkApp() {
  fs.mkdirSync(COMPILED, { recursive: true });
  const { config } = ts.readConfigFile(path.join(__dirname, "tsconfig.json"), ts.sys.readFile);
  for (const file of fs.readdirSync(CDK)) {
    const source = fs.readFileSync(path.join(CDK, file), "utf8");
    const { outputText } = ts.transpileModule(source, { compilerOptions: config.compilerOptions });
    fs.writeFileSync(path.join(COMPILED, file.replace(/\.ts$/, ".js")), outputText);
  }
}

/** What our program registers, by what it is. */
function registered(counts: string): { [name: string]: number } {
  const stacks: { [type: string]: number }[] = Object.values(JSON.parse(counts));
  const total = (of: (type: string) => boolean) =>
    stacks
      .flatMap((types) => Object.entries(types))
      .reduce((sum, [type, count]) => (of(type) ? sum + count : sum), 0);
  const component = (type: string) => type === "component";
  return {
    "registered by prod": total((type) => !component(type)),
    "and components": total(component),
  };
}

function synthesized(scratch: string): number {
  const templates = fs.readdirSync(scratch).filter((file) => file.endsWith(".template.json"));
  return templates.reduce((sum, file) => {
    const { Resources } = JSON.parse(fs.readFileSync(path.join(scratch, file), "utf8"));
    return sum + Object.keys(Resources).filter((id) => id !== "CDKMetadata").length;
  }, 0);
}

function versions(): { [name: string]: string } {
  const version = (directory: string, name: string) =>
    JSON.parse(fs.readFileSync(path.join(directory, "node_modules", name, "package.json"), "utf8"))
      .version;
  return {
    "@pulumi/pulumi": version(PROJECT, "@pulumi/pulumi"),
    "@pulumi/aws": version(PROJECT, "@pulumi/aws"),
    "aws-cdk-lib": version(__dirname, "aws-cdk-lib"),
  };
}

main();
