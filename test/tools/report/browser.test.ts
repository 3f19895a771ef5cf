import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Story } from "../../../simulation/story";
import { reportHtml } from "../../../tools/report/report";
import { writeReport } from "../../../tools/report/write";
import { openBrowser } from "./browser";
import {
  beyondTheEdge,
  collisions,
  contrasts,
  drawnLines,
  elementsAsXml,
  elementsOfPage,
  shown,
} from "./pageChecks";
import { HOSTILE, MIGRATED, REFUSED, rehearsed, STUCK, TAKEN_BACK, WAITED } from "./stories";

const LEFT_OUT = "the report in a real browser";
const PHONE = { viewport: { width: 360, height: 740 } };

describe("a report in a browser", function () {
  this.timeout(120_000);
  let browser: Browser;
  let folder: string;
  let stories: Story[];
  let source: string;
  let url: string;

  before(async function () {
    browser = await openBrowser(this, LEFT_OUT);
    const real = await Promise.all(["bad-2", "switchover", "drift-by-hand"].map(rehearsed));
    stories = [...real, TAKEN_BACK, WAITED, MIGRATED, STUCK, REFUSED, HOSTILE];
    source = reportHtml(stories, { madeAt: new Date(Date.UTC(2026, 4, 6)) });
    folder = mkdtempSync(join(tmpdir(), "report-"));
    const file = join(folder, "report.html");
    writeReport(file, source);
    url = pathToFileURL(file).href;
  });

  after(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the report, and closes it when it has been looked at. */
  async function look<T>(
    options: BrowserContextOptions,
    at: (page: Page, complaints: string[]) => Promise<T>,
  ): Promise<T> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on("request", (request) => {
      if (request.url() !== url) complaints.push(`request: ${request.url()}`);
    });
    try {
      await page.goto(url);
      return await at(page, complaints);
    } finally {
      await context.close();
    }
  }

  it("opens from a file without an error, a warning, or any request", async () => {
    await look({ offline: true }, async (page, complaints) => {
      await page.waitForLoadState("networkidle");
      assert.deepEqual(complaints, []);
      assert.equal(await page.locator("article").count(), stories.length);
    });
  });

  it("is well-formed: a strict parser and the browser read the same elements", async () => {
    await look({}, async (page) => {
      const strict = await page.evaluate(elementsAsXml, source);
      assert.ok(strict.length > 1000, strict.join(" ").slice(0, 1000));
      assert.deepEqual(await page.evaluate(elementsOfPage), strict);
    });
  });

  for (const [name, options] of [
    ["on a desk", { viewport: { width: 1280, height: 900 } }],
    ["on a phone", PHONE],
  ] as const)
    it(`draws every line, and no label on another, ${name}`, async () => {
      await look(options, async (page) => {
        const { promised, missing } = await page.evaluate(drawnLines);
        // Two colors in three charts and two kinds of evidence make eight, in most stories.
        assert.ok(promised > 50, `${promised}`);
        assert.deepEqual(missing, []);
        const { labels, touching } = await page.evaluate(collisions);
        assert.ok(labels > 300, `${labels}`);
        assert.deepEqual(touching, []);
      });
    });

  it("needs no scrolling to the side, on any phone", async () => {
    for (const width of [320, 360, 414, 761])
      await look({ viewport: { width, height: 740 } }, async (page) => {
        assert.deepEqual(await page.evaluate(beyondTheEdge), [], `${width}`);
        const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(scrolled <= width, `${scrolled} in ${width}`);
      });
  });

  it("has enough contrast, in light and in dark", async () => {
    const papers: string[] = [];
    for (const colorScheme of ["light", "dark"] as const)
      for (const viewport of [{ width: 1280, height: 900 }, PHONE.viewport])
        await look({ colorScheme, viewport }, async (page) => {
          const { texts, weak } = await page.evaluate(contrasts);
          assert.ok(texts > 500, `${texts}`);
          assert.deepEqual(weak, [], colorScheme);
          papers.push((await page.evaluate(shown)).paper);
        });
    assert.equal(new Set(papers).size, 2, `${papers}`);
  });

  it("says in words what it shows", async () => {
    await look({}, async (page) => {
      const article = page.locator("article").nth(stories.indexOf(TAKEN_BACK));
      const spoken = await article.ariaSnapshot();
      for (const line of [
        /article "Payments were taken back to blue after 1\smin 10\ss; .* from fault to rollback\."/,
        /heading "Payments were taken back .*" \[level=2\]/,
        /heading "Weights.*" \[level=3\]/,
        /img "Weights, % of the payments, over time"/,
        /img "Evidence, what a stake of 1 has become, over time"/,
        /group "What was decided":/,
        /link "2":/,
        /table "Figures":/,
        /rowheader "Hurt because of the release"/,
        /table "What happened, and why":/,
        /columnheader "Blue \/ green"/,
        /checkbox "show 1 bake and hold in between"/,
      ])
        assert.match(spoken, line);
      const described = await article.locator("svg:visible").evaluateAll((drawings) =>
        drawings.map((drawing) => {
          const id = drawing.getAttribute("aria-describedby") ?? "";
          return document.getElementById(id)?.textContent ?? "";
        }),
      );
      assert.equal(described.length, 4);
      for (const words of described) assert.match(words, /^[A-Z].*\d.*\.$/);
    });
  });

  it("keeps its tables' meaning on a phone, where rows are blocks", async () => {
    await look(PHONE, async (page) => {
      const table = page.locator("article .happenings").nth(stories.indexOf(TAKEN_BACK));
      const spoken = await table.ariaSnapshot();
      assert.match(spoken, /- table "What happened, and why":/);
      assert.match(spoken, /rowheader "0:00:50"/);
      assert.match(spoken, /cell "roll-back · controller Rolled back to blue: .*"/);
    });
  });

  it("has headings in order, and a language", async () => {
    await look({}, async (page) => {
      const levels = await page
        .locator("h1, h2, h3, h4")
        .evaluateAll((headings) => headings.map(({ localName }) => Number(localName[1])));
      assert.equal(levels.filter((level) => level === 1).length, 1);
      levels.forEach((level, index) => {
        assert.ok(level <= (levels[index - 1] ?? 0) + 1, `${levels.slice(0, index + 1)}`);
      });
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
    });
  });

  it("shows what a step does all the time when it is asked for", async () => {
    await look({}, async (page) => {
      const article = page.locator("article").nth(0);
      assert.equal(await article.locator(".minor:visible").count(), 0);
      await article.getByRole("checkbox").check();
      const all = (stories[0]?.rehearsal.decisions ?? []).length;
      const minor = await article.locator(".minor:visible").count();
      assert.ok(minor > 0 && minor < all, `${minor} of ${all}`);
    });
  });

  it("leads from a mark to its decision, by keyboard too", async () => {
    await look({}, async (page) => {
      const mark = page.getByRole("link", { name: "2", exact: true }).first();
      await mark.focus();
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Tab");
      const outline = await mark.evaluate((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return `${outlineWidth} ${outlineStyle}`;
      });
      assert.equal(outline, "3px solid", "who goes there sees where");
      await page.keyboard.press("Enter");
      const row = page.locator("#story-1-2");
      assert.match(await row.innerText(), /roll-back/);
      assert.ok(await row.evaluate((element) => element.matches(":target")));
      const background = await row.evaluate((element) => getComputedStyle(element).backgroundColor);
      assert.notEqual(background, "rgba(0, 0, 0, 0)");
    });
  });

  it("prints everything, on white, in the wide drawing", async () => {
    await look({ ...PHONE, colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print" });
      const { rows, minor, wide, narrow, paper } = await page.evaluate(shown);
      const decisions = stories.reduce((sum, { rehearsal }) => sum + rehearsal.decisions.length, 0);
      assert.ok(rows >= decisions, `${rows} of ${decisions}`);
      assert.ok(minor > 20, `${minor}`);
      assert.ok(wide > 20, `${wide}`);
      assert.equal(narrow, 0);
      assert.equal(paper, "rgb(255, 255, 255)");
      const { weak } = await page.evaluate(contrasts);
      assert.deepEqual(weak, []);
    });
  });

  it("begins each story on a page of its own, and prints no blank one", async () => {
    await look({}, async (page) => {
      const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
      const pages = [...pdf.matchAll(/\/Type \/Page\b(?!s)/g)].length;
      assert.ok(pages > stories.length, `${pages} pages`);
      assert.ok(pages < 6 * stories.length, `${pages} pages`);
    });
  });
});
