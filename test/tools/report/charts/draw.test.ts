import assert from "node:assert/strict";
import { draw, VARIANTS } from "../../../../tools/report/charts/draw";
import { chartsOf } from "../../../../tools/report/figure";
import { rehearsed, TAKEN_BACK } from "../stories";

const TEXT = { id: "one", label: 'a "label"', description: "it <rises>" };

function drawn(): string[] {
  return chartsOf(TAKEN_BACK).flatMap((chart) =>
    VARIANTS.map((variant) => draw(chart, variant, TEXT).markup),
  );
}

describe("draw", () => {
  it("draws each line in the color that the style sheet has for it", () => {
    for (const chart of chartsOf(TAKEN_BACK))
      for (const variant of VARIANTS) {
        const { markup } = draw(chart, variant, TEXT);
        for (const { tone } of chart.series)
          assert.match(
            markup,
            new RegExp(`<path d="M[^"]+" fill="none" stroke="var\\(--${tone}\\)"`),
          );
        for (const { label } of chart.thresholds) assert.ok(markup.includes(`>${label}</text>`));
      }
  });

  it("has no color of its own: all follow the page from light to dark", () => {
    for (const svg of drawn()) {
      const colors = [...svg.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, color]) => color);
      const fixed = colors.filter((color) => !/^(none|#000|var\(--[\w-]+\))$/.test(color ?? ""));
      assert.deepEqual(fixed, []);
      // What only says where to clip is black, and never seen.
      const visible = svg.replace(/<defs[\s\S]*<\/defs>/, "");
      assert.doesNotMatch(visible, /"#000"/);
    }
  });

  it("is named and described, with texts escaped", () => {
    for (const svg of drawn()) {
      assert.match(
        svg,
        /^<svg role="img" viewBox="0 0 \d+ \d+" aria-label="a &quot;label&quot;" aria-describedby="one-words"><desc id="one-words">it &lt;rises&gt;<\/desc>/,
      );
    }
  });

  it("has ids of its own, and nothing for a mouse", () => {
    for (const svg of drawn()) {
      const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? "");
      assert.ok(ids.length >= 2 && ids.every((id) => id.startsWith("one-")), `${ids}`);
      for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) assert.ok(ids.includes(id ?? ""));
      assert.doesNotMatch(svg, /class=|ecmeta|<style|pointer-events|xlink/);
    }
  });

  it("keeps its labels as they are while it rounds coordinates", () => {
    const svg = drawn().at(-1) ?? "";
    for (const label of ["0.01", "0.1", "10,000"])
      assert.ok(svg.includes(`>${label}</text>`), label);
    assert.doesNotMatch(svg, / d="[^"]*\.\d\d/);
  });

  it("draws the same for the same story, however much was drawn before", async () => {
    const [chart] = chartsOf(await rehearsed("bad-2"));
    const [variant] = VARIANTS;
    assert.ok(chart && variant);
    assert.deepEqual(draw(chart, variant, TEXT), draw(chart, variant, TEXT));
  });
});
