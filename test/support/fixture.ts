import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DIRECTORY } from "./program";

export interface Fixture {
  /** Holds Pulumi.yaml. */
  directory: string;
  /** Adds or replaces a file. */
  write(file: string, content: string): void;
  remove(): void;
}

/** A small Pulumi project in a folder of its own: files by name, beside this repository's packages. */
export function makeFixture(files: { [name: string]: string }): Fixture {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "payments-fixture-")));
  for (const shared of ["node_modules", "tsconfig.json"])
    fs.symlinkSync(path.join(DIRECTORY, shared), path.join(directory, shared));
  const write = (file: string, content: string) => {
    fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    fs.writeFileSync(path.join(directory, file), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { directory, write, remove: () => fs.rmSync(directory, { recursive: true }) };
}
