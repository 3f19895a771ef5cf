import * as path from "node:path";
import { REGISTER_INSTANCE } from "ts-node";
import type { Project } from "./project";

/** The program's own folders: state in its modules must not outlive an evaluation. */
const FOLDERS = ["stacks", "components", "lambdas"];

/** Loads the program afresh, as a new process would, and returns what it exports. */
export function loadProgram({ directory, main }: Project): unknown {
  keepCompiled();
  const own = [main, ...FOLDERS.map((folder) => path.join(directory, folder) + path.sep)];
  for (const file of Object.keys(require.cache))
    if (own.some((place) => file.startsWith(place))) delete require.cache[file];
  const exported: unknown = require(main);
  return exported instanceof Function ? exported() : exported;
}

const compiled = new Map<string, { source: string; output: string }>();
let keeping = false;

/** Loading afresh need not mean compiling afresh: that is half a second for a second stack. */
function keepCompiled(): void {
  const compiler = process[REGISTER_INSTANCE];
  if (keeping || compiler === undefined) return;
  keeping = true;
  const compile = compiler.compile;
  compiler.compile = (source, file, ...rest) => {
    const kept = compiled.get(file);
    if (kept?.source === source) return kept.output;
    const output = compile(source, file, ...rest);
    compiled.set(file, { source, output });
    return output;
  };
}
