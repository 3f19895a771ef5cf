import * as path from "node:path";
import type { Project } from "./project";

/** The program's own folders: state in its modules must not outlive an evaluation. */
const FOLDERS = ["stacks", "components", "lambdas"];

/** Loads the program afresh, as a new process would, and returns what it exports. */
export function loadProgram({ directory, main }: Project): unknown {
  const own = [main, ...FOLDERS.map((folder) => path.join(directory, folder) + path.sep)];
  for (const file of Object.keys(require.cache))
    if (own.some((place) => file.startsWith(place))) delete require.cache[file];
  const exported: unknown = require(main);
  return exported instanceof Function ? exported() : exported;
}
