import * as path from "node:path";
import { Worker } from "node:worker_threads";
import type { Trial } from "../simulation/peers/trial";
import type { Job } from "./peersGrid";

const WORKER = path.join(__dirname, "peersWorker.cjs");

/**
 * Runs the jobs on so many cores, and gives their trials in the jobs' order, which does not depend on how
 * many there are. Rejects with the first error.
 * @param onDone to be told after each job
 */
export async function runJobs(
  jobs: readonly Job[],
  cores: number,
  onDone: (done: number) => void = () => {},
): Promise<Trial[][]> {
  const results: Trial[][] = new Array(jobs.length);
  let [next, done] = [0, 0];
  const workers = Array.from(
    { length: Math.min(cores, jobs.length) },
    () => new Worker(WORKER, { execArgv: [] }),
  );
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let taken = next;
      const give = () => {
        taken = next++;
        const job = jobs[taken];
        if (job === undefined) resolve();
        else worker.postMessage(job);
      };
      worker.on("message", (trials: Trial[]) => {
        results[taken] = trials;
        onDone(++done);
        give();
      });
      worker.on("error", reject);
      give();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}
