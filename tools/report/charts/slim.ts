import { html } from "../html";

/** What a chart is called, and what it shows in words. */
export interface FigureText {
  /** Unique on the page; begins the ids of what is in the drawing. */
  id: string;
  label: string;
  description: string;
}

/**
 * What ECharts drew, ready to stand in a page beside others: named for those who do not see it, with ids
 * of its own, without what only a mouse over a live chart needs, and with coordinates as exact as a pixel is.
 */
export function slimSvg(drawn: string, { id, label, description }: FigureText): string {
  const size = /<svg width="(\d+)" height="(\d+)"/.exec(drawn);
  const inside = drawn
    .replace(/^<svg[^>]*>/, "")
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/<rect [^>]*fill="none"[^>]*><\/rect>/g, "")
    .replace(/ (?:class|pointer-events|xml:space|ecmeta_\w+|stroke-linecap)="[^"]*"/g, "")
    .replace(/ style="font-size:(\d+)px;font-family:[^"]*"/g, ' font-size="$1"')
    .replace(/zr\d+-(c\d+)/g, `${id}-$1`)
    .replace(/ (?:d|points|transform|x|y)="[^"]*"/g, rounded)
    .replace(/><\/(?:path|rect|polygon|polyline)>/g, "/>")
    .replace(/\n+/g, "\n");
  const named = html`<svg role="img" viewBox="0 0 ${size?.[1]} ${size?.[2]}" aria-label="${label}" aria-describedby="${id}-words"><desc id="${id}-words">${description}</desc>`;
  return named.markup + inside;
}

function rounded(attribute: string): string {
  return attribute.replace(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))));
}
