import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** The report could not be written; the message says where, why, and what to do. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}

/**
 * Writes a report in one go: whoever looks finds the old file or the new one, never a part.
 * Throws a `WriteError` when the folder is missing or cannot be written.
 * @param path of the file, absolute or from the working directory
 */
export function writeReport(path: string, html: string): void {
  const file = resolve(path);
  withDraft(file, (draft) => {
    writeFileSync(draft, html);
    renameSync(draft, file);
  });
}

/**
 * Throws the `WriteError` that `writeReport` would: to be asked before a rehearsal takes its time.
 * @param path as of `writeReport`
 */
export function checkWritable(path: string): void {
  const file = resolve(path);
  withDraft(file, (draft) => {
    writeFileSync(draft, "");
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
      throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
  });
}

/** Gives `write` a name for a draft, of which nothing is left in the end. */
function withDraft(file: string, write: (draft: string) => void): void {
  // In the same folder, because a file cannot be renamed into another file system.
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    write(draft);
  } catch (error) {
    throw new WriteError(inWords(file, error as NodeJS.ErrnoException));
  } finally {
    if (existsSync(draft)) rmSync(draft);
  }
}

function inWords(file: string, { code, message }: NodeJS.ErrnoException): string {
  const cannot = `The report cannot be written to ${file}`;
  const folder = dirname(file);
  if (code === "ENOENT" && !existsSync(folder))
    return `${cannot}: there is no folder ${folder}. Make it (mkdir -p), or name another.`;
  switch (code) {
    case "ENOTDIR":
      return `${cannot}: ${folder} is not a folder. Name another place.`;
    case "EISDIR":
      return `${cannot}: that is a folder. Name a file in it.`;
    // What some file systems of the kernel say when nobody can make a file there.
    case "ENOENT":
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${cannot}: you may not write in ${folder}. Name a folder that is yours.`;
    case "ENOSPC":
      return `${cannot}: the disk is full. Make room, or name another place.`;
    default:
      return `${cannot}: ${message}. Name another place.`;
  }
}
