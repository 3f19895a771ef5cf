import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./support/pages";

const PAGE = readFileSync(join(ROOT, "docs", "runbooks", "pipeline.md"), "utf8");
const FOLDER = join(ROOT, ".github", "workflows");
const WORKFLOWS = readdirSync(FOLDER);

function namesIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name))].sort();
}

describe("docs/runbooks/pipeline.md", () => {
  it("has each workflow, and no other", () => {
    assert.deepEqual(
      namesIn(PAGE, /^\| `\.github\/workflows\/([\w.-]+)` \|/gm),
      [...WORKFLOWS].sort(),
    );
  });

  it("has each variable that a workflow reads, and no other", () => {
    const all = WORKFLOWS.map((file) => readFileSync(join(FOLDER, file), "utf8")).join("\n");
    assert.deepEqual(namesIn(PAGE, /^\| `([A-Z_]+)` \|/gm), namesIn(all, /\bvars\.([A-Z_]+)/g));
  });
});
