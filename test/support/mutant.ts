import { readdirSync, readFileSync } from "node:fs";
import Module from "node:module";
import { dirname, join } from "node:path";
import * as ts from "typescript";

/** One mistake in one place of a function's source. */
export interface Mutant {
  /** The mistake as a sentence. */
  mistake: string;
  /** Source file, without its ending, in `lambdas/`. */
  file: string;
  /** What stands there once. */
  from: string;
  to: string;
}

const LAMBDAS = join(__dirname, "..", "..", "lambdas");
/** The functions that mistakes are planted in. */
const FOLDERS = ["cutover", "switchover"];

const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
};

type Exports = { [name: string]: unknown };

/**
 * The functions' modules as whoever imports this file imports them. Taken now: other tests empty
 * Node's cache of modules, and what is required later is then not what the simulation runs.
 */
const ORIGINALS: { [file: string]: Exports } = Object.fromEntries(
  FOLDERS.flatMap((folder) =>
    readdirSync(join(LAMBDAS, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.startsWith("aws"))
      .map((name) => join(folder, name))
      .map((name) => [name.slice(0, -".ts".length), require(join(LAMBDAS, name)) as Exports]),
  ),
);

/** Runs something with the mistake in place of the source; nothing on disk changes. */
export function withMutant<T>(mutant: Mutant, run: () => Promise<T>): Promise<T> {
  return withMutants([mutant], run);
}

/** The same with a mistake that is in several places: a check may have to go with what it checks. */
export function withMutants<T>(mutants: Mutant[], run: () => Promise<T>): Promise<T> {
  const [first] = mutants;
  if (first === undefined) return run();
  const isHere = ({ file }: Mutant) => file === first.file;
  const others = mutants.filter((mutant) => !isHere(mutant));
  return withMistakesIn(first.file, mutants.filter(isHere), () => withMutants(others, run));
}

async function withMistakesIn<T>(
  file: string,
  mutants: Mutant[],
  run: () => Promise<T>,
): Promise<T> {
  const path = join(LAMBDAS, `${file}.ts`);
  const original = ORIGINALS[file];
  if (original === undefined) throw new Error(`mutant "${mutants[0]?.mistake}": no ${file}.ts`);
  const kept = { ...original };
  const mutated = compile(path, mutants.reduce(mutate, readFileSync(path, "utf8")));
  // Whoever imported the module reads its functions from there at each call.
  const functions = Object.keys(mutated).filter((name) => typeof mutated[name] === "function");
  for (const name of functions) original[name] = mutated[name];
  try {
    return await run();
  } finally {
    for (const name of functions) original[name] = kept[name];
  }
}

export function mutate(source: string, { mistake, file, from, to }: Mutant): string {
  const times = source.split(from).length - 1;
  if (times !== 1)
    throw new Error(`mutant "${mistake}": in ${file}.ts stands ${times} times, not once: ${from}`);
  return source.replace(from, () => to);
}

function compile(path: string, source: string): Exports {
  const { outputText } = ts.transpileModule(source, { compilerOptions: COMPILER_OPTIONS });
  const compiled = new Module(path, module) as Module & {
    _compile(code: string, file: string): void;
  };
  compiled.filename = path;
  compiled.paths = module.paths.concat(dirname(path));
  compiled._compile(outputText, path);
  return compiled.exports as Exports;
}
