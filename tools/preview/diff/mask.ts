import { createHmac } from "node:crypto";
import { isSecret, type Properties, redact, reveal } from "../../evaluate/values";

const LABEL = "[secret]";

/**
 * The value without secrets and without the checkout's place. A secret becomes a mark that is the same for
 * the same secret and tells nothing about it; `unmarked` takes the marks away for people.
 * @param key drawn anew for each comparison, and never kept
 * @param directory replaced by `.` in texts: the two revisions lie in different folders
 */
export function mask(value: unknown, key: string, directory: string): unknown {
  return inPlace(redact(marked(value, key)), directory);
}

function marked(value: unknown, key: string): unknown {
  if (isSecret(value)) {
    const text = JSON.stringify(reveal(value.value)) ?? "";
    return `[secret ${createHmac("sha256", key).update(text).digest("hex").slice(0, 16)}]`;
  }
  if (Array.isArray(value)) return value.map((item) => marked(item, key));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, marked(item, key)]));
}

/** Assets and archives are not: `redact` has a text for them. */
function isPlain(value: unknown): value is Properties {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function inPlace(value: unknown, directory: string): unknown {
  if (typeof value === "string") return value.replaceAll(directory, ".");
  if (Array.isArray(value)) return value.map((item) => inPlace(item, directory));
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, inPlace(item, directory)]);
  return Object.fromEntries(entries);
}

export function unmarked(text: string): string {
  return text.replace(/\[secret [0-9a-f]{16}\]/g, LABEL);
}
