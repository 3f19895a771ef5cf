/** What is known beside the message. Nothing of a request's body and nothing secret goes in here. */
export type Facts = { readonly [name: string]: string | number };

export type Log = (level: "info" | "error", message: string, facts?: Facts) => void;

/** One JSON object a line, on stdout, where the container's log driver picks it up. */
export function createLog(color: string, write: (line: string) => void): Log {
  return (level, message, facts) =>
    write(JSON.stringify({ time: new Date().toISOString(), level, color, message, ...facts }));
}

export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * An error in a few words. Of a database's error only its name: the message may quote what a
 * client has sent.
 */
export function inWords(error: unknown): string {
  const { code, errno, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof errno === "number" && code !== undefined) return `${code} (${errno})`;
  return [code, message ?? String(error)].filter((part) => part !== undefined).join(": ");
}
