/** The parts of a CloudWatch dashboard, as its body's JSON has them. */

/** A line of a graph, in CloudWatch's notation: namespace, name, dimensions in pairs, options. */
export type MetricLine = [...string[], LineOptions] | [LineOptions];

export interface LineOptions {
  label?: string;
  color?: string;
  /** Overrides the widget's own, such as `p99`. */
  stat?: string;
  /** Metrics that only serve an expression are not drawn. */
  visible?: boolean;
  id?: string;
  expression?: string;
  yAxis?: "left" | "right";
}

/** A widget without its place. */
export interface Content {
  type: "metric" | "alarm" | "log";
  /** Of the grid's 24 columns. */
  width: number;
  properties: object;
}

export interface Widget extends Content {
  x: number;
  y: number;
  height: number;
}

export interface Row {
  height: number;
  contents: Content[];
}

export interface GraphArgs {
  title: string;
  region: string;
  width: number;
  lines: MetricLine[];
  /** What the numbers on the left are. */
  unit: string;
  /** What the numbers on the right are. @default there are none */
  rightUnit?: string;
  stat?: string;
  periodSeconds?: number;
  /** Fills the areas and puts them on each other. @default false */
  stacked?: boolean;
  /** Largest number on the left. @default as the data has it */
  max?: number;
  /** Lines at fixed heights, such as a limit. @default none */
  limits?: { label: string; value: number }[];
}

/** Rows below each other, and what is in them side by side. */
export function layOut(rows: Row[]): Widget[] {
  let y = 0;
  return rows.flatMap(({ height, contents }) => {
    let x = 0;
    const placed = contents.map((content) => {
      const widget = { ...content, x, y, height };
      x += content.width;
      return widget;
    });
    y += height;
    return placed;
  });
}

export function graph(args: GraphArgs): Content {
  const { title, region, lines, unit, rightUnit, stacked = false, max, limits } = args;
  return {
    type: "metric",
    width: args.width,
    properties: {
      title,
      region,
      view: "timeSeries",
      stacked,
      stat: args.stat ?? "Average",
      period: args.periodSeconds ?? 60,
      metrics: lines,
      yAxis: {
        left: { min: 0, ...(max !== undefined && { max }), label: unit, showUnits: false },
        ...(rightUnit !== undefined && { right: { min: 0, label: rightUnit, showUnits: false } }),
      },
      ...(limits && { annotations: { horizontal: limits } }),
    },
  };
}

/** A metric's line. Dimensions stand in pairs of name and value. */
export function line(
  namespace: string,
  metricName: string,
  dimensions: { [name: string]: string },
  options: LineOptions,
): MetricLine {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), options];
}
