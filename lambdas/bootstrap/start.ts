import type { BootstrapAnswer, ClusterAccess, DatabaseUser, StartRequest } from "./contract";
import { namesOf } from "./credentials";
import type { Ports } from "./ports";
import { runStatement } from "./run";
import { existingUsers, lockStatement } from "./statements";

/** Milliseconds between two looks at a task that is not ready yet. */
const POLL_MILLISECONDS = 5_000;
/** Milliseconds kept back for the start itself. */
const RESERVE_MILLISECONDS = 30_000;

/** States of a task on its way to `ready`, in AWS DMS's words. */
const ON_THE_WAY = ["creating", "modifying", "testing"];

/**
 * Locks who must not write, then starts the task: once, and never again. That neither direction has
 * ever run is the proof that no payment has been switched over: a lock would otherwise shut out the
 * cluster that takes writes today.
 */
export async function start(ports: Ports, request: StartRequest): Promise<BootstrapAnswer> {
  const { taskArn, legacyTaskArn, source, target } = request;
  for (const arn of [taskArn, request.reverseTaskArn]) {
    const status = await settledStatus(ports, arn);
    if (status !== "ready")
      return {
        verb: "start",
        started: [],
        reason: `${arn} is ${status}: replication has begun before, and only the controller moves it now`,
      };
  }
  await lock(ports, target, "application");
  // An on-premises database feeds the source as this user; nothing replicates back before a switchover.
  if (legacyTaskArn === undefined) await lock(ports, source, "replicationTarget");
  const started: string[] = [];
  // The feed first: if this ends in between, the next run still finds the main task ready.
  for (const arn of [legacyTaskArn, taskArn]) {
    if (arn === undefined || (await settledStatus(ports, arn)) !== "ready") continue;
    await startOnce(ports, arn);
    started.push(arn);
  }
  return { verb: "start", started, reason: "no task had ever run" };
}

async function startOnce(ports: Ports, taskArn: string): Promise<void> {
  try {
    await ports.replication.start(taskArn);
  } catch (error) {
    // The answer may have been lost: a task that was started is no longer ready.
    if ((await ports.replication.status(taskArn)) === "ready") throw error;
  }
}

async function settledStatus(ports: Ports, taskArn: string): Promise<string> {
  for (;;) {
    const status = await ports.replication.status(taskArn);
    if (!ON_THE_WAY.includes(status)) return status;
    if (ports.clock.timeLeft() < RESERVE_MILLISECONDS)
      throw new Error(`${taskArn} is still ${status}: run this again when it is ready`);
    await ports.clock.sleep(POLL_MILLISECONDS);
  }
}

/** Locks a user and its twin, whichever of them there are. */
async function lock(ports: Ports, cluster: ClusterAccess, user: DatabaseUser): Promise<void> {
  const rows = await ports.sql.execute(cluster, existingUsers(namesOf(user)));
  const names = rows.map(([name]) => name).filter((name) => name !== undefined);
  if (names.length === 0)
    throw new Error(`${cluster.clusterArn} has no user ${namesOf(user)[0]}: prepare it first`);
  for (const name of names) await runStatement(ports, cluster, lockStatement(name));
}
