import type { Evaluation } from "../evaluate/evaluate";
import type { RegisteredResource } from "../evaluate/registration";
import { type Colors, PLAIN } from "./colors";
import { shownOutputs } from "./json";
import {
  describeTypes,
  type NestedTemplate,
  nestedTemplates,
  TEMPLATE_LIMIT_BYTES,
} from "./templates";
import { countTiers, sumOf, type Tier } from "./tiers";

/** Longer values are cut: `--json` has them in full. */
const VALUE_WIDTH = 100;

/** The whole plan of one stack, for people. */
export function previewText(evaluation: Evaluation, colors: Colors = PLAIN): string {
  const { stack, resources } = evaluation;
  return [
    colors.bold(colors.underline(`Stack ${stack}`)),
    "",
    ...tree(resources, colors),
    "",
    ...tierTable(countTiers(resources), colors),
    ...templateLines(nestedTemplates(resources), colors),
    ...outputLines(evaluation, colors),
    "",
  ].join("\n");
}

/** The resources under their components, each line as deep as its component. */
function tree(resources: RegisteredResource[], colors: Colors): string[] {
  const children = new Map<string | undefined, RegisteredResource[]>();
  for (const resource of resources) {
    const siblings = children.get(resource.parent) ?? [];
    children.set(resource.parent, [...siblings, resource]);
  }
  const lines = (parent: string | undefined, indent: string): string[] =>
    (children.get(parent) ?? []).flatMap((resource) => [
      indent + line(resource, colors),
      ...lines(resource.urn, `${indent}  `),
    ]);
  return lines(undefined, "");
}

function line(resource: RegisteredResource, colors: Colors): string {
  const { type, name, custom } = resource;
  const title = custom
    ? `${colors.dim(type)} ${name}`
    : `${colors.cyan(type)} ${colors.bold(name)}`;
  return [title, ...marks(resource, colors)].join("  ");
}

function marks({ options, remote }: RegisteredResource, colors: Colors): string[] {
  const { protect, ignoreChanges } = options;
  return [
    ...(protect ? [colors.green("[protected]")] : []),
    ...(ignoreChanges.length > 0 ? [colors.yellow(`[ignores ${ignoreChanges.join(", ")}]`)] : []),
    ...(remote ? [colors.magenta("[remote: its children show only in AWS]")] : []),
  ];
}

function tierTable(tiers: Tier[], colors: Colors): string[] {
  const row = (name: string, ...counts: (number | string)[]) =>
    name.padEnd(16) + counts.map((count) => String(count).padStart(12)).join("");
  const counts = (of: (column: "custom" | "components" | "remote" | "protected") => number) =>
    (["custom", "components", "remote", "protected"] as const).map(of);
  return [
    colors.bold(row("Tier", "resources", "components", "remote", "protected")),
    ...tiers.map((tier) => row(tier.name, ...counts((column) => tier[column]))),
    colors.bold(row("all", ...counts((column) => sumOf(tiers, column)))),
  ];
}

function templateLines(templates: NestedTemplate[], colors: Colors): string[] {
  if (templates.length === 0) return [];
  return [
    "",
    colors.bold(
      `Nested CloudFormation templates, of at most ${grouped(TEMPLATE_LIMIT_BYTES)} bytes`,
    ),
    ...templates.map((template) => {
      const size = `${grouped(template.bytes)} bytes`;
      const fits = template.bytes <= TEMPLATE_LIMIT_BYTES;
      return `  ${template.name}  ${fits ? size : colors.red(`${size}, too large`)}  ${colors.dim(describeTypes(template))}`;
    }),
  ];
}

function outputLines(evaluation: Evaluation, colors: Colors): string[] {
  const outputs = Object.entries(shownOutputs(evaluation));
  if (outputs.length === 0) return [];
  const width = Math.max(...outputs.map(([name]) => name.length));
  return [
    "",
    colors.bold("Outputs"),
    ...outputs.map(([name, value]) => `  ${name.padEnd(width)}  ${short(value)}`),
  ];
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= VALUE_WIDTH ? text : `${text.slice(0, VALUE_WIDTH - 1)}…`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
