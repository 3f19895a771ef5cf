import type { EChartsOption, LineSeriesOption } from "echarts";
import { type Markup, trusted } from "../html";
import { timeAxis } from "./axis";
import type { Chart, Dash, Series, Threshold } from "./chart";
import { type Place, placeLabels } from "./labels";
import { type FigureText, slimSvg } from "./slim";

/** A size in which each chart is drawn, in pixels: the style sheet shows one of them. */
export interface Variant {
  name: "wide" | "narrow";
  width: number;
  /** Left and right of the plot: the same in all charts, so that times stand below each other. */
  left: number;
  right: number;
  mostTicks: number;
  fontSize: number;
}

export const VARIANTS: readonly Variant[] = [
  { name: "wide", width: 880, left: 60, right: 20, mostTicks: 12, fontSize: 13 },
  { name: "narrow", width: 340, left: 54, right: 14, mostTicks: 5, fontSize: 12 },
];

const HEIGHTS: { [chart in Chart["name"]]: number } = {
  ...{ weights: 190, failed: 160, slow: 160, evidence: 220 },
};

/** Below the plot: labels of the ticks, and the axis' name. */
const BELOW = 42;
const ABOVE = 8;

/** The chart as an SVG that takes its colors from the page's style sheet. */
export function draw(chart: Chart, variant: Variant, text: FigureText): Markup {
  // Required here, because it takes time to load and nothing but a report needs it.
  const echarts: typeof import("echarts") = require("echarts");
  const size = { width: variant.width, height: HEIGHTS[chart.name] + ABOVE + BELOW };
  const drawing = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    drawing.setOption(optionOf(chart, variant));
    return trusted(slimSvg(drawing.renderToSVGString(), text));
  } finally {
    // A drawing that is not disposed of keeps the process alive.
    drawing.dispose();
  }
}

function optionOf(chart: Chart, variant: Variant): EChartsOption {
  const { left, right } = variant;
  return {
    animation: false,
    grid: { left, right, top: ABOVE, bottom: BELOW, outerBoundsMode: "none" },
    xAxis: timeOption(chart, variant),
    yAxis: valueOption(chart, variant),
    series: chart.series.map((series, index) =>
      index === 0 ? { ...lineOption(series), ...marksOption(chart, variant) } : lineOption(series),
    ),
  };
}

function timeOption(
  { endSeconds }: Chart,
  { mostTicks, fontSize }: Variant,
): EChartsOption["xAxis"] {
  const { ticks, unit, label } = timeAxis(endSeconds, mostTicks);
  return {
    type: "value",
    min: 0,
    max: endSeconds,
    name: `${unit} since the start`,
    nameLocation: "middle",
    nameGap: 26,
    nameTextStyle: { color: "var(--muted)", fontSize },
    axisLine: { show: true, onZero: false, lineStyle: { color: "var(--axis)" } },
    axisTick: { show: true, lineStyle: { color: "var(--axis)" }, customValues: ticks },
    axisLabel: { color: "var(--muted)", fontSize, customValues: ticks, formatter: label },
    splitLine: { show: false },
  };
}

/** One for all labels: to make one takes longer than to use it. */
const NUMBERS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });

function valueOption({ values }: Chart, { fontSize }: Variant): EChartsOption["yAxis"] {
  const { kind, min, max, ticks } = values;
  return {
    type: kind === "log" ? "log" : "value",
    min,
    max,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: "var(--muted)",
      fontSize,
      customValues: ticks,
      formatter: (value: number) => NUMBERS.format(value),
    },
    // By powers of ten it is counted in powers.
    interval: kind === "log" ? 1 : (ticks[1] ?? max) - min,
    splitLine: { show: true, lineStyle: { color: "var(--grid)" } },
  };
}

const DASHES: { [dash in Dash]: number[] | "solid" } = {
  solid: "solid",
  dashed: [7, 4],
  dotted: [2, 3],
};

function lineOption({ name, tone, dash, isFilled, points }: Series): LineSeriesOption {
  const color = `var(--${tone})`;
  return {
    type: "line",
    name,
    data: points,
    silent: true,
    showSymbol: false,
    connectNulls: false,
    lineStyle: { color, width: 2, type: DASHES[dash], join: "round" },
    itemStyle: { color },
    ...(isFilled && { areaStyle: { color, opacity: 0.14 } }),
  };
}

/** What spans the whole plot, hung on its first line. */
function marksOption(chart: Chart, variant: Variant): Partial<LineSeriesOption> {
  const { width, left, right, fontSize } = variant;
  const plot = { width: width - left - right, height: HEIGHTS[chart.name], fontSize };
  const places = placeLabels(chart, plot);
  return {
    markArea: {
      silent: true,
      itemStyle: { color: "var(--wait)" },
      data: chart.waits.map((wait) => {
        const { from, to } = visible(wait, chart.endSeconds, variant);
        return [{ xAxis: from }, { xAxis: to }];
      }),
    },
    markLine: {
      silent: true,
      symbol: "none",
      data: [
        ...chart.moments.map(momentOption),
        ...chart.thresholds.map((threshold, index) =>
          thresholdOption(threshold, places[index] ?? "insideEndTop", fontSize),
        ),
      ],
    },
  };
}

const LEAST_BAND_PIXELS = 3;

/** Seconds in hours would be thinner than a line: a band has some pixels at least. */
function visible(
  { fromSeconds, toSeconds }: Chart["waits"][number],
  endSeconds: number,
  { width, left, right }: Variant,
): { from: number; to: number } {
  const least = (LEAST_BAND_PIXELS * endSeconds) / (width - left - right);
  const lacking = Math.max(least - (toSeconds - fromSeconds), 0) / 2;
  const from = Math.max(fromSeconds - lacking, 0);
  return { from, to: Math.min(Math.max(toSeconds + lacking, from + least), endSeconds) };
}

/** From a mark above the chart down through the plot. */
function momentOption(atSeconds: number) {
  return {
    xAxis: atSeconds,
    lineStyle: { color: "var(--axis)", width: 1, type: [1, 3] },
    label: { show: false },
  };
}

function thresholdOption({ value, label, tone }: Threshold, place: Place, fontSize: number) {
  const color = tone === undefined ? "var(--limit)" : `var(--${tone}-limit)`;
  return {
    yAxis: value,
    lineStyle: { color, width: 1.25, type: [3, 3] },
    label: {
      formatter: label,
      position: place,
      color,
      fontSize,
      // Readable where a line crosses it.
      textBorderColor: "var(--panel)",
      textBorderWidth: 4,
    },
  };
}
