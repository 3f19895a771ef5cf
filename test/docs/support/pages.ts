import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "..", "..", "..");

/** A page of documentation, by its path from the root with forward slashes. */
export interface Page {
  path: string;
  text: string;
}

/** A fenced block of a page. */
export interface Block {
  /** Such as `sh` or `mermaid`; empty where none is named. */
  language: string;
  text: string;
}

const ROOT_PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
const MORE_PAGES = ["bench/RESULTS.md", "policies/README.md"];

/** Every page that is for people. */
export function readPages(): Page[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.split("\\").join("/")}`);
  return [...ROOT_PAGES, ...docs.sort(), ...MORE_PAGES].map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), "utf8"),
  }));
}

const FENCE = /^( *)(```+)(\w*)[^\n]*\n([\s\S]*?)^\1\2 *$/gm;

export function blocksOf(text: string): Block[] {
  return [...text.matchAll(FENCE)].map(([, , , language = "", body = ""]) => ({
    language,
    text: body,
  }));
}

/** The text without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replace(FENCE, "");
}

const CODE = /(`+)((?:(?!`)[^\n]|(?!\1)`)+?)\1(?!`)/g;

/** What stands in code font in a line. */
export function codeOf(text: string): string[] {
  return [...proseOf(text).matchAll(CODE)].map(([, , code = ""]) => code.trim());
}

/** Where the page's links lead. */
export function linksOf(text: string): string[] {
  const withoutCode = proseOf(text).replace(CODE, "code");
  return [...withoutCode.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replace(/\]\([^)]*\)/g, "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replace(/ /g, "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
