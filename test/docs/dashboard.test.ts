import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ALARM_KINDS } from "../../components/observability/alarmNames";
import { ROOT } from "./support/pages";

const FOLDER = join(ROOT, "components", "observability");
const PAGE = readFileSync(join(ROOT, "docs", "runbooks", "dashboard.md"), "utf8");

describe("docs/runbooks/dashboard.md", () => {
  it("has a row for each widget of the dashboard, and no other", () => {
    const titles = readdirSync(FOLDER).flatMap((file) =>
      [...readFileSync(join(FOLDER, file), "utf8").matchAll(/title: "([^"]+)"/g)].map(
        ([, title]) => title,
      ),
    );
    const [, rows = ""] = PAGE.split("## Rows");
    const told = [...(rows.split("\n## ")[0] ?? "").matchAll(/^\| ([A-Z][^|]*?) \|/gm)];
    assert.ok(titles.length > 10);
    assert.deepEqual(told.map(([, title]) => title).sort(), titles.sort());
  });

  it("has each alarm that moves payments", () => {
    for (const kind of ALARM_KINDS)
      assert.match(PAGE, new RegExp(`^\\| \`payments-${kind}\``, "m"));
  });
});
