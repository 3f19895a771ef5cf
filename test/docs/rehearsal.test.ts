import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE } from "../../simulation/catalogue";
import { readArguments } from "../../tools/rehearse/arguments";

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "rehearsal.md"), "utf8");

describe("docs/rehearsal.md", () => {
  it("has every scenario as it is, in its order", () => {
    const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"));
    assert.deepEqual(
      rows,
      CATALOGUE.map(
        ({ name, description, expected }) => `| \`${name}\` | ${description} | ${expected} |`,
      ),
    );
  });

  it("has only commands that can be run", () => {
    const commands = [...PAGE.matchAll(/^npm run rehearse(?: -- ([^#\n]*))?/gm)];
    assert.ok(commands.length >= 6);
    for (const [command, given = ""] of commands) {
      const asked = readArguments(given.split(/\s+/).filter((word) => word !== ""));
      assert.ok(!("exitCode" in asked), command);
    }
  });
});
