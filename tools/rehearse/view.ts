import { setTimeout as sleep } from "node:timers/promises";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import type { Strength } from "../../lambdas/cutover/evidence/traffic";
import { failures } from "../../simulation/payments";
import type { Decided, Progress, RehearsalEvent } from "../../simulation/rehearse";
import type { Terminal } from "../terminal/terminal";
import { clock, count, cut } from "../terminal/texts";
import { progressLine } from "./words";

/** Shows a rehearsal's events: drawn over and over on a terminal, line by line elsewhere. */
export function showRehearsal(events: RehearsalEvent[], terminal: Terminal): Promise<void> {
  return terminal.interactive ? animate(events, terminal) : list(events, terminal);
}

const SECONDS_BETWEEN_LINES = 300;

async function list(events: RehearsalEvent[], { print }: Terminal): Promise<void> {
  for (const event of events) {
    const at = clock(event.atSeconds);
    if (event.kind === "decision") {
      if (isNews(event)) print(`${at}  ${event.reason}`);
    } else if (event.kind === "incident") {
      print(`${at}  (${event.what})`);
    } else if (event.atSeconds % SECONDS_BETWEEN_LINES === 0) {
      print(`${at}  ${progressLine(event)}`);
    }
  }
}

/** Real time that a rehearsal is given on a terminal, however long it is in virtual time. */
const ANIMATION_MILLISECONDS = 7_000;
const FRAME_MILLISECONDS = 60;

/** The rehearsal itself takes milliseconds: what is slowed down here is the showing. */
async function animate(events: RehearsalEvent[], terminal: Terminal): Promise<void> {
  const endsAtSeconds = events[events.length - 1]?.atSeconds ?? 0;
  const frames = Math.round(ANIMATION_MILLISECONDS / FRAME_MILLISECONDS);
  let shown = 0;
  for (let frame = 1; frame <= frames; frame++) {
    const until = (endsAtSeconds * frame) / frames;
    const first = shown;
    while ((events[shown]?.atSeconds ?? Number.POSITIVE_INFINITY) <= until) shown++;
    showDue(events.slice(first, shown), terminal);
    await sleep(FRAME_MILLISECONDS);
  }
  terminal.endDrawing();
}

/** What a step waits for as a matter of course: the line below the bars has it. */
const ROUTINE = [
  "hold-alarms-unknown",
  "bake",
  "hold-baking",
  "hold-few-payments",
  "hold-unproven",
  "hold-unproven-speed",
];

function isNews({ changes, code }: Decided): boolean {
  return changes || !ROUTINE.includes(code);
}

function showDue(due: RehearsalEvent[], terminal: Terminal): void {
  let latest: Progress | undefined;
  for (const event of due) {
    if (event.kind === "progress") latest = event;
    else if (event.kind === "incident") {
      const { dim } = terminal.colors;
      terminal.printAbove(dim(`${clock(event.atSeconds)}  (${event.what})`));
    } else if (isNews(event)) terminal.printAbove(decisionLine(event, terminal));
  }
  if (latest !== undefined) terminal.draw(frameOf(latest, terminal));
}

function decisionLine({ atSeconds, code, reason }: Decided, { colors }: Terminal): string {
  const good = ["start", "promote", "complete", "switched-over"].includes(code);
  const bad = code === "roll-back" || code === "rolled-back";
  const paint = good ? colors.green : bad ? colors.red : colors.yellow;
  return `${colors.dim(clock(atSeconds))}  ${paint(reason)}`;
}

function frameOf(progress: Progress, terminal: Terminal): string[] {
  const { colors } = terminal;
  const width = terminal.columns() - 1;
  const now = cut(`${clock(progress.atSeconds)}  ${progress.reason}`, width);
  return [
    "",
    ...COLORS.map((color) => colorLine(color, progress, terminal, width)),
    ...evidenceLines(progress.strength, terminal, width),
    cut(whereIsTrouble(progress), width),
    colors.dim(now),
  ];
}

/** `green  ███-----  10 %      1,234 payments     5 failed`; the bar takes the room that is left. */
function colorLine(color: Color, progress: Progress, { colors }: Terminal, width: number): string {
  const weight = progress.weightsInPlace[color];
  const counts = progress.counts[color];
  const name = color.padEnd(6);
  const share = `${weight} %`.padStart(6);
  const served = `${count(counts.payments).padStart(9)} payments`;
  const failed = `${count(failures(counts)).padStart(6)} failed`;
  const room = width - name.length - share.length - served.length - failed.length - 1;
  if (room < 5) return cut(`${name}${share} ${served}${failed}`, width);
  const length = Math.min(room, 40);
  const filled = Math.round((length * weight) / 100);
  const paint = color === "blue" ? colors.blue : colors.green;
  const bar = `${paint("█".repeat(filled))}${colors.dim("░".repeat(length - filled))}`;
  const hurt = failures(counts) > 0 ? colors.yellow(failed) : failed;
  return `${colors.bold(name)}${bar}${share} ${served}${hurt}`;
}

/** How strong the evidence is against what decides: a bar is full when something follows. */
function evidenceLines(
  strength: Strength | undefined,
  { colors }: Terminal,
  width: number,
): string[] {
  const { worse = 0, rollBackAt = 1, notWorse = 0, promoteAt = 1 } = strength ?? {};
  const of = (held: number, wanted: number) =>
    strength === undefined ? "not weighed" : `${shortly(held)} of ${count(wanted)}`;
  const lines = [
    { name: "it is worse", held: worse, wanted: rollBackAt, paint: colors.red },
    { name: "it is well", held: notWorse, wanted: promoteAt, paint: colors.cyan },
  ];
  return lines.map(({ name, held, wanted, paint }) => {
    const told = of(held, wanted).padStart(18);
    const room = Math.min(width - name.length - told.length - 3, 40);
    if (room < 5) return cut(`${name} ${told}`, width);
    const filled = Math.round(room * shareOfWay(held, wanted));
    const bar = `${paint("█".repeat(filled))}${colors.dim("░".repeat(room - filled))}`;
    return `${name.padEnd(12)} ${bar}${told}`;
  });
}

/** How far evidence has come from none, which is 1, on the scale on which it grows. */
function shareOfWay(held: number, wanted: number): number {
  if (held <= 1) return 0;
  return Math.min(Math.log(held) / Math.log(wanted), 1);
}

function shortly(value: number): string {
  return value >= 1e6 ? value.toExponential(1) : count(Number(value.toPrecision(3)));
}

/** Time since the release's fault met its first payment; and whether payments wait. */
function whereIsTrouble({ atSeconds, faultAtSeconds, waits, awsPercent }: Progress): string {
  const parts = [
    faultAtSeconds === undefined
      ? "no fault yet"
      : `fault since ${clock(atSeconds - faultAtSeconds)}`,
    ...(awsPercent === undefined ? [] : [`${Math.round(awsPercent)} % of the clients come to AWS`]),
    ...(waits ? ["payments wait for a database"] : []),
  ];
  return parts.join(", ");
}
