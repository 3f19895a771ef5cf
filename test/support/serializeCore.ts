/**
 * A program of its own: serializes everything that the modules under a folder export, as a
 * deployment serializes a handler, and prints a module that exports it all again. In its own process,
 * because the serializer leaves out what has the name of a global, and a test runner has globals.
 * Usage: serializeCore.ts <folder>
 */
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";

async function main(folder: string): Promise<void> {
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  const modules: { [file: string]: object } = {};
  // Copies of the exports: the serializer would make a mere `require` of a module itself.
  for (const file of files.filter((name) => name.endsWith(".ts")).sort())
    modules[file] = { ...require(path.resolve(folder, file)) };
  const options = { exportName: "modules", isFactoryFunction: true };
  const { text } = await pulumi.runtime.serializeFunction(() => modules, options);
  process.stdout.write(text);
}

main(process.argv[2] ?? "").catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
