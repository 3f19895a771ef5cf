import { type Color, otherColor } from "../../lambdas/cutover/contract";
import type { Outcome } from "../../lambdas/switchover/ports";
import type { Position } from "../../lambdas/switchover/statements";
import type { Scheduler } from "../campaign/scheduler";
import type { Random } from "../random";
import { append, type Cluster, type Entry } from "./clusters";
import type { Ledger } from "./ledger";

/** A task of AWS DMS: it reads one cluster's log and writes into the other as an ordinary user. */
export interface Task {
  /** In AWS DMS's words. */
  status: string;
  /** Entries of the log that it is done with; kept in the target's own transactions. */
  carried: number;
  /** Where its configuration says that it begins. */
  beginsAt: number | undefined;
  /** Epoch milliseconds of its last start or resumption. */
  startedAt: number | undefined;
  /** Epoch milliseconds until which it carries nothing. */
  stallsUntil: number;
}

export interface Replication {
  tasks: { [from in Color]: Task };
  stop(from: Color): Outcome;
  start(from: Color, position: Position, since: number): Outcome;
  /** Goes on where it stopped, as a person would have it. */
  resume(from: Color): Outcome;
  /** Ends it, as an error does. */
  fail(from: Color): void;
}

/** How often a task looks into a quiet log, in milliseconds: its shortest interval. */
const POLL_MILLISECONDS = 1_000;
/** Longest that it collects changes before it commits them, and that it takes to change its state. */
const COMMIT_MILLISECONDS = 1_000;
const CHANGE_MILLISECONDS = 20_000;

const STANDS = ["ready", "stopped", "failed"];

export function createReplication(
  clusters: { [color in Color]: Cluster },
  ledger: Ledger,
  scheduler: Scheduler,
  random: Random,
): Replication {
  const task = (status: string): Task => ({
    ...{ status, carried: 0, beginsAt: undefined, startedAt: undefined, stallsUntil: 0 },
  });
  const tasks = { blue: task("running"), green: task("ready") };

  function change(from: Color, on: string, then: string): Outcome {
    const one = tasks[from];
    one.status = on;
    if (on === "starting") one.startedAt = scheduler.now();
    scheduler.at(scheduler.now() + random() * CHANGE_MILLISECONDS, () => {
      if (one.status === on) one.status = then;
    });
    return "done";
  }

  function poll(from: Color): void {
    const next = scheduler.now() + POLL_MILLISECONDS;
    scheduler.at(next, () => poll(from));
    const upTo = clusters[from].log.length;
    scheduler.at(scheduler.now() + random() * COMMIT_MILLISECONDS, () => carry(from, upTo));
  }

  function carry(from: Color, upTo: number): void {
    const [one, target] = [tasks[from], clusters[otherColor(from)]];
    while (one.status === "running" && one.carried < upTo && scheduler.now() >= one.stallsUntil) {
      // Shut out, it tries again and again.
      if (target.locked.replicationTarget && !target.replicationSession) return;
      target.replicationSession = true;
      if (target.readOnly) return;
      const entry = clusters[from].log[one.carried];
      if (entry !== undefined && !apply(entry, target)) one.status = "failed";
      else one.carried += 1;
    }
  }

  /** Whether it could be applied; nothing is passed over. */
  function apply({ kind, key, payment, at }: Entry, target: Cluster): boolean {
    const isThere = kind === "marker" ? target.markers[key] : target.rows[key] !== undefined;
    if (isThere) {
      target.exceptions += 1;
      ledger.conflict(target.color, key);
      return false;
    }
    if (kind === "marker") target.markers[key] = true;
    else target.rows[key] = payment;
    if (kind === "marker" && payment === "heartbeat") target.beatWrittenAt = at;
    append(target, { kind: "applied", key, payment, at });
    ledger.applied(target.color);
    return true;
  }

  for (const from of ["blue", "green"] as const) poll(from);
  return {
    tasks,
    stop: (from) =>
      tasks[from].status === "running" ? change(from, "stopping", "stopped") : "done",
    start(from, { offset }, since) {
      const one = tasks[from];
      if (!STANDS.includes(one.status)) return "done";
      if ((one.startedAt ?? 0) > since) return change(from, "starting", "running");
      if (one.beginsAt !== offset) {
        one.beginsAt = offset;
        return change(from, "modifying", "stopped");
      }
      one.carried = offset;
      return change(from, "starting", "running");
    },
    resume: (from) =>
      STANDS.includes(tasks[from].status) ? change(from, "starting", "running") : "done",
    fail(from) {
      if (tasks[from].status === "running") tasks[from].status = "failed";
    },
  };
}
