import { wrap } from "../../terminal/layout";
import type { Entry, Story } from "../history";
import { clockOf, type Look, type Paint, widthOf } from "./look";
import { withShortNames } from "./names";

/** The records as a story: when, the weights after it, who, and what and why. Pure. */
export function storyScreen({ environment, entries, isCut }: Story, look: Look): string[] {
  const { colors } = look;
  if (entries.length === 0) return [`Nothing is on record of ${environment} in that time.`];
  const zone = look.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const title = `${colors.bold(environment)}  ${colors.dim(`blue/green percent; times in ${zone}`)}`;
  let day = "";
  const lines = entries.flatMap((entry) => {
    const its = dayOf(entry.at, look);
    const isNew = its !== day;
    day = its;
    return [...(isNew ? ["", colors.bold(its)] : []), ...entryLines(entry, look)];
  });
  const more = isCut ? ["", ...wrap(MORE, widthOf(look)).map(colors.dim)] : [];
  return [title, ...lines, ...more];
}

const MORE = "There are older records: --limit shows more.";

function dayOf(at: number, { timeZone }: Look): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return new Date(at).toLocaleDateString("en-CA", zone);
}

/** `14:00:02` and two blanks. */
const CLOCK = 10;
/** `100/0` and two blanks. */
const WEIGHTS = 9;

/** A person is named in front; what the controller does by itself is its sentence alone. */
function entryLines(entry: Entry, look: Look): string[] {
  const { at, who, reason, weights, code } = entry;
  const { colors } = look;
  const isPerson = who !== "controller";
  const text = withShortNames(`${isPerson ? `${who}: ` : ""}${reason}`);
  const share = weights === undefined ? "writer" : `${weights.blue}/${weights.green}`;
  const paint = paintOf(code, isPerson, look);
  const indent = CLOCK + WEIGHTS;
  return wrap(text, widthOf(look) - indent).map((line, index) =>
    index === 0
      ? `${colors.dim(clockOf(look, at).padEnd(CLOCK))}${colors.dim(share.padEnd(WEIGHTS))}${paint(line)}`
      : `${" ".repeat(indent)}${paint(line)}`,
  );
}

/** Codes of what went well, and of what did not; the rest only waits. */
const GOOD = /^(start|promote|complete|migrate|migrated|switched-over|open|steady)$/;
const BAD = /^(roll-back|rolled-back|refuse|abort|aborted|heal-drift|heal-dns|alarm-quiet)$/;

function paintOf(code: string, isPerson: boolean, { colors }: Look): Paint {
  if (BAD.test(code)) return colors.red;
  if (GOOD.test(code)) return colors.green;
  return isPerson ? colors.bold : colors.dim;
}
