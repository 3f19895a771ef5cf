import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FIELDS } from "../../../stacks/fields";
import { SECTIONS } from "../../../tools/docs/changes";
import { configurationPage } from "../../../tools/docs/configuration";
import { CONFIGURATION_PAGE, readSources } from "../../../tools/docs/sources";

const ROOT = join(__dirname, "..", "..", "..");

/** The row of a key, cell by cell. */
function rowOf(page: string, key: string): string[] {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${key}\` |`)) ?? "";
  return row.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

describe("the configuration's page", () => {
  it("is as the sources make it now; tools/docs.ts writes it", () => {
    assert.equal(
      readFileSync(join(ROOT, CONFIGURATION_PAGE), "utf8"),
      configurationPage(readSources(ROOT)),
    );
  });

  it("has each key once, and no other", () => {
    const told = SECTIONS.flatMap(({ changes }) => Object.keys(changes));
    assert.deepEqual(told.sort(), Object.keys(FIELDS).sort());
  });

  it("shows a key's description, what is allowed, its default, and both stacks' values", () => {
    const cells = rowOf(configurationPage(readSources(ROOT)), "natGateways");
    assert.match(cells[2] ?? "", /survives the loss of a zone.*one-per-zone or single/);
    assert.deepEqual(cells.slice(3, 6), ["string, `one-per-zone`", "`single`", "`one-per-zone`"]);
  });

  it("shows the value of the stack that owns the layer, and both where both own it", () => {
    const sources = readSources(ROOT);
    const page = configurationPage({
      ...sources,
      prod: { config: { ...sources.prod.config, "payments:vpcCidr": "10.99.0.0/16" } },
      prodBase: { config: { ...sources.prodBase.config, "payments:taskCpu": 4096 } },
    });
    assert.equal(rowOf(page, "vpcCidr")[5], "`10.20.0.0/16`");
    assert.equal(rowOf(page, "taskCpu")[5], "`1024`");
    assert.equal(rowOf(page, "upstream")[5], "prod-base: empty; prod: `prod-base`");
  });

  it("keeps a table's row whole, whatever a description holds", () => {
    const sources = readSources(ROOT);
    const description = "One | two\nthree <four>";
    const page = configurationPage({
      ...sources,
      project: { config: { ...sources.project.config, live: { description } } },
    });
    assert.match(page, /\| One \\\| two three &lt;four> \*Allowed:\* blue or green\. \|/);
  });
});
