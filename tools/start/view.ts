import { setTimeout as sleep } from "node:timers/promises";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { failures } from "../../simulation/payments";
import type { Decided, Progress, RehearsalEvent } from "../../simulation/rehearse";
import type { Terminal } from "./terminal";
import { clock, count, cut, progressLine } from "./texts";

/** Shows a rehearsal's events: drawn over and over on a terminal, line by line elsewhere. */
export function showRehearsal(events: RehearsalEvent[], terminal: Terminal): Promise<void> {
  return terminal.interactive ? animate(events, terminal) : list(events, terminal);
}

const SECONDS_BETWEEN_LINES = 300;

async function list(events: RehearsalEvent[], { print }: Terminal): Promise<void> {
  for (const event of events) {
    const at = clock(event.atSeconds);
    if (event.kind === "decision") {
      if (event.changes) print(`${at}  ${event.reason}`);
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

function showDue(due: RehearsalEvent[], terminal: Terminal): void {
  let latest: Progress | undefined;
  for (const event of due) {
    if (event.kind === "progress") latest = event;
    else if (event.kind === "incident") {
      const { dim } = terminal.colors;
      terminal.printAbove(dim(`${clock(event.atSeconds)}  (${event.what})`));
    } else if (event.changes) terminal.printAbove(decisionLine(event, terminal));
  }
  if (latest !== undefined) terminal.draw(frameOf(latest, terminal));
}

function decisionLine({ atSeconds, code, reason }: Decided, { colors }: Terminal): string {
  const good = code === "promote" || code === "complete" || code === "start";
  const paint = good ? colors.green : colors.red;
  return `${colors.dim(clock(atSeconds))}  ${paint(reason)}`;
}

function frameOf(progress: Progress, terminal: Terminal): string[] {
  const { colors } = terminal;
  const width = terminal.columns() - 1;
  const now = cut(`${clock(progress.atSeconds)}  ${progress.reason}`, width);
  return [
    "",
    ...COLORS.map((color) => colorLine(color, progress, terminal, width)),
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
