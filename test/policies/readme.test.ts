import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../policies/core/catalogue";
import { RULES, THEMES } from "../../policies/rules";
import { DIRECTORY } from "../support/program";

const FILE = join(DIRECTORY, "policies", "README.md");
const TABLES = /(<!-- rules:[^>]*-->\n)[\s\S]*(<!-- end of the rules -->)/;

describe("the policies' README", () => {
  it("lists every rule with its controls, up to date (UPDATE_GOLDEN=1 rewrites it)", () => {
    const text = readFileSync(FILE, "utf8");
    const current = text.replace(TABLES, `$1\n${catalogue(THEMES)}\n\n$2`);
    assert.notEqual(text.match(TABLES), null);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(FILE, current);
    assert.equal(readFileSync(FILE, "utf8"), current);
    for (const { id } of RULES) assert.ok(current.includes(`| \`${id}\` |`), id);
  });

  it("names no rule that there is not", () => {
    const named = [...readFileSync(FILE, "utf8").matchAll(/`([a-z0-9]+(?:-[a-z0-9]+)+)`/g)];
    const known = new Set(RULES.map(({ id }) => id));
    assert.deepEqual(
      named.map(([, id = ""]) => id).filter((id) => !known.has(id) && id !== "node-modules"),
      [],
    );
  });
});
