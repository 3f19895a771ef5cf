import { setTimeout as sleep } from "node:timers/promises";
import { Complaint, DONE } from "../../terminal/complaint";
import { openFullScreen } from "../../terminal/fullScreen";
import { cut } from "../../terminal/texts";
import type { Session } from "../command";
import { factsReader } from "../facts";
import { clockOf, LEAST_WIDTH, lookOf } from "../screen/look";
import { withShortNames } from "../screen/names";
import { phaseInWords, statusScreen } from "../screen/screen";
import { type Status, statusOf } from "../status";

export interface Watching {
  everySeconds: number;
  json: boolean;
}

/** One look at everything: what is seen, or why nothing is. */
type Look = { status: Status } | { complaint: Complaint };

/** Shows where things stand until Ctrl-C: drawn over and over on a terminal, line by line elsewhere. */
export async function watchStatus(watching: Watching, session: Session): Promise<number> {
  const { terminal, err } = session;
  const end = new AbortController();
  const stop = () => end.abort();
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    const isDrawn = terminal.interactive && !watching.json;
    if (isDrawn && terminal.columns() < LEAST_WIDTH)
      err.write(
        `The terminal has ${terminal.columns()} columns and a screen needs ${LEAST_WIDTH}: changes are listed instead.\n`,
      );
    else if (isDrawn) return await draw(watching, session, end.signal);
    return await list(watching, session, end.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Looks again and again; undefined when the person had seen enough before an answer came. */
type Lookout = () => Promise<Look | undefined>;

/** Throws a complaint only at the first look: later ones may fail and come back. */
function openLookout({ stack }: Session, signal: AbortSignal): Lookout {
  const readFacts = factsReader(stack);
  const isEnough = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => resolve(undefined)),
  );
  let hasSeen = false;
  const look = async (): Promise<Look> => {
    try {
      const status = statusOf(await readFacts());
      hasSeen = true;
      return { status };
    } catch (error) {
      if (!(error instanceof Complaint) || !hasSeen) throw error;
      return { complaint: error };
    }
  };
  return () => (signal.aborted ? isEnough : Promise.race([look(), isEnough]));
}

/** Resolves at the end of the time, or when the person has seen enough. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

const FRAME_MILLISECONDS = 1_000;

/** The clock goes on between two looks. */
async function draw({ everySeconds }: Watching, session: Session, signal: AbortSignal) {
  const { terminal, out } = session;
  const lookout = openLookout(session, signal);
  let look = await lookout();
  let seen: Status | undefined;
  const screen = openFullScreen(out);
  const frame = () => {
    if (seen === undefined || look === undefined) return;
    const lines = statusScreen(seen, Date.now(), lookOf(terminal));
    screen.draw([...lines, ""], footerOf(seen, look, everySeconds, session));
  };
  out.on("resize", frame);
  try {
    while (look !== undefined) {
      if ("status" in look) seen = look.status;
      const until = Date.now() + everySeconds * 1000;
      for (frame(); Date.now() < until && !signal.aborted; frame())
        await pause(Math.min(FRAME_MILLISECONDS, until - Date.now()), signal);
      look = await lookout();
    }
  } finally {
    out.off("resize", frame);
    screen.close();
  }
  // What was seen last stays to be read.
  if (seen !== undefined) terminal.print(statusScreen(seen, seen.at, lookOf(terminal)).join("\n"));
  return DONE;
}

function footerOf(seen: Status, look: Look, everySeconds: number, { terminal }: Session): string {
  const { colors } = terminal;
  const since = clockOf(lookOf(terminal), seen.at);
  return "complaint" in look
    ? colors.red(cut(`No news since ${since}: ${look.complaint.message}`, terminal.columns()))
    : colors.dim(`Looks every ${everySeconds} s; Ctrl-C ends it.`);
}

/** A line for each change; with JSON, one for each look. */
async function list({ everySeconds, json }: Watching, session: Session, signal: AbortSignal) {
  const { terminal, err } = session;
  const lookout = openLookout(session, signal);
  let told = "";
  for (let look = await lookout(); look !== undefined; look = await lookout()) {
    if ("complaint" in look) {
      if (told !== look.complaint.message) err.write(`${look.complaint.message}\n`);
      told = look.complaint.message;
    } else {
      const { status } = look;
      if (json) terminal.print(JSON.stringify(status));
      else if (told !== changeKey(status)) terminal.print(changeLine(status, lookOf(terminal)));
      told = changeKey(status);
    }
    await pause(everySeconds * 1000, signal);
  }
  return DONE;
}

/** What has to differ for a status to be news. */
function changeKey({ phase, move, weights, drift, decision, writer, version }: Status): string {
  const waits = writer.known ? writer.value?.phase : writer.reason;
  const code = decision?.code ?? version;
  return JSON.stringify([phase, move?.step, move?.pausedBy, weights.onRecord, drift, code, waits]);
}

export function changeLine(status: Status, look: Parameters<typeof clockOf>[0]): string {
  const { blue, green } = status.weights.onRecord;
  const reason = status.decision?.reason ?? (status.last.known ? status.last.value?.reason : "");
  return `${clockOf(look, status.at)}  blue ${blue} % green ${green} %  ${phaseInWords(status)}. ${withShortNames(reason ?? "")}`;
}
