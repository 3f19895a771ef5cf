import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { VERBS } from "../../lambdas/cutover/contract";
import { decisionCodes } from "./support/decisionCodes";
import { ROOT } from "./support/pages";

const PAGE = readFileSync(join(ROOT, "docs", "cutover.md"), "utf8");

function section(heading: string): string {
  const [, rest = ""] = PAGE.split(`\n## ${heading}\n`);
  return rest.split("\n## ")[0] ?? "";
}

describe("docs/cutover.md", () => {
  it("has every code that a decision of the controller can have, once, and no other", () => {
    const rows = [...section("Every decision, by its code").matchAll(/^\| `([a-z-]+)` \|/gm)];
    assert.deepEqual(rows.map(([, code]) => code).sort(), decisionCodes());
  });

  it("finds codes of every kind in the sources", () => {
    const codes = decisionCodes();
    for (const code of ["latched", "hold-unproven", "gate-refuse", "heal-dns", "store-unknown"])
      assert.ok(codes.includes(code), code);
  });

  it("has each phase, and only verbs that there are", () => {
    const rows = [...section("Where it can stand").matchAll(/^\| `([a-z-]+)` \| .* \| (.*) \|$/gm)];
    assert.deepEqual(
      rows.map(([, phase]) => phase),
      ["idle", "shifting", "rolling-back", "rolled-back", "migrating", "migrating-back"],
    );
    const named = rows.flatMap(([, , can = ""]) => [...can.matchAll(/`([a-z-]+)`/g)]);
    const known: readonly string[] = [...VERBS, "shifting"];
    for (const [, verb = ""] of named) assert.ok(known.includes(verb), verb);
  });
});
