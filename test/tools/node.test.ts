import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FAST_START = join(__dirname, "..", "..", "tools", "node", "fast-start.cjs");

/** The types are gone from what runs, so that line numbers of what runs are not those of the source. */
const SOURCE = `interface Unused {
  one: string;
  two: string;
}
const answer: Unused | undefined = undefined;
type Other = Unused;
setTimeout((): void => {
  throw new Error("on line eight");
}, 1);
`;

describe("fast-start.cjs", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fast-start-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(source: string) {
    const file = join(folder, "program.ts");
    writeFileSync(file, source);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-r", FAST_START, file], {
      encoding: "utf8",
      cwd: join(__dirname, "..", ".."),
    });
    return { status, stdout, stderr };
  }

  it("shows an error's line in the TypeScript source, compiled now or read from the cache", () => {
    for (const time of ["compiled", "read"]) {
      const { status, stderr } = run(SOURCE);
      assert.notEqual(status, 0);
      assert.match(stderr, /Error: on line eight\n\s+at .*program\.ts:8:\d+/, `${time}: ${stderr}`);
    }
  });

  it("runs the source as it is now, not as it was", () => {
    assert.equal(run('console.log("first");').stdout, "first\n");
    assert.equal(run('console.log("second");').stdout, "second\n");
    assert.equal(run('console.log("second");').stdout, "second\n");
  });
});
