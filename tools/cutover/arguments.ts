import { Command, InvalidArgumentError, Option } from "commander";
import { COLORS, type Color, type Verb } from "../../lambdas/cutover/contract";
import type { Verb as SwitchoverVerb } from "../../lambdas/switchover/contract";
import { type Ended, parsed, wholeNumber } from "../terminal/arguments";
import { WRONG_USAGE } from "../terminal/complaint";

/** What every verb takes. */
export interface Common {
  stack?: string;
  outputs?: string;
  json: boolean;
}

/** What goes on record takes. */
export interface OnRecord extends Common {
  /** @default whom AWS takes the caller for */
  who?: string;
  /** @default asked for on a terminal */
  why?: string;
  /** Whether nobody is asked to confirm. */
  yes: boolean;
}

/** Verbs that change something, and go on record. */
export type OperatorVerb = Exclude<Verb, "status">;
type Audited = Exclude<SwitchoverVerb, "status" | "preflight">;

/** What a person asked for. */
export type Asked =
  | ({ kind: "status"; watch: boolean; everySeconds: number } & Common)
  | ({ kind: "history" } & HistoryOptions)
  | ({ kind: "doctor" } & Common)
  | ({ kind: "operate"; verb: OperatorVerb } & OnRecord)
  | ({ kind: "switchover-look"; verb: "status" | "preflight" } & Common)
  | ({ kind: "switchover-history" } & HistoryOptions)
  | ({ kind: "switchover"; verb: Audited; to?: Color } & OnRecord);

export interface HistoryOptions extends Common {
  /** Records at most. */
  limit: number;
  /** Epoch milliseconds before which nothing is told. @default as far back as the limit goes */
  since?: number;
}

/** What each verb does, for its help. */
const OPERATIONS: { [verb in OperatorVerb]: string } = {
  start: "begin to move the payments to the other color, step by step",
  migrate: "begin to lead clients from on-premises to AWS, step by step",
  pause: "hold the step, until it is resumed; what hurts payments is taken back all the same",
  resume: "begin the paused step anew",
  approve: "agree to what the step asks",
  "skip-bake": "end the step's bake time; the evidence has to be there all the same",
  rollback: "take everything back at once",
  clear: "lift the latch after a rollback",
};

const SWITCHOVERS: { [verb in Audited]: string } = {
  start: "move the database writer to the other cluster; payments wait for some seconds",
  abort: "give the writes back to the old writer, as long as the new one was not opened",
};

const MOST_RECORDS = 10_000;
const MOST_SECONDS = 3_600;

/** Reads the arguments after `npm run cutover --`. @param now epoch milliseconds, for spans of time */
export function readArguments(given: string[], now = Date.now()): Asked | Ended {
  let asked: Asked | undefined;
  const ask = (one: Asked) => {
    asked = one;
  };
  const program = new Command("npm run cutover --")
    .description("Shows and steers the cutover of an environment that is deployed.")
    .exitOverride()
    .showHelpAfterError("(--help lists the verbs and options)");
  addLooks(program, ask, now);
  for (const [verb, text] of Object.entries(OPERATIONS) as [OperatorVerb, string][])
    onRecord(program.command(verb).description(text)).action((options: OnRecord) =>
      ask({ kind: "operate", verb, ...options }),
    );
  addSwitchover(program, ask, now);
  return parsed(program, given, () => asked ?? { exitCode: WRONG_USAGE });
}

type Ask = (asked: Asked) => void;

function addLooks(program: Command, ask: Ask, now: number): void {
  common(program.command("status"))
    .description("where it stands, and why, on one screen")
    .option("--watch", "go on looking until Ctrl-C", false)
    .option("--every <seconds>", "how often --watch looks", wholeNumber(1, MOST_SECONDS), 5)
    .action(({ every: everySeconds, ...options }: { every: number; watch: boolean } & Common) =>
      ask({ kind: "status", everySeconds, ...options }),
    );
  history(program.command("history"), now)
    .description("what was decided, when, by whom and why")
    .action((options: HistoryOptions) => ask({ kind: "history", ...options }));
  common(program.command("doctor"))
    .description("what would stop a cutover now, and what to do about it")
    .action((options: Common) => ask({ kind: "doctor", ...options }));
}

function addSwitchover(program: Command, ask: Ask, now: number): void {
  const group = program
    .command("switchover")
    .description("the same for the database writer: status, preflight, start, abort, history");
  for (const [verb, text] of [
    ["status", "which cluster takes writes, and what is being done about it"],
    ["preflight", "what stands against a switchover now; changes nothing"],
  ] as const)
    common(group.command(verb).description(text)).action((options: Common) =>
      ask({ kind: "switchover-look", verb, ...options }),
    );
  history(group.command("history"), now)
    .description("what was decided about the writer")
    .action((options: HistoryOptions) => ask({ kind: "switchover-history", ...options }));
  for (const [verb, text] of Object.entries(SWITCHOVERS) as [Audited, string][]) {
    const command = onRecord(group.command(verb).description(text));
    if (verb === "start")
      command.addOption(
        new Option("--to <color>", "the cluster that is to take the writes").choices(COLORS),
      );
    command.action((options: OnRecord & { to?: Color }) =>
      ask({ kind: "switchover", verb, ...options }),
    );
  }
}

function common(command: Command): Command {
  return command
    .option("--stack <name>", "the Pulumi stack, such as prod")
    .option("--outputs <file>", "its outputs, as `pulumi stack output --json` prints them")
    .option("--json", "print JSON and nothing else", false);
}

function onRecord(command: Command): Command {
  return common(command)
    .option("--why <reason>", "why, for the record; asked for on a terminal", text)
    .option("--who <name>", "who, for the record; by default whom AWS takes you for", text)
    .option("--yes", "ask nobody to confirm", false);
}

function history(command: Command, now: number): Command {
  return common(command)
    .option("--limit <number>", "how many records at most", wholeNumber(1, MOST_RECORDS), 30)
    .option("--since <time>", "from when on: 2h, 3d, 2026-01-31 or 2026-01-31T14:00", (given) =>
      readSince(given, now),
    );
}

function text(given: string): string {
  if (given.trim() !== "") return given.trim();
  throw new InvalidArgumentError("Allowed is a text that tells something.");
}

const UNITS: { [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Epoch milliseconds of a span before now, or of a time. */
export function readSince(given: string, now: number): number {
  const [, amount, unit = ""] = given.match(/^(\d+)\s*([mhd])$/) ?? [];
  if (amount !== undefined) return now - Number(amount) * (UNITS[unit] ?? 0);
  // A date alone is a day here, not in Greenwich.
  const at = /^\d{4}-\d{2}-\d{2}/.test(given)
    ? Date.parse(given.length === 10 ? `${given}T00:00` : given)
    : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError(
    "Allowed are spans such as 30m, 2h or 3d, and times such as 2026-01-31 or 2026-01-31T14:00.",
  );
}
