import type { ResourceChange } from "./compare";
import { type Comparison, isEmpty } from "./comparison";
import {
  costHeadline,
  costSource,
  counts,
  LABELS,
  nothing,
  plainUsd,
  propertyLine,
  protectionOf,
  SIGNS,
  signedUsd,
  violationText,
} from "./phrases";

/** Characters that GitHub takes in a comment. */
export const COMMENT_LIMIT = 65_536;

/** Left for what the caller puts around it, such as a mark that finds the comment again. */
const RESERVE = 1_024;

/** A comparison as a comment on a pull request; the details are folded, and cut where they get too long. */
export function comparisonMarkdown(comparison: Comparison): string {
  const head = [title(comparison), ...refusal(comparison)];
  if (isEmpty(comparison)) return assembled(head, [], "");
  const { warnings, cost } = comparison;
  const items = warnings.map(({ stack, text }) => `> - **${escaped(stack)}**: ${escaped(text)}`);
  const warned = items.length > 0 ? [["> [!WARNING]", ...items].join("\n")] : [];
  const tail = [policies(comparison), costSection(cost)].join("\n\n");
  return assembled([...head, ...warned], stackSections(comparison), tail);
}

function title(comparison: Comparison): string {
  if (isEmpty(comparison)) return escaped(nothing(comparison));
  const { stack, against, known, changes } = comparison;
  const fresh = known ? "" : ` ${escaped(against)} has no such stack: everything is new.`;
  return `### ${escaped(stack)} against ${escaped(against)}\n\n${counts(changes)}.${fresh}`;
}

function refusal({ policies: { mandatory, mistakes } }: Comparison): string[] {
  const told = mistakes.map((mistake) => `- ${escaped(mistake)}`).join("\n");
  const count = `**Mandatory violations: ${mandatory}.** A deployment would be refused.`;
  return [...(mandatory > 0 ? [count] : []), ...(told === "" ? [] : [told])];
}

interface Section {
  summary: string;
  /** In a `diff` block; cut from the end. */
  lines: string[];
}

function stackSections({ changes }: Comparison): Section[] {
  return [...new Set(changes.map(({ stack }) => stack))].map((name) => {
    const own = changes.filter(({ stack }) => stack === name);
    const summary = `<b>${escaped(name)}</b>: ${counts(own)}`;
    return { summary, lines: own.flatMap(changeLines) };
  });
}

/** GitHub colors a line of a `diff` block by its first character. */
function changeLines(change: ResourceChange): string[] {
  const { action, type, name, within, properties } = change;
  const sign = { ...SIGNS, update: "!", unsure: "!", replace: "!" }[action];
  const place = within.length > 0 ? `  in ${within.join(" / ")}` : "";
  return [
    `${sign} ${type} ${name}  ${LABELS[action]}${protectionOf(change)}${place}`,
    ...properties.map((property) => `      ${propertyLine(property)}`),
  ];
}

function policies({ policies: { added, mended } }: Comparison): string {
  if (added.length + mended.length === 0) return "**Policies**: no difference.";
  const list = [
    ...added.map((one) => `- new: ${escaped(violationText(one))}`),
    ...mended.map((one) => `- mended: ${escaped(violationText(one))}`),
  ];
  const more = list.length - MOST_VIOLATIONS;
  const rest = more > 0 ? [`- and ${more} more`] : [];
  const headline = `**Policies**: ${added.length} new violations, ${mended.length} mended.`;
  return [headline, "", ...list.slice(0, MOST_VIOLATIONS), ...rest].join("\n");
}

const MOST_VIOLATIONS = 40;

function costSection(cost: Comparison["cost"]): string {
  const rows = cost.lines.map(
    ({ item, before, after }) =>
      `| ${escaped(item)} | ${plainUsd(before)} | ${plainUsd(after)} | ${signedUsd(after - before)} |`,
  );
  const table =
    rows.length > 0
      ? ["", "| USD a month | before | after | difference |", "|---|--:|--:|--:|", ...rows, ""]
      : [];
  const notes = [...cost.unknown, costSource()].map((note) => `<sub>${escaped(note)}</sub>`);
  return [`**Cost**: ${costHeadline(cost)}.`, ...table, ...notes].join("\n");
}

/** Everything but the details is kept; they share what is left. */
function assembled(head: string[], sections: Section[], tail: string): string {
  const [start, end] = [bounded(head.join("\n\n"), START_LIMIT), bounded(tail, END_LIMIT)];
  let room = COMMENT_LIMIT - RESERVE - start.length - end.length;
  const details = sections.map((section) => {
    const text = folded(section, room);
    room -= text.length;
    return text;
  });
  return `${[start, ...details, end].filter((part) => part !== "").join("\n\n")}\n`;
}

const START_LIMIT = 24_000;
const END_LIMIT = 16_000;

function bounded(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (cut)`;
}

/** Characters around the lines of a section, with what is said of those that are cut. */
const FRAME = 300;

function folded({ summary, lines }: Section, room: number): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
  const kept: string[] = [];
  let used = FRAME + summary.length + 2 * fence.length;
  for (const line of lines) {
    used += line.length + 1;
    if (used > room) break;
    kept.push(line);
  }
  const left = lines.length - kept.length;
  const cut = left > 0 ? `\n\n${left} more lines do not fit: \`npm run preview\` shows all.` : "";
  const block = kept.length > 0 ? `${fence}diff\n${kept.join("\n")}\n${fence}` : "";
  return `<details><summary>${summary}</summary>\n\n${block}${cut}\n\n</details>`;
}

/** A fence has to be longer than every run of its character inside. */
function longestRun(lines: string[]): number {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return Math.max(0, ...runs.map((run) => run.length));
}

/**
 * Text that Markdown and HTML take for nothing but text, and that calls nobody: an `@` in front of a name
 * would. Code between two backticks stays code.
 */
export function escaped(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? part.replace(/\|/g, "\\|") : escapedProse(part)))
    .join("");
}

function escapedProse(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_[\]|~#]/g, "\\$&")
    .replace(/@/g, "@<!-- -->")
    .replace(/\s+/g, " ");
}
