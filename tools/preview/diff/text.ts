import { type Colors, PLAIN } from "../colors";
import type { Action, ResourceChange } from "./compare";
import { type Comparison, isEmpty, isRefused } from "./comparison";
import {
  costHeadline,
  costSource,
  counts,
  LABELS,
  nothing,
  propertyLine,
  protectionOf,
  SIGNS,
  signedUsd,
  violationText,
} from "./phrases";

/** A comparison for people at a terminal. One line where there is nothing to tell. */
export function comparisonText(comparison: Comparison, colors: Colors = PLAIN): string {
  if (isEmpty(comparison))
    return [nothing(comparison), ...refusal(comparison, colors), ""].join("\n");
  const { stack, against, known, changes } = comparison;
  const title = `${stack} against ${against}`;
  const fresh = known ? [] : [`${against} has no stack ${stack}: everything is new.`];
  return [
    `${colors.bold(colors.underline(title))}: ${counts(changes)}`,
    ...fresh,
    ...warningLines(comparison, colors),
    ...stackLines(changes, colors),
    ...policyLines(comparison, colors),
    ...refusal(comparison, colors),
    ...costLines(comparison, colors),
    "",
  ].join("\n");
}

function warningLines({ warnings }: Comparison, colors: Colors): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.map(({ stack, text }) => `  ${colors.red("!")} ${stack}: ${text}`);
  return ["", colors.bold(colors.red("Read this first")), ...lines];
}

function stackLines(changes: ResourceChange[], colors: Colors): string[] {
  const stacks = [...new Set(changes.map(({ stack }) => stack))];
  return stacks.flatMap((name) => [
    "",
    colors.bold(`Stack ${name}`),
    ...changes.filter(({ stack }) => stack === name).flatMap((one) => changeLines(one, colors)),
  ]);
}

function changeLines(change: ResourceChange, colors: Colors): string[] {
  const { action, type, name, within, properties } = change;
  const place = within.length > 0 ? colors.dim(`  in ${within.join(" / ")}`) : "";
  const title = `${SIGNS[action]} ${type} ${colors.bold(name)}  ${LABELS[action]}`;
  return [
    `  ${paint(action, colors)(title)}${protectionOf(change)}${place}`,
    ...properties.map((property) => `      ${propertyLine(property)}`),
  ];
}

function paint(action: Action, colors: Colors): (text: string) => string {
  const { green, yellow, red, magenta } = colors;
  return { create: green, update: yellow, unsure: magenta, replace: red, delete: red }[action];
}

function policyLines({ policies: { added, mended } }: Comparison, colors: Colors): string[] {
  const title = colors.bold("Policies");
  if (added.length + mended.length === 0) return ["", `${title}: no difference`];
  return [
    "",
    `${title}: ${added.length} new violations, ${mended.length} mended`,
    ...added.map((one) => `  ${colors.red("new")}     ${violationText(one)}`),
    ...mended.map((one) => `  ${colors.green("mended")}  ${violationText(one)}`),
  ];
}

function refusal({ policies: { mandatory, mistakes } }: Comparison, colors: Colors): string[] {
  const told = mistakes.map((mistake) => `  ${colors.red(mistake)}`);
  if (mandatory === 0) return told;
  const text = `Mandatory violations: ${mandatory}. A deployment would be refused; \`npm run preview\` tells them all.`;
  return [`  ${colors.red(text)}`, ...told];
}

function costLines({ cost }: Comparison, colors: Colors): string[] {
  const width = Math.max(0, ...cost.lines.map(({ item }) => item.length));
  return [
    "",
    `${colors.bold("Cost")}: ${costHeadline(cost)}`,
    ...cost.lines.map(
      ({ item, before, after }) => `  ${item.padEnd(width)}  ${signedUsd(after - before)}`,
    ),
    ...cost.unknown.map((sentence) => `  ${sentence}`),
    `  ${colors.dim(costSource())}`,
  ];
}

/** What a script looks at first. */
export function exitCodeOf(comparison: Comparison): 0 | 1 {
  return isRefused(comparison) ? 1 : 0;
}
