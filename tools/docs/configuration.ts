import type { Field } from "../../stacks/fieldKinds";
import { FIELDS, type FieldKey } from "../../stacks/fields";
import { SECTIONS, type Section } from "./changes";

/** Values under `config` of a YAML file, by their full key or as Pulumi.yaml has them. */
export interface ConfigFile {
  config: { readonly [key: string]: unknown };
}

/** All that the page is made of. */
export interface Sources {
  /** Pulumi.yaml: a description for each key. */
  project: ConfigFile;
  dev: ConfigFile;
  prod: ConfigFile;
  prodBase: ConfigFile;
}

const HEAD = `# Configuration

<!-- Made by npm run docs from stacks/fields.ts, Pulumi.yaml and the stacks' files. Change those. -->

Each key stands under \`config:\` in \`Pulumi.<stack>.yaml\`, as \`payments:<key>\`. Keys without a default must be set. Defaults are the strict values
of production; a stack relaxes them one by one. A key that is not known, a value that is not allowed and two keys that contradict each other are
reported all at once, before anything is touched, with exit code 2.

\`aws:region\` is Pulumi's own key, and must be set: \`us-east-1\` unless a stack says otherwise. "A change" says what a later change of the key does
to an environment that runs. Before you deploy one, look: \`npm run preview -- prod --diff main\`.

prod is two stacks, \`prod-base\` and \`prod\`; shown is the value of the one that owns the layer.
`;

/** The page docs/configuration.md. Pure. */
export function configurationPage(sources: Sources): string {
  const sections = SECTIONS.map((section) => sectionText(section, sources));
  return `${[HEAD, ...sections].join("\n").trimEnd()}\n`;
}

const COLUMNS = "| `payments:` | what it does | type, default | dev | prod | a change |";

function sectionText(section: Section, sources: Sources): string {
  const rows = Object.entries(section.changes).map(([key, change]) =>
    row(key as FieldKey, change, section, sources),
  );
  return [`## ${section.title}`, "", COLUMNS, "|---|---|---|---|---|---|", ...rows, ""].join("\n");
}

function row(key: FieldKey, change: string, { prodStack }: Section, sources: Sources): string {
  const field: Field = FIELDS[key];
  const { description } = sources.project.config[key] as { description: string };
  const fallback = field.default === undefined ? "must be set" : valueText(field.default);
  const cells = [
    `\`${key}\``,
    `${description} *Allowed:* ${field.allowed}.`,
    `${field.type}, ${fallback}`,
    valueText(settingOf(sources.dev, key)),
    prodText(key, prodStack, sources),
    change,
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function prodText(key: FieldKey, stack: Section["prodStack"], sources: Sources): string {
  const [prod, base] = [sources.prod, sources.prodBase].map((file) =>
    valueText(settingOf(file, key)),
  );
  if (prod === base) return String(prod);
  if (stack === "both") return `prod-base: ${base}; prod: ${prod}`;
  return String(stack === "prod" ? prod : base);
}

function settingOf({ config }: ConfigFile, key: FieldKey): unknown {
  return config[`payments:${key}`];
}

/** Longer values are cut: the stack's file has them. */
const LONGEST = 44;

function valueText(value: unknown): string {
  if (value === undefined) return "the default";
  if (value === "") return "empty";
  if (Array.isArray(value)) return value.length === 0 ? "none" : listText(value);
  const text = String(value);
  return `\`${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}\``;
}

/** Steps are told in short: `10 % 5 min, 50 % 10 min`. */
function listText(values: readonly unknown[]): string {
  return values.map((value) => (isStep(value) ? stepText(value) : itemText(value))).join(", ");
}

interface Step {
  weightPercent?: number;
  awsPercent?: number;
  bakeMinutes: number;
}

function isStep(value: unknown): value is Step {
  return typeof value === "object" && value !== null && "bakeMinutes" in value;
}

function stepText({ weightPercent, awsPercent, bakeMinutes }: Step): string {
  return `${weightPercent ?? awsPercent} % ${bakeMinutes} min`;
}

function itemText(value: unknown): string {
  if (typeof value !== "object" || value === null) return `\`${value}\``;
  const { days, from, to } = value as { days: string[]; from: string; to: string };
  return `${days.join(" ")} ${from} to ${to}`;
}

/** A bar would end the cell, and what looks like a tag would vanish. */
function cell(text: string): string {
  return text
    .replace(/\|/g, "\\|")
    .replace(/\s+/g, " ")
    .replace(/(^|[^`\w])<(?=\w)/g, "$1&lt;");
}
