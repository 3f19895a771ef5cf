import * as os from "node:os";
import type { Sample } from "./measure";

/** Everything that one run of the benchmark found. */
export interface Results {
  date: string;
  machine: { cpu: string; cores: number; memoryBytes: number; platform: string; node: string };
  versions: { [name: string]: string };
  resources: { [name: string]: number };
  /** Samples of each variant, in the order of the rounds. */
  samples: { [variant: string]: Sample[] };
  ratios: Ratio[];
}

/** How two variants compare: each round gives one ratio, so that what disturbs a round cancels out. */
export interface Ratio {
  title: string;
  goal: number | undefined;
  wall: Spread;
  cpu: Spread;
  rss: Spread;
}

export interface Spread {
  median: number;
  least: number;
  most: number;
}

export function machine(): Results["machine"] {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model ?? "unknown",
    cores: cpus.length,
    memoryBytes: os.totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

export function machineInWords(machine: Results["machine"]): string {
  const { cpu, cores, memoryBytes, platform, node } = machine;
  return `${cores} cores (${cpu}), ${gibibytes(memoryBytes)} of memory, ${platform}, Node ${node}`;
}

export function ratio(title: string, goal: number | undefined, a: Sample[], b: Sample[]): Ratio {
  const of = (read: (sample: Sample) => number) =>
    spread(a.map((sample, round) => read(sample) / read(b[round] as Sample)));
  return {
    title,
    goal,
    wall: of((sample) => sample.wallSeconds),
    cpu: of((sample) => sample.cpuSeconds),
    rss: of((sample) => sample.maxRssBytes),
  };
}

export function markdown({ date, machine, versions, resources, samples, ratios }: Results): string {
  const rounds = Object.values(samples)[0]?.length ?? 0;
  const list = (entries: object) =>
    Object.entries(entries)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  return [
    `${date}: ${machineInWords(machine)}.`,
    `${list(versions)}.`,
    `Resources: ${list(resources)}.`,
    "",
    `Whole processes, median (least to most) of ${rounds} interleaved rounds:`,
    "",
    "| process | wall, s | CPU, s | max RSS, MB |",
    "|---|---|---|---|",
    ...Object.entries(samples).map(([title, all]) =>
      row(title, [
        shown(spread(all.map((sample) => sample.wallSeconds))),
        shown(spread(all.map((sample) => sample.cpuSeconds))),
        shown(spread(all.map((sample) => sample.maxRssBytes / 1e6)), 0),
      ]),
    ),
    "",
    "Ratios, median (least to most) of each round's ratio:",
    "",
    "| ratio | wall | CPU | max RSS | goal for wall and RSS |",
    "|---|---|---|---|---|",
    ...ratios.map((one) =>
      row(one.title, [shown(one.wall), shown(one.cpu), shown(one.rss), verdict(one)]),
    ),
  ].join("\n");
}

function verdict({ goal, wall, rss }: Ratio): string {
  if (goal === undefined) return "";
  const met = Math.max(wall.median, rss.median) <= goal;
  return `at most ${goal}: ${met ? "met" : "missed"}`;
}

export function row(title: string, cells: string[]): string {
  return `| ${[title, ...cells].join(" | ")} |`;
}

export function shown({ median, least, most }: Spread, digits = 2): string {
  const [m, l, h] = [median, least, most].map((value) => value.toFixed(digits));
  return `${m} (${l} to ${h})`;
}

export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return { median: (low + high) / 2, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 };
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
