import { COLORS, type Color } from "../../../lambdas/cutover/contract";
import type { Story } from "../../../simulation/story";
import { clock, count } from "../../terminal/texts";
import { momentsOf } from "../happenings";
import { linearAxis } from "./axis";
import { type Chart, COLOR_DASH, type Series } from "./chart";
import { binsOf, endOf, perThousand, waitsOf } from "./points";

/** One in a hundred may be slower than the plan's limit: that is what a p99 is. */
const SLOW_PER_THOUSAND = 10;

/** Failed payments by color, per thousand; undefined when there were no payments. */
export function failedChart(story: Story): Chart | undefined {
  const limit = story.plan.limits.maxErrorsPerThousand;
  return sharesChart(story, "failed", { title: "Failed payments", unit: "per thousand" }, limit);
}

/** Payments slower than the plan's limit, by color, per thousand; undefined when there were none at all. */
export function slowChart(story: Story): Chart | undefined {
  const { maxP99Milliseconds } = story.plan.limits;
  const unit = `per thousand, over ${count(maxP99Milliseconds)}\u00a0ms`;
  return sharesChart(story, "slow", { title: "Slow payments", unit }, SLOW_PER_THOUSAND);
}

function sharesChart(
  story: Story,
  name: "failed" | "slow",
  titles: { title: string; unit: string },
  limit: number,
): Chart | undefined {
  const series = COLORS.flatMap((color) => seriesOf(story, color, name));
  if (series.length === 0) return undefined;
  const peak = Math.max(...series.map(({ points }) => peakOf(points).value));
  return {
    name,
    ...titles,
    endSeconds: endOf(story.samples),
    values: linearAxis(Math.min(Math.max(peak, 1.4 * limit), 1000)),
    series,
    thresholds: [{ value: limit, label: `limit ${limit}` }],
    waits: waitsOf(story.samples),
    moments: momentsOf(story),
    inWords: `${series.map((one) => inWords(story, one, name)).join(" ")} The limit is ${limit} of a thousand.`,
  };
}

function seriesOf({ samples }: Story, color: Color, event: "failed" | "slow"): Series[] {
  const points = perThousand(binsOf(samples, color, event));
  if (points.length === 0) return [];
  return [{ name: color, tone: color, dash: COLOR_DASH[color], points }];
}

function peakOf(points: Series["points"]): { at: number; value: number } {
  return points.reduce(
    (highest, [at, value]) => (value !== null && value > highest.value ? { at, value } : highest),
    { at: 0, value: 0 },
  );
}

function inWords({ samples }: Story, { name, points }: Series, event: "failed" | "slow"): string {
  const color = name as Color;
  const sum = (of: "payments" | "failed" | "slow") =>
    samples.reduce((total, { colors }) => total + colors[color][of], 0);
  const [payments, events] = [sum("payments"), sum(event)];
  const were = event === "failed" ? "failed" : "were slow";
  const { at, value } = peakOf(points);
  const peak = events === 0 ? "" : `, and ${short(value)} around ${clock(at)} at most`;
  return `Of ${count(payments)} payments on ${color} ${count(events)} ${were}: ${short((1000 * events) / payments)} of a thousand${peak}.`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
