import type { Known } from "../../../lambdas/common/ports";
import { COLORS, type Color } from "../../../lambdas/cutover/contract";
import type { TargetHealth } from "../../../lambdas/cutover/ports";
import { duration } from "../../terminal/texts";
import type { Status } from "../status";
import { barRow, type Look, row } from "./look";
import { withShortNames } from "./names";

/** Whether the colors' targets answer their health checks. */
export function targetRows({ targets }: Status, look: Look): string[] {
  const well = COLORS.flatMap((color) => {
    const fact = targets[color];
    const finding = fact.known ? health(fact.value) : undefined;
    return finding?.isBad === false && fact.known ? [`${color} ${fact.value.healthy}`] : [];
  });
  if (well.length === COLORS.length) return row(look, "targets", `all healthy: ${well.join(", ")}`);
  return told(
    look,
    "targets",
    COLORS.map((color) => ofColor(color, targets[color], health)),
  );
}

function health({ healthy, unhealthy, initial }: TargetHealth): Finding {
  const all = healthy + unhealthy + initial;
  const begun = initial > 0 ? `, ${initial} not yet judged` : "";
  return { text: `${healthy} of ${all} healthy${begun}`, isBad: healthy < all || all === 0 };
}

/** The controller's words for alarms that say nothing, which is what those of a color without payments do. */
const SILENT = /missing, or no data$/;

/** Alarms that speak for a color. */
export function alarmRows({ alarms, weights: { onRecord } }: Status, look: Look): string[] {
  const quiet = COLORS.every((color) => {
    const known = alarms[color];
    return known.known && known.value.length === 0;
  });
  if (quiet) return row(look, "alarms", "none is red");
  return told(
    look,
    "alarms",
    COLORS.map((color) => {
      const fact = alarms[color];
      const isIdle = onRecord[color] === 0 && !fact.known && SILENT.test(fact.reason);
      return isIdle
        ? { text: `${color} has no data, as it has no payments`, isBad: false }
        : ofColor(color, fact, redness);
    }),
  );
}

function redness(names: string[]): Finding {
  return names.length === 0
    ? { text: "none is red", isBad: false }
    : { text: `${names.join(" and ")} red`, isBad: true };
}

interface Finding {
  text: string;
  isBad: boolean;
}

function ofColor<T>(color: Color, fact: Known<T>, tell: (value: T) => Finding): Finding {
  if (!fact.known) return { text: `${color} unknown (${fact.reason})`, isBad: true };
  const { text, isBad } = tell(fact.value);
  return { text: `${color} ${text}`, isBad };
}

/** Both colors on one line while all is well or short; what is not well in a line of its own. */
function told(look: Look, label: string, findings: Finding[]): string[] {
  if (findings.every(({ isBad }) => !isBad))
    return row(look, label, findings.map(({ text }) => text).join(", "));
  return findings.flatMap(({ text, isBad }, index) =>
    row(look, index === 0 ? label : "", text, isBad ? look.colors.yellow : undefined),
  );
}

/** How many clients have come from on-premises. */
export function clientRows({ clients }: Status, look: Look): string[] {
  if (clients === undefined) return [];
  const { onRecordPercent, found } = clients;
  const percent = onRecordPercent ?? (found.known ? found.value : undefined);
  const { cyan, yellow } = look.colors;
  if (percent === undefined)
    return row(look, "clients", `unknown (${found.known ? "" : found.reason})`, yellow);
  const lines = barRow(look, "clients", percent / 100, `${percent} % come to AWS`, cyan);
  if (!found.known) return [...lines, ...row(look, "", `DNS unknown (${found.reason})`, yellow)];
  if (found.value === percent) return lines;
  return [
    ...lines,
    ...row(look, "", `DNS leads ${found.value} % to AWS, which is not on record`, yellow),
  ];
}

/** Which cluster takes writes, and whether payments wait for it. */
export function writerRows({ writer }: Pick<Status, "writer">, now: number, look: Look): string[] {
  const { yellow, red } = look.colors;
  if (!writer.known) return row(look, "writer", `unknown: ${writer.reason}`, yellow);
  if (writer.value === undefined) return row(look, "writer", "no switchover was ever asked for");
  const { color, phase, isAtRest, reason, startedAt } = writer.value;
  if (isAtRest) return row(look, "writer", `${color}'s cluster takes all writes (${phase})`);
  const since = startedAt === undefined ? "" : ` since ${duration((now - startedAt) / 1000)}`;
  const text = `switchover ${phase}${since}, last writer ${color}: ${withShortNames(reason)}`;
  return row(look, "writer", text, phase === "reversing" ? yellow : red);
}
