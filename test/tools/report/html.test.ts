import assert from "node:assert/strict";
import { escapeHtml, html, trusted } from "../../../tools/report/html";

describe("html", () => {
  it("escapes what stands in its places, in texts and in attributes", () => {
    const { markup } = html`<a title="${`"'<>&`}">${"<script>"}</a>`;
    assert.equal(markup, '<a title="&quot;&#39;&lt;&gt;&amp;">&lt;script&gt;</a>');
  });

  it("takes markup, lists and numbers as they are, and nothing for undefined", () => {
    const items = ["a", "<b>"].map((text) => html`<li>${text}</li>`);
    const { markup } = html`<ul>${items}</ul>${undefined}${7}${trusted("<br />")}${["x", "&"]}`;
    assert.equal(markup, "<ul><li>a</li><li>&lt;b&gt;</li></ul>7<br />x&amp;");
  });

  it("leaves no character that HTML forbids", () => {
    assert.equal(escapeHtml("a\u0000b\u001bc\u009fd\te\nf"), "a\ufffdb\ufffdc\ufffdd\te\nf");
  });

  it("leaves no character that turns the direction of what follows it", () => {
    assert.equal(escapeHtml("a\u202eb\u2067c"), "a\ufffdb\ufffdc");
  });
});
