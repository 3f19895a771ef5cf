import type { Strength } from "../../../lambdas/cutover/evidence/traffic";
import type { Sample, Story } from "../../../simulation/story";
import { clock, count } from "../../terminal/texts";
import { momentsOf } from "../happenings";
import { isMigration, judgedColor } from "../words";
import { logAxis } from "./axis";
import type { Chart } from "./chart";
import { endOf, type Point, thinned, waitsOf } from "./points";

/** Weaker evidence than this says nothing more, and is drawn at the lower edge. */
const LEAST = 0.01;

interface Weighed {
  atSeconds: number;
  strength: Strength;
}

/** What payments had shown at each pass, against what was wanted; undefined when none weighed them. */
export function evidenceChart(story: Story): Chart | undefined {
  const { samples } = story;
  const weighed = samples.flatMap(({ atSeconds, strength }): Weighed[] =>
    strength === undefined ? [] : [{ atSeconds, strength }],
  );
  const last = weighed.at(-1)?.strength;
  if (last === undefined) return undefined;
  const { rollBackAt, promoteAt } = last;
  const values = logAxis(LEAST, 10 * Math.max(rollBackAt, promoteAt));
  const series = (read: (strength: Strength) => number) =>
    thinned(pointsOf(samples, read, values.min, values.max));
  return {
    name: "evidence",
    title: "Evidence",
    unit: "what a stake of 1 has become",
    endSeconds: endOf(samples),
    values,
    series: [
      { name: "worse", tone: "worse", dash: "solid", points: series(({ worse }) => worse) },
      { name: "within its limits", tone: "clear", dash: "dashed", points: series(notWorse) },
    ],
    thresholds: [
      { value: rollBackAt, tone: "worse", label: `taken back at ${count(rollBackAt)}` },
      { value: promoteAt, tone: "clear", label: `a step may end at ${count(promoteAt)}` },
    ],
    waits: waitsOf(samples),
    moments: momentsOf(story),
    inWords: inWords(story, weighed, last),
  };
}

function notWorse(strength: Strength): number {
  return strength.notWorse;
}

/** Values beyond the edges stay at the edges: there it is decided already. */
function pointsOf(
  samples: readonly Sample[],
  read: (strength: Strength) => number,
  least: number,
  most: number,
): Point[] {
  const points = samples.map(({ atSeconds, strength }): Point => {
    if (strength === undefined) return [atSeconds, null];
    return [atSeconds, Math.min(Math.max(read(strength), least), most)];
  });
  return lengthened(points);
}

/** A single value between two breaks would be a line without length: it holds until the next sample. */
function lengthened(points: Point[]): Point[] {
  return points.flatMap(([at, value], index): Point[] => {
    const [before, next] = [points[index - 1], points[index + 1]];
    const isAlone =
      value !== null && (before?.[1] ?? null) === null && (next?.[1] ?? null) === null;
    if (!isAlone) return [[at, value]];
    const until = next?.[0] ?? at;
    const from = until > at ? at : (before?.[0] ?? 0);
    return [
      [from, value],
      [until > at ? until - (until - at) / 1e3 : at, value],
    ];
  });
}

function inWords(story: Story, weighed: Weighed[], { rollBackAt, promoteAt }: Strength): string {
  const who = isMigration(story) ? "AWS" : judgedColor(story);
  const most = (read: (strength: Strength) => number) =>
    weighed.reduce((one, other) => (read(other.strength) > read(one.strength) ? other : one));
  const worse = most(({ worse }) => worse);
  const clear = most(notWorse);
  return [
    `The evidence that ${who} is worse was ${told(worse.strength.worse)} at most, at ${clock(worse.atSeconds)};`,
    `at ${count(rollBackAt)} everything is taken back.`,
    `The evidence that it is within its limits was ${told(clear.strength.notWorse)} at most, at ${clock(clear.atSeconds)};`,
    `a step may end at ${count(promoteAt)}.`,
  ].join(" ");
}

/** Three digits are enough for people; beyond a million the number means nothing. */
function told(strength: number): string {
  return strength > 1e6 ? "more than a million" : count(Number(strength.toPrecision(3)));
}
