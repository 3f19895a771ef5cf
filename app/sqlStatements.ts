/** Quoted text in any of the three ways of MySQL, or a comment. */
const PIECES =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//g;

/**
 * Statements of a file of SQL, without its comments; each as it is run, and as it is judged: with
 * nothing between quotes, so that a word in a text is no keyword. Throws on a comment that MySQL would run.
 */
export function readStatements(text: string): { sql: string; judged: string }[] {
  const hidden: string[] = [];
  const bare = text.replace(PIECES, (piece) => {
    if (/^\/\*[!M+]/.test(piece))
      throw new Error(`a comment that is run, ${piece.slice(0, 20)}: write plain statements`);
    if (!/^['"`]/.test(piece)) return " ";
    hidden.push(piece);
    return `${piece[0]}\0${hidden.length - 1}\0${piece[0]}`;
  });
  const restore = (part: string) =>
    part.replace(/['"`]\0(\d+)\0['"`]/g, (_, index) => hidden[Number(index)] ?? "");
  const judge = (part: string) => part.replace(/\0\d+\0/g, "_").replace(/\s+/g, " ");
  return bare
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => ({ sql: restore(part), judged: judge(part) }));
}

/** Parts between the commas that are in no parentheses. */
export function splitAtCommas(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
