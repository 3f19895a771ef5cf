import { type ChildProcess, fork } from "node:child_process";
import * as path from "node:path";
import { UsageError } from "../../evaluate/project";
import { exportRevision, type Revision, removeExport, titleOf } from "./revision";
import type { Snapshot, SnapshotRequest } from "./snapshot";

/** What the other process is told. */
export interface Order extends SnapshotRequest {
  /** This checkout, whose compiled files the export's are compared with. */
  checkout: string;
}

/** What it answers. */
export type Answer = { snapshot: Snapshot } | { failure: string };

/** Characters of the other process's own words that are shown when it dies. */
const LAST_WORDS = 500;

/**
 * Evaluates another revision in a process of its own. The export goes in any case, on Ctrl-C too.
 * @param request `directory` is this checkout's
 * @throws {UsageError} with the program's own error, where it does not evaluate
 */
export async function otherSnapshot(
  revision: Revision,
  request: SnapshotRequest,
): Promise<Snapshot> {
  const stop = endOnSignals();
  let directory: string | undefined;
  try {
    directory = exportRevision(revision, request.directory);
    const answer = await ask({ ...request, directory, checkout: request.directory }, revision);
    if ("snapshot" in answer) return answer.snapshot;
    const said = answer.failure.replaceAll(directory, request.directory);
    throw new UsageError(
      `The program of ${titleOf(revision)} does not evaluate, so there is nothing to compare with. It says:\n  ${said.replaceAll("\n", "\n  ")}`,
    );
  } finally {
    stop();
    if (directory !== undefined) removeExport(directory);
  }
}

function ask(order: Order, revision: Revision): Promise<Answer> {
  const child = startProcess(order.checkout);
  const words = listen(child);
  return new Promise((resolve, reject) => {
    child.once("message", (answer: Answer) => resolve(answer));
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(
        new UsageError(
          `The process that evaluates ${titleOf(revision)} ended (${signal ?? code}) without an answer. ${words()}`.trim(),
        ),
      ),
    );
    child.send(order);
  });
}

function startProcess(checkout: string): ChildProcess {
  const tools = path.resolve(__dirname, "../..");
  const child = fork(path.join(__dirname, "otherProcess.ts"), {
    cwd: checkout,
    execArgv: ["-r", path.join(tools, "node/fast-start.cjs")],
    // What the program prints would stand in the middle of the comparison.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.removeListener("exit", kill));
  return child;
}

function listen({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr?.setEncoding("utf8").on("data", (more: string) => {
    text = (text + more).slice(-LAST_WORDS);
  });
  return () => text.trim();
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** An end by signal runs no `finally`; one by `process.exit` removes what is to be removed. */
function endOnSignals(): () => void {
  const ends = Object.entries(SIGNALS).map(([signal, number]) => {
    const end = () => process.exit(128 + number);
    process.once(signal, end);
    return () => process.removeListener(signal, end);
  });
  return () => {
    for (const leave of ends) leave();
  };
}
