import { wrap } from "../../terminal/layout";
import type { Check } from "../doctor/check";
import type { Diagnosis } from "../doctor/examine";
import { type Look, type Paint, widthOf } from "./look";

/** Room for the names of checks. */
const NAME = 14;

/** Each check on its line, and below it what to do. Pure. */
export function diagnosisScreen(
  environment: string,
  { checks, canBegin }: Diagnosis,
  look: Look,
): string[] {
  const { colors } = look;
  const count = (...verdicts: Check["verdict"][]) =>
    checks.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const [stops, unknown, warnings] = [count("bad"), count("unknown"), count("warning")];
  const said = [
    ...(stops > 0 ? [`${stops} ${stops === 1 ? "thing stops" : "things stop"} a cutover`] : []),
    ...(unknown > 0 ? [`${unknown} could not be looked at`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? "deserves" : "deserve"} a look`] : []),
  ].join(", ");
  const verdict = canBegin
    ? colors.green(`Nothing stops a cutover${said === "" ? "" : `; ${said}`}.`)
    : colors.red(`${said}.`);
  return [
    colors.bold(environment),
    ...checks.flatMap((check) => checkLines(check, look)),
    "",
    verdict,
  ];
}

function checkLines({ name, verdict, finding, fix }: Check, look: Look): string[] {
  const { colors, glyphs } = look;
  const [glyph, paint]: [string, Paint] = {
    good: [glyphs.good, colors.green] as [string, Paint],
    warning: [glyphs.warning, colors.yellow] as [string, Paint],
    bad: [glyphs.bad, colors.red] as [string, Paint],
    unknown: [glyphs.unknown, colors.yellow] as [string, Paint],
  }[verdict];
  const mark = glyph.padEnd(2);
  const indent = mark.length + 1 + NAME;
  const room = widthOf(look) - indent;
  const text = wrap(finding, room).map((line, index) =>
    index === 0
      ? `${paint(mark)} ${name.padEnd(NAME)}${verdict === "good" ? colors.dim(line) : line}`
      : `${" ".repeat(indent)}${line}`,
  );
  const remedy = fix === undefined ? [] : wrap(fix, room);
  return [...text, ...remedy.map((line) => `${" ".repeat(indent)}${colors.cyan(line)}`)];
}
