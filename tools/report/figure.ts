import type { Story } from "../../simulation/story";
import { clock } from "../terminal/texts";
import type { Chart, Series } from "./charts/chart";
import { draw, VARIANTS, type Variant } from "./charts/draw";
import { evidenceChart } from "./charts/evidence";
import { endOf, writersOf } from "./charts/points";
import { failedChart, slowChart } from "./charts/shares";
import { weightsChart } from "./charts/weights";
import type { Happening } from "./happenings";
import { html, type Markup } from "./html";
import { type Mark, placeMarks } from "./marks";
import { listed } from "./words";

/** All charts of a story, in the order in which they stand; none where nothing ever ran. */
export function chartsOf(story: Story): Chart[] {
  if (story.samples.length === 0) return [];
  const charts = [weightsChart(story), failedChart(story), slowChart(story), evidenceChart(story)];
  return charts.filter((chart) => chart !== undefined);
}

/** A chart with title, legend and marks, drawn in each size; the style sheet shows one. */
export function chartFigure(
  chart: Chart,
  story: Story,
  happenings: readonly Happening[],
  id: string,
): Markup {
  const strip = chart.name === "weights" ? writerStrip(story) : undefined;
  const drawings = VARIANTS.map((variant) => {
    const text = {
      id: `${id}-${chart.name}-${variant.name}`,
      label: `${chart.title}, ${chart.unit}, over time`,
      description: chart.inWords,
    };
    const lanes = lanesOf(happenings, chart, variant, id);
    return html`<div class="${variant.name}">${lanes}${draw(chart, variant, text)}${strip?.(variant)}</div>`;
  });
  return html`<figure class="chart">
<figcaption class="title"><h3>${chart.title}<small class="unit">${chart.unit}</small></h3>${legend(chart)}</figcaption>
${drawings}
</figure>
`;
}

function legend({ series, waits }: Chart): Markup {
  const wait = waits.length === 0 ? undefined : html`<li><i class="key band"></i>write pause</li>`;
  return html`<ul class="legend">${series.map(legendEntry)}${wait}</ul>`;
}

function legendEntry({ name, tone, dash }: Series): Markup {
  return html`<li><i class="key ${tone} ${dash}"></i>${name}</li>`;
}

const LANES = { world: "What the world did", decision: "What was decided" };

/** What was decided stands in one lane, what the world did in another above it. */
function lanesOf(
  happenings: readonly Happening[],
  { name, endSeconds }: Chart,
  variant: Variant,
  id: string,
): Markup[] {
  return (["world", "decision"] as const)
    .map((kind) => ({ kind, of: happenings.filter((one) => one.kind === kind) }))
    .map(({ kind, of }) => ({ kind, marks: placeMarks(of, endSeconds, variant) }))
    .filter(({ marks }) => marks.length > 0)
    .map(({ kind, marks }) => {
      const shown = marks.map((mark) => markMarkup(mark, variant, id, name === "weights"));
      // The first chart's marks are links; to say them again at each other chart would help nobody.
      return name === "weights"
        ? html`<div class="lane" role="group" aria-label="${LANES[kind]}">${shown}</div>`
        : html`<div class="lane" aria-hidden="true">${shown}</div>`;
    });
}

function markMarkup(
  { label, x, happenings }: Mark,
  { width }: Variant,
  id: string,
  isLink: boolean,
): Markup {
  const [first] = happenings;
  const tone = happenings.some(isRollback) ? "bad" : (first?.kind ?? "decision");
  const place = html`class="mark ${tone}" style="left:${percent(x / width)}" title="${titleOf(happenings)}"`;
  return isLink
    ? html`<a href="#${id}-${first?.label}" ${place}>${label}</a>`
    : html`<span ${place}>${label}</span>`;
}

function isRollback(happening: Happening): boolean {
  return happening.kind === "decision" && happening.decision.code === "roll-back";
}

function titleOf(happenings: Happening[]): string {
  return happenings.map((one) => `${clock(one.atSeconds)} ${saidBriefly(one)}`).join("\n");
}

function saidBriefly(happening: Happening): string {
  if (happening.kind === "world") return happening.what;
  return `${happening.decision.code} (${happening.decision.who})`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))}%`;
}

/** Which cluster took the writes, below the plot; undefined where it was always the same one. */
function writerStrip({ samples }: Story): ((variant: Variant) => Markup) | undefined {
  const writers = writersOf(samples);
  const endSeconds = endOf(samples);
  if (writers.length < 2) return undefined;
  const inWords = listed(
    writers.map(({ color, fromSeconds }) => `${color} from ${clock(fromSeconds)}`),
  );
  return ({ width, left, right }) => {
    const padding = html`padding-left:${percent(left / width)};padding-right:${percent(right / width)}`;
    const parts = writers.map(
      ({ color, fromSeconds, toSeconds }) =>
        html`<span class="part ${color}" style="width:${percent((toSeconds - fromSeconds) / endSeconds)}">database writer: ${color}</span>`,
    );
    return html`<div class="strip" style="${padding}" role="img" aria-label="${`Database writer: ${inWords}`}">${parts}</div>`;
  };
}
