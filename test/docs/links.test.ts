import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { anchorsOf, linksOf, type Page, ROOT, readPages } from "./support/pages";

const PAGES = readPages();

/** What is wrong with a link of the page, as a sentence; undefined if nothing is. */
function mistakeOf(page: Page, link: string): string | undefined {
  if (/^https:\/\//.test(link)) return URL.canParse(link) ? undefined : "is no address";
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? join(ROOT, page.path) : join(ROOT, dirname(page.path), path);
  if (relative(ROOT, target).startsWith("..")) return "leads out of the repository";
  if (!existsSync(target)) return "leads nowhere";
  if (anchor === undefined || statSync(target).isDirectory()) return undefined;
  const name = relative(ROOT, target).split("\\").join("/");
  const other = PAGES.find(({ path }) => path === name);
  if (other === undefined) return undefined;
  return anchorsOf(other.text).includes(anchor) ? undefined : "leads to no heading";
}

describe("the links of the documentation", () => {
  for (const page of PAGES)
    it(`of ${page.path} lead somewhere`, () => {
      const wrong = linksOf(page.text).flatMap((link) => {
        const mistake = mistakeOf(page, link);
        return mistake === undefined ? [] : [`${link} ${mistake}`];
      });
      assert.deepEqual(wrong, []);
    });

  it("lead to every page under docs, from the index or a page that it names", () => {
    const index = (path: string) => PAGES.find((page) => page.path === path)?.text ?? "";
    const from = (folder: string, text: string) =>
      linksOf(text).map((link) =>
        join(folder, link.split("#")[0] ?? "")
          .split("\\")
          .join("/"),
      );
    const reached = [
      ...from("docs", index("docs/README.md")),
      ...from("docs/decisions", index("docs/decisions/README.md")),
    ];
    const lost = PAGES.map(({ path }) => path)
      .filter((path) => path.startsWith("docs/") && path !== "docs/README.md")
      .filter((path) => !reached.includes(path));
    assert.deepEqual(lost, []);
  });

  it("are found wrong where they are wrong", () => {
    const page = { path: "docs/made-up.md", text: "" };
    assert.equal(mistakeOf(page, "nowhere.md"), "leads nowhere");
    assert.equal(mistakeOf(page, "../README.md#no-such-heading"), "leads to no heading");
    assert.equal(mistakeOf(page, "../../else.md"), "leads out of the repository");
    assert.equal(mistakeOf(page, "../README.md#a-release"), undefined);
    assert.deepEqual(linksOf("see [a](b.md#c), `[no](d.md)`\n```sh\n[no](e.md)\n```\n"), [
      "b.md#c",
    ]);
    assert.deepEqual(anchorsOf("# One, `two` & three\n## Same\n## Same\n"), [
      "one-two--three",
      "same",
      "same-1",
    ]);
  });
});
