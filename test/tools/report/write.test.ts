import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkWritable, WriteError, writeReport } from "../../../tools/report/write";

describe("writeReport", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "report-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Both say the same, one of them before a rehearsal takes its time. */
  function assertRefused(path: string, said: RegExp): void {
    for (const attempt of [() => writeReport(path, "new"), () => checkWritable(path)])
      assert.throws(attempt, (error: Error) => {
        assert.ok(error instanceof WriteError, error.stack);
        assert.match(error.message, said);
        assert.ok(error.message.includes(path), error.message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
  }

  it("writes a new file, and in the place of an old one", () => {
    const path = join(folder, "report.html");
    checkWritable(path);
    writeReport(path, "old");
    writeReport(path, "ä new one");
    assert.equal(readFileSync(path, "utf8"), "ä new one");
    assert.deepEqual(readdirSync(folder), ["report.html"], "and leaves nothing beside it");
  });

  it("says that there is no such folder, and leaves nothing", () => {
    assertRefused(join(folder, "missing", "report.html"), /no folder .*missing.*mkdir -p/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("says that a folder stands there, or a file where a folder should", () => {
    mkdirSync(join(folder, "taken"));
    writeFileSync(join(folder, "file"), "");
    assertRefused(join(folder, "taken"), /that is a folder/);
    assertRefused(join(folder, "file", "report.html"), /file is not a folder/);
    assert.deepEqual(readdirSync(folder).sort(), ["file", "taken"]);
  });

  it("says that nobody may write there", () => {
    const locked = join(folder, "locked");
    mkdirSync(locked, { mode: 0o500 });
    // Root may write everywhere but where the kernel itself makes the files.
    const place = process.getuid?.() === 0 ? "/proc" : locked;
    assertRefused(join(place, "report.html"), /you may not write in \/.*Name a folder/);
  });
});
