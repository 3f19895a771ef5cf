import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { reportHtml } from "../../../tools/report/report";
import {
  HOSTILE,
  MIGRATED,
  NASTY,
  REFUSED,
  rehearsed,
  STUCK,
  story,
  TAKEN_BACK,
  WAITED,
} from "./stories";

/** What a person reads, without tags and with entities resolved. */
function textOf(page: string): string {
  return page
    .replace(/<(style|title|desc)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

function count(page: string, pattern: RegExp): number {
  return [...page.matchAll(new RegExp(pattern, "g"))].length;
}

describe("reportHtml", () => {
  it("answers first how it ended, how long it took, whom it hurt, and how fast it was over", () => {
    const page = reportHtml([TAKEN_BACK]);
    const text = textOf(page);
    assert.match(
      text,
      /taken-back ↩ rolled back Payments were taken back to blue after 1 min 10 s; the release hurt 40 payments, 38 s from fault to rollback\./,
    );
    assert.match(page, /<title>taken-back: Payments were taken back to blue /);
    assert.match(text, /It ended as expected\./);
  });

  it("shows four charts, each in two sizes, and the decisions with the charts' numbers", async () => {
    const { rehearsal } = await rehearsed("bad-2");
    const page = reportHtml([await rehearsed("bad-2")]);
    assert.equal(count(page, /<svg role="img"/), 8);
    for (const title of ["Weights", "Failed payments", "Slow payments", "Evidence"])
      assert.ok(page.includes(`<h3>${title}<small`), title);
    assert.equal(count(page, /<tr role="row" class="row/), rehearsal.decisions.length + 1);
    const text = textOf(page);
    for (const { reason } of rehearsal.decisions) assert.ok(text.includes(reason), reason);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g))
      assert.ok(page.includes(` id="${target}"`), `a mark leads to ${target}`);
    assert.match(page, /href="#story-1-2" class="mark bad"/);
  });

  it("tells the plan, the limits, how to see it again, and what is a model", () => {
    const changed = "Here its step with 50 % moves the writer.";
    const text = textOf(reportHtml([{ ...WAITED, changed }]));
    assert.match(text, /Of the payments 10 % for 5 min, .* 15 min\. Here its step with 50 % moves/);
    assert.match(text, /At most 10 of a thousand payments may fail/);
    assert.match(
      text,
      /npm run rehearse -- --scenario handmade --stack prod --seed 7 --payments-per-hour 50000/,
    );
    assert.match(text, /What is real here, and what is a model .*No AWS account was touched\./);
  });

  it("shows a write pause as a band, with the writer below", () => {
    const page = reportHtml([WAITED]);
    assert.equal(count(page, /fill="var\(--wait\)"/), 8, "in each chart");
    assert.match(page, /aria-label="Database writer: blue from 0:00:00 and green from 0:05:10"/);
    assert.doesNotMatch(reportHtml([TAKEN_BACK]), /--wait\)"|Database writer:/);
  });

  it("shows a migration's share of the clients, in charts and decisions", () => {
    const text = textOf(reportHtml([MIGRATED]));
    assert.match(text, /100 \/ 0 % 2 % on AWS migrate · operator/);
    assert.match(text, /on-premises to AWS, where blue is live/);
    assert.match(text, /clients on AWS/);
  });

  it("has no chart of what never ran, and none of payments that never came", () => {
    const refused = reportHtml([REFUSED]);
    assert.equal(count(refused, /<svg/), 0);
    assert.match(textOf(refused), /Nothing ran, so there is no chart\./);
    assert.match(textOf(refused), /✕ refused expected: completed/);
    const stuck = reportHtml([STUCK]);
    assert.equal(count(stuck, /<svg/), 4, "weights and evidence");
    assert.match(textOf(stuck), /No payment came/);
  });

  it("puts several stories side by side first, each with a link, and names the unexpected", () => {
    const stories = [TAKEN_BACK, STUCK, story({ scenario: { name: "another" } })];
    const page = reportHtml(stories);
    const [overview] = /<table class="overview">[\s\S]*?<\/table>/.exec(page) ?? [""];
    assert.ok(page.indexOf("overview") < page.indexOf("<article"));
    stories.forEach(({ scenario }, index) => {
      assert.ok(overview.includes(`<a href="#story-${index + 1}">${scenario.name}</a>`));
      assert.ok(page.includes(`<article class="panel" id="story-${index + 1}"`));
    });
    assert.match(textOf(overview), /taken-back seed 7 ↩ rolled back 40 38 s 1 min 10 s none/);
    assert.match(
      textOf(page),
      /3 rehearsals on stack prod 2 of 3 ended as expected; stuck did not\./,
    );
    assert.equal(count(reportHtml([TAKEN_BACK]), /class="overview"/), 0);
  });

  it("says so when there is nothing to tell", () => {
    assert.match(textOf(reportHtml([])), /No rehearsal Nothing was rehearsed\./);
  });

  it("escapes every text, wherever it stands", () => {
    const page = reportHtml([HOSTILE, HOSTILE]);
    assert.doesNotMatch(page, /<script|<img/);
    assert.equal(count(page, /\bonerror='/), 0);
    const told = NASTY.replaceAll("\u0000", "\ufffd").replaceAll("\u202e", "\ufffd");
    // Name and description, stack, incident, reasons, code, approval.
    assert.ok(textOf(page).split(told.replace(/\s+/g, " ")).length > 10);
  });

  it("asks for nothing outside itself", () => {
    const page = reportHtml([TAKEN_BACK, MIGRATED]);
    assert.doesNotMatch(page, /\s(?:src|href|action|data|poster)=(?!"(?:#|data:,))/);
    assert.doesNotMatch(page, /@import|url\((?!#)/);
    assert.doesNotMatch(page, /<(?:script|iframe|object|embed|base)\b/);
    assert.match(page, /content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;/);
  });

  it("gives the same page for the same stories, and says when it was made if it is told", () => {
    assert.equal(reportHtml([WAITED, TAKEN_BACK]), reportHtml([WAITED, TAKEN_BACK]));
    assert.doesNotMatch(reportHtml([REFUSED]), /Made/);
    const madeAt = new Date(Date.UTC(2026, 4, 6, 7, 8));
    assert.match(textOf(reportHtml([REFUSED], { madeAt })), /Made 2026-05-06 07:08 UTC/);
  });

  it("leaves nothing behind that keeps a process alive", () => {
    const script = `const { reportHtml } = require("./tools/report/report");
      const story = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
      process.stdout.write(reportHtml([story]));`;
    const given = ["-r", "ts-node/register/transpile-only", "-e", script];
    const { stdout, error, status } = spawnSync(process.execPath, given, {
      input: JSON.stringify(TAKEN_BACK),
      encoding: "utf8",
      timeout: 60_000,
    });
    assert.equal(error, undefined, "it ends by itself");
    assert.equal(status, 0);
    assert.equal(stdout, reportHtml([TAKEN_BACK]));
  }).timeout(90_000);

  it("stays small, whatever the length", async () => {
    for (const name of ["good-release", "switchover"]) {
      const { length } = reportHtml([await rehearsed(name)]);
      assert.ok(length < 150_000, `${name}: ${length}`);
    }
    // A sample each second for 4 hours.
    assert.ok(reportHtml([MIGRATED]).length < 150_000);
  });
});
