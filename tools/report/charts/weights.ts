import { COLORS, type Color, otherColor } from "../../../lambdas/cutover/contract";
import type { Story } from "../../../simulation/story";
import { clock } from "../../terminal/texts";
import { momentsOf } from "../happenings";
import { capital, isMigration, listed } from "../words";
import type { Chart, Series } from "./chart";
import { COLOR_DASH } from "./chart";
import { endOf, type Point, steps, thinned, waitsOf } from "./points";

/** Which share of the payments each color got, and which share of the clients came to AWS. */
export function weightsChart(story: Story): Chart {
  const { samples } = story;
  const clients = clientsSeries(story);
  return {
    name: "weights",
    title: "Weights",
    unit: clients === undefined ? "% of the payments" : "% of the payments, and of the clients",
    endSeconds: endOf(samples),
    values: { kind: "linear", min: 0, max: 100, ticks: [0, 25, 50, 75, 100] },
    series: [...COLORS.map((color) => colorSeries(story, color)), ...(clients ? [clients] : [])],
    thresholds: [],
    waits: waitsOf(samples),
    moments: momentsOf(story),
    inWords: inWords(story, clients),
  };
}

function colorSeries(story: Story, color: Color): Series {
  return {
    name: color,
    tone: color,
    dash: COLOR_DASH[color],
    ...(color !== story.live && !isMigration(story) && { isFilled: true as const }),
    points: weightPoints(story, color),
  };
}

function weightPoints({ samples, live }: Story, color: Color): Point[] {
  return steps(samples, ({ weightsInPlace }) => weightsInPlace[color], color === live ? 100 : 0);
}

function clientsSeries(story: Story): Series | undefined {
  const points = story.samples.flatMap(({ atSeconds, awsPercent }): Point[] =>
    awsPercent === undefined ? [] : [[atSeconds, awsPercent]],
  );
  if (points.length === 0) return undefined;
  return {
    name: "clients on AWS",
    tone: "clients",
    dash: "dotted",
    // In a migration it is what moves.
    ...(isMigration(story) && { isFilled: true as const }),
    points: thinned(points),
  };
}

/** More changes than these are told by their number alone. */
const TOLD_CHANGES = 12;

function inWords(story: Story, clients: Series | undefined): string {
  const color = otherColor(story.live);
  const [, ...later] = weightPoints(story, color);
  // Of the two points at a change the second has the new value; the last point is the end.
  const changes = later.slice(0, -1).filter((_, index) => index % 2 === 1);
  const told = changes.slice(0, TOLD_CHANGES).map(([at, value]) => `${value} % from ${clock(at)}`);
  const more = changes.length - told.length;
  const course =
    changes.length === 0
      ? `${capital(color)} got no payments; ${story.live} had all of them.`
      : `${capital(color)} got ${listed(told)} of the payments${more > 0 ? `, and ${more} more changes` : ""}; ${story.live} had the rest.`;
  return [course, ...(clients ? [clientsInWords(story, clients)] : [])].join(" ");
}

function clientsInWords(story: Story, { points }: Series): string {
  const values = points.map(([, value]) => Math.round(value ?? 0));
  const [first, last, most] = [values[0], values.at(-1), Math.max(...values)];
  const moved = isMigration(story) ? "DNS led clients to AWS" : "DNS shared the clients with AWS";
  return `${moved}: ${first} % of them at first, ${most} % at most, ${last} % at the end.`;
}
