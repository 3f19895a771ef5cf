import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { readArguments as cutover } from "../../../tools/cutover/arguments";
import { stackNames } from "../../../tools/evaluate/project";
import { readArguments as rehearse } from "../../../tools/rehearse/arguments";
import { readArguments as release } from "../../../tools/release/arguments";
import { readArguments as simulate } from "../../../tools/simulate/arguments";
import { readArguments as start } from "../../../tools/start/arguments";
import { readArguments as drill } from "../../drill/arguments";
import { blocksOf, codeOf, ROOT } from "./pages";

/** An npm script as a page tells a person to run it. */
export interface NpmCommand {
  /** As it stands there. */
  text: string;
  script: string;
  given: string[];
  /** Where it is run; the root unless the line goes elsewhere first. */
  folder: string;
}

/** What the commands make of their arguments; a number is the exit code of what was wrong. */
const PARSERS: { [script: string]: (given: string[]) => object } = {
  cutover: (given) => cutover(given),
  rehearse,
  release,
  simulate,
  start,
  drill: (given) => drill(given, () => undefined),
  preview,
};

/** The preview reads its arguments where it acts on them, so its options are taken from its source. */
function preview(given: string[]): object {
  const source = readFileSync(join(ROOT, "tools", "preview.ts"), "utf8");
  const command = new Command().argument("[stack]").exitOverride();
  for (const [, flags = ""] of source.matchAll(/\.option\("(--[^"]+)"/g)) command.option(flags);
  command.configureOutput({ writeErr: () => undefined });
  try {
    command.parse(given, { from: "user" });
  } catch {
    return { exitCode: 2 };
  }
  const [stack = "dev"] = command.args;
  return stackNames(ROOT).includes(stack) ? {} : { exitCode: 2 };
}

const SHELLS = ["sh", "bash", "console", ""];

/** Every npm command in the page's blocks, and in code font where nothing stands for something else. */
export function npmCommandsOf(text: string): NpmCommand[] {
  const lines = blocksOf(text)
    .filter(({ language }) => SHELLS.includes(language))
    .flatMap((block) => block.text.replace(/\\\n\s*/g, " ").split("\n"));
  const inline = codeOf(text).filter((code) => !/<|…|\.\.\./.test(code));
  return [...lines, ...inline].flatMap((line) => {
    const parts = partsOf(line);
    const [, folder = "."] = parts.find(([command]) => command === "cd") ?? [];
    return parts.flatMap((words) => commandOf(words, folder));
  });
}

/** A line's commands, without comments and what they are piped into. */
function partsOf(line: string): string[][] {
  const parts: string[][] = [[]];
  for (const [word] of line.matchAll(/"[^"]*"|'[^']*'|[^\s"']+/g)) {
    if (word.startsWith("#")) break;
    if (["&&", "|", ">", ";"].includes(word)) parts.push([]);
    else parts.at(-1)?.push(word.replace(/^["'](.*)["']$/, "$1"));
  }
  return parts.map((words) => (words[0] === "$" ? words.slice(1) : words));
}

function commandOf([npm, first = "", ...rest]: string[], folder: string): NpmCommand[] {
  if (npm !== "npm") return [];
  const [script = "", ...more] = first === "run" ? rest.filter(isWord) : [first, ...rest];
  if (first !== "run" && !["start", "test"].includes(first)) return [];
  const given = more[0] === "--" ? more.slice(1) : more;
  return [{ text: ["npm", first, ...rest].join(" "), script, given, folder }];
}

/** npm's own options before the script. */
function isWord(word: string, index: number): boolean {
  return index > 0 || word !== "-s";
}

export function scriptsOf({ folder }: NpmCommand): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as {
    scripts: { [name: string]: string };
  };
  return Object.keys(scripts);
}

/**
 * What the command's own reader says to its arguments: an exit code for what it does not take. A command
 * without any is only named.
 */
export function exitCodeOf({ script, given }: NpmCommand): number | undefined {
  const asked = given.length === 0 ? undefined : PARSERS[script]?.(given);
  return asked !== undefined && "exitCode" in asked ? Number(asked.exitCode) : undefined;
}
