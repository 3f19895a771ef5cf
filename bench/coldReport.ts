import { type Package, SDK_BUNDLED, SDK_EXTERNAL, SERIALIZED } from "./coldPackages";
import type { Sample } from "./measure";
import { machineInWords, type Results, row, shown, spread } from "./report";

/** A cold start; the parts of it in milliseconds. */
export interface ColdSample extends Sample {
  /** Until Node runs the first line. */
  began: number;
  /** While the package is loaded and its clients are made. */
  loaded: number;
  /** From the event to the handler's answer. */
  answered: number;
  answer: object;
}

export interface ColdResults {
  date: string;
  machine: Results["machine"];
  packages: Package[];
  /** By event and package, in the order of the rounds. */
  samples: { [event: string]: { [title: string]: ColdSample[] } };
  floors: { [title: string]: Sample[] };
}

export function coldMarkdown({ date, machine, packages, samples, floors }: ColdResults): string {
  const rounds = Object.values(floors)[0]?.length ?? 0;
  return [
    `${date}: ${machineInWords(machine)}.`,
    "",
    "| package | code, bytes | gzip, bytes | zip, bytes |",
    "|---|---|---|---|",
    ...packages.map(({ title, bytes, gzipBytes, zipBytes }) =>
      row(title, [bytes, gzipBytes, zipBytes].map(String)),
    ),
    "",
    `Cold starts, median (least to most) of ${rounds} interleaved rounds:`,
    "",
    "| event | package | load, ms | answer, ms | whole process, ms | CPU, ms | max RSS, MB |",
    "|---|---|---|---|---|---|---|",
    ...Object.entries(samples).flatMap(([event, byPackage]) =>
      packages.map(({ title }) => row(event, [title, ...cells(byPackage[title] ?? [])])),
    ),
    ...Object.entries(floors).map(([title, all]) => row("(none)", [title, "", "", ...whole(all)])),
    "",
    "Ratios of the serialized package to the others, median (least to most) of each round's ratio:",
    "",
    "| event | to | load | answer | whole process | CPU |",
    "|---|---|---|---|---|---|",
    ...Object.entries(samples).flatMap(([event, byPackage]) =>
      [SDK_EXTERNAL, SDK_BUNDLED].map((title) =>
        row(event, [title, ...ratios(byPackage[SERIALIZED] ?? [], byPackage[title] ?? [])]),
      ),
    ),
    "",
    `Answers: ${answers(samples).join("; ")}.`,
  ].join("\n");
}

function cells(all: ColdSample[]): string[] {
  const of = (read: (one: ColdSample) => number) => shown(spread(all.map(read)), 0);
  return [of((one) => one.loaded), of((one) => one.answered), ...whole(all)];
}

function whole(all: Sample[]): string[] {
  const of = (read: (one: Sample) => number) => shown(spread(all.map(read)), 0);
  return [
    of((one) => one.wallSeconds * 1000),
    of((one) => one.cpuSeconds * 1000),
    of((one) => one.maxRssBytes / 1e6),
  ];
}

function ratios(ours: ColdSample[], theirs: ColdSample[]): string[] {
  const of = (read: (one: ColdSample) => number) =>
    shown(spread(ours.map((one, round) => read(one) / read(theirs[round] as ColdSample))));
  return [
    of((one) => one.loaded),
    of((one) => one.answered),
    of((one) => one.wallSeconds),
    of((one) => one.cpuSeconds),
  ];
}

/** What the handler answered to each event. Throws where two packages did not agree. */
function answers(samples: ColdResults["samples"]): string[] {
  return Object.entries(samples).map(([event, byPackage]) => {
    const all = Object.values(byPackage).flatMap((list) => list.map((one) => one.answer));
    const different = [...new Set(all.map((answer) => JSON.stringify(answer)))];
    if (different.length !== 1)
      throw new Error(`${event} was answered by ${different.join(" and ")}`);
    return `${event}: ${different[0]}`;
  });
}
