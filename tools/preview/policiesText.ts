import type { Exempted, Violation } from "../../policies/core/check";
import type { Exemption } from "../../policies/core/exemptions";
import type { Level } from "../../policies/core/rule";
import { type Colors, PLAIN } from "./colors";
import type { PolicyResult } from "./policies";

/** Everything that the policies say, for people. */
export function policiesText(result: PolicyResult, colors: Colors = PLAIN): string {
  return [
    ...headline(result, colors),
    ...mistakeLines(result, colors),
    ...violationLines(result, "mandatory", colors),
    ...violationLines(result, "advisory", colors),
    ...exemptLines(result, colors),
    ...unusedLines(result, colors),
    ...hiddenLines(result, colors),
    "",
  ].join("\n");
}

/** What stops a deployment and what is exempt; advice only as a number. */
export function policiesSummary(result: PolicyResult, colors: Colors = PLAIN): string {
  return [
    ...headline(result, colors),
    ...mistakeLines(result, colors),
    ...violationLines(result, "mandatory", colors),
    ...exemptLines(result, colors),
  ].join("\n");
}

function headline(result: PolicyResult, colors: Colors): string[] {
  const sum = (of: "resources" | "templateResources") =>
    result.stacks.reduce((total, { report }) => total + report[of], 0);
  const rules = Math.max(0, ...result.stacks.map(({ report }) => report.rules));
  const [mandatory, advisory] = [of(result, "mandatory").length, of(result, "advisory").length];
  const looked = `${rules} rules over ${sum("resources")} resources and ${sum("templateResources")} in nested templates`;
  const stopped = `${mandatory} mandatory`;
  const found = `${mandatory > 0 ? colors.red(stopped) : colors.green(stopped)} and ${advisory} advisory violations, ${exemptedOf(result).length} exempt`;
  return [`${colors.bold("Policies")}: ${looked}: ${found}`];
}

function of({ stacks }: PolicyResult, level: Level): Violation[] {
  return stacks.flatMap(({ report }) => report.violations.filter((one) => one.level === level));
}

function exemptedOf({ stacks }: PolicyResult): Exempted[] {
  return stacks.flatMap(({ report }) => report.exempted);
}

function mistakeLines({ mistakes }: PolicyResult, colors: Colors): string[] {
  return mistakes.map((mistake) => `  ${colors.red(mistake)}`);
}

/** One line for each thing that is said, however many resources it is said about. */
function violationLines(result: PolicyResult, level: Level, colors: Colors): string[] {
  const said = new Map<string, Violation[]>();
  for (const violation of of(result, level)) {
    const key = `${violation.rule.id}  ${violation.message}`;
    said.set(key, [...(said.get(key) ?? []), violation]);
  }
  if (said.size === 0) return [];
  const paint = level === "mandatory" ? colors.red : colors.yellow;
  const lines = [...said.values()].flatMap((violations) => {
    const [first] = violations;
    const names = violations.map(({ resource }) => resource.name).join(", ");
    return [`    ${colors.bold(first?.rule.id ?? "")}  ${names}`, `      ${first?.message}`];
  });
  return [`  ${paint(level)}`, ...lines];
}

function exemptLines(result: PolicyResult, colors: Colors): string[] {
  const covered = new Map<Exemption, Exempted[]>();
  for (const one of exemptedOf(result))
    covered.set(one.exemption, [...(covered.get(one.exemption) ?? []), one]);
  if (covered.size === 0) return [];
  const lines = [...covered].map(([{ rule, reason, until }, all]) => {
    const names = [...new Set(all.map(({ violation }) => violation.resource.name))].join(", ");
    return `    ${colors.bold(rule)}  ${names}  until ${until}: ${reason}`;
  });
  return [`  ${colors.cyan("exempt")}`, ...lines];
}

function unusedLines({ unused }: PolicyResult, colors: Colors): string[] {
  if (unused.length === 0) return [];
  return [
    `  ${colors.yellow("exemptions that cover nothing in these stacks")}`,
    ...unused.map(({ rule, name, until }) => `    ${colors.bold(rule)}  ${name}  until ${until}`),
  ];
}

function hiddenLines({ stacks }: PolicyResult, colors: Colors): string[] {
  const hidden = stacks.flatMap(({ report }) => report.hidden);
  if (hidden.length === 0) return [];
  return [
    `  ${colors.magenta("not visible before a deployment")}`,
    ...hidden.map(({ name, type }) => `    what ${colors.bold(name)} (${type}) makes`),
  ];
}
