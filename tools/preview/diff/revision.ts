import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UsageError } from "../../evaluate/project";

/** A commit of the repository that holds the project. */
export interface Revision {
  /** As the person named it. */
  ref: string;
  /** Its full id. */
  commit: string;
  /** The repository's top folder. */
  top: string;
  /** Where in the repository the project lies; empty at the top, and otherwise with a slash at its end. */
  prefix: string;
}

/** @throws {UsageError} where the folder is no git checkout, or the ref names no commit in it */
export function findRevision(directory: string, ref: string): Revision {
  const top = git(directory, "rev-parse", "--show-toplevel");
  const prefix = git(directory, "rev-parse", "--show-prefix");
  if (top === undefined || prefix === undefined)
    throw new UsageError(
      `--diff: ${directory} is not in a git checkout, so there is no other revision. Clone the repository, or leave out --diff.`,
    );
  const name = `${ref}^{commit}`;
  const commit = git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", name);
  if (commit === undefined || commit === "")
    throw new UsageError(
      `--diff: got ${ref}, allowed: a branch, tag or commit of this checkout. Fetch it first, as with \`git fetch origin\`; a shallow clone holds one commit alone.`,
    );
  return { ref, commit, top, prefix };
}

/** Such as `main (1a2b3c4d5e6f)`. */
export function titleOf({ ref, commit }: Pick<Revision, "ref" | "commit">): string {
  const short = commit.slice(0, 12);
  return commit.startsWith(ref) ? short : `${ref} (${short})`;
}

/**
 * Writes the revision's files into a new folder, beside this checkout's packages. The repository itself is
 * not touched: no worktree is left behind, whatever ends this process.
 * @returns the folder; it goes with `removeExport`, and when the process ends
 */
export function exportRevision(revision: Revision, directory: string): string {
  const packages = path.join(directory, "node_modules");
  if (!fs.existsSync(packages))
    throw new UsageError(`There is no ${packages}, which both revisions need. Run \`npm ci\`.`);
  const folder = newFolder();
  const archive = path.join(folder, "revision.tar");
  const tree = `${revision.commit}:${revision.prefix}`;
  run("git", ["-C", revision.top, "archive", "--format=tar", `--output=${archive}`, tree]);
  const files = path.join(folder, "files");
  fs.mkdirSync(files);
  run("tar", ["-xf", archive, "-C", files]);
  fs.rmSync(path.join(files, "node_modules"), { recursive: true, force: true });
  fs.symlinkSync(fs.realpathSync(packages), path.join(files, "node_modules"), "junction");
  return files;
}

const folders = new Set<string>();

function newFolder(): string {
  if (folders.size === 0) process.on("exit", removeAll);
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "payments-revision-")));
  folders.add(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  folders.clear();
  process.removeListener("exit", removeAll);
}

/** @param files what `exportRevision` returned */
export function removeExport(files: string): void {
  const folder = path.dirname(files);
  fs.rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
  if (folders.size === 0) process.removeListener("exit", removeAll);
}

/** What git answers; undefined where it says no, or is not there. */
function git(directory: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync("git", ["-C", directory, ...args], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status === 0) return;
  throw new UsageError(`${program} failed: ${(error?.message ?? stderr).trim()}`);
}
