/** Text that is HTML already: put into `html` as it is, where all else is escaped. */
export interface Markup {
  readonly markup: string;
}

export type Part = string | number | Markup | readonly Part[] | undefined;

/** HTML from a template: what stands in its places is escaped, but for `Markup`; undefined leaves nothing. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Markup {
  const markup = texts.map((text, index) => text + inserted(parts[index])).join("");
  return { markup };
}

/** Takes a text for HTML. Only for what a library or this program made, never for what a person wrote. */
export function trusted(markup: string): Markup {
  return { markup };
}

function inserted(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "markup" in part ? part.markup : part.map(inserted).join("");
}

const ENTITIES: { [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, which HTML forbids, and those that turn the direction of what follows them. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** For texts and attributes. What must not stand there becomes the replacement character. */
export function escapeHtml(text: string): string {
  return text
    .replace(FORBIDDEN, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
