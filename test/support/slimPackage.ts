import assert from "node:assert/strict";
import type { LambdaPackage } from "./lambda";

/**
 * Tests of what is uploaded for a function.
 * @param files read when a test runs
 * @param modules what it requires, in alphabetical order
 */
export function slimPackage(
  files: () => LambdaPackage,
  largestBytes: number,
  modules: string[],
): void {
  it("is one small file, with nothing of node_modules, of Pulumi or of this machine", () => {
    assert.deepEqual(Object.keys(files()), ["__index.js"]);
    const text = files()["__index.js"] ?? "";
    const bytes = Buffer.byteLength(text);
    assert.ok(bytes > 0 && bytes <= largestBytes, `${bytes} bytes`);
    assert.doesNotMatch(text, new RegExp(`@pulumi|${process.cwd()}`));
  });

  it("requires what Lambda brings along, and nothing else", () => {
    const required = [...(files()["__index.js"] ?? "").matchAll(/require\(([^)]*)\)/g)];
    assert.deepEqual(
      [...new Set(required.map(([, what]) => what))].sort(),
      modules.map((name) => `"${name}"`),
    );
  });
}
