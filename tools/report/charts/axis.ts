/** The time axis: from 0 to `endSeconds`, with a label at each tick. */
export interface TimeAxis {
  endSeconds: number;
  /** Seconds. */
  ticks: number[];
  unit: "min:s" | "h:min";
  label: (seconds: number) => string;
}

const HOUR = 3600;

/** Spans between two ticks that people count in, in seconds. */
const TICK_SECONDS = [
  ...[5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12, 24, 48, 96].map((hours) => hours * HOUR),
];

/** @param mostTicks for which there is room; beyond the longest span there may be more */
export function timeAxis(endSeconds: number, mostTicks: number): TimeAxis {
  const step = TICK_SECONDS.find((seconds) => endSeconds / seconds <= mostTicks) ?? 96 * HOUR;
  const count = Math.floor(endSeconds / step) + 1;
  const unit = endSeconds > HOUR ? "h:min" : "min:s";
  const larger = unit === "h:min" ? HOUR : 60;
  const label = (seconds: number) => {
    const rest = Math.floor(((seconds % larger) * 60) / larger);
    return `${Math.floor(seconds / larger)}:${String(rest).padStart(2, "0")}`;
  };
  return {
    endSeconds,
    ticks: Array.from({ length: count }, (_, index) => index * step),
    unit,
    label,
  };
}

/** The value axis, linear or by powers of ten. */
export interface ValueAxis {
  kind: "linear" | "log";
  min: number;
  max: number;
  ticks: number[];
}

/** From 0 to `highest` or a little above, with about four ticks. @param highest above 0 */
export function linearAxis(highest: number): ValueAxis {
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = [1, 2, 2.5, 5, 10]
    .map((digit) => digit * power)
    .find((one) => highest / one <= 4.001);
  const width = step ?? 10 * power;
  const count = Math.ceil(highest / width - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, index) =>
    Number((index * width).toPrecision(9)),
  );
  return { kind: "linear", min: 0, max: ticks[count] ?? highest, ticks };
}

/** Whole powers of ten around both values. @param lowest above 0 @param highest above `lowest` */
export function logAxis(lowest: number, highest: number): ValueAxis {
  const first = Math.floor(Math.log10(lowest) + 1e-9);
  const last = Math.ceil(Math.log10(highest) - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  return { kind: "log", min: 10 ** first, max: 10 ** last, ticks };
}
