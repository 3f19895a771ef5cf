import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import type { Position } from "../../../lambdas/switchover/statements";
import { Applier, Conflict } from "./applier";
import { dumpBinlog, type Transaction } from "./dump";

/** What a task reads and writes: sessions of its own users, opened anew after each failure. */
export interface Ends {
  /** As the user who reads the source. */
  openSource(): Promise<Connection>;
  /** As the user who writes into the target. */
  openTarget(): Promise<Connection>;
}

/** Times in milliseconds, as AWS DMS has them with the settings of our tasks. */
export interface Pace {
  /** Between two looks at a log in which there was nothing new (`EventsPollInterval`). */
  poll: number;
  /** How long changes are collected for one commit (`CommitTimeout`). */
  commit: number;
  /** After a failure that may pass (`RecoverableErrorInterval`). */
  recover: number;
}

export const PACE: Pace = { poll: 1_000, commit: 1_000, recover: 5_000 };

/** Changes of one commit at most (`MinTransactionSize`). */
const MOST_CHANGES = 1_000;
const LOOK_MILLISECONDS = 20;

/**
 * Carries what one server commits to another one, in the order of the commits: a stand-in for a task
 * of AWS DMS. It has no more rights than AWS DMS has, so locks, ended sessions and fences bind it as
 * they bind that. What it cannot apply ends it; what may pass is tried again for ever.
 */
export class Carrier {
  /** Reads on and applies nothing, as when the target has become slow beyond measure. */
  isStalled = false;
  /** Why it ended; undefined as long as it runs, and when it was stopped. */
  failure: Error | undefined;
  private isStopping = false;
  private start: Position | undefined;
  private sessions: Connection[] = [];
  private running: Promise<void> | undefined;

  constructor(
    readonly name: string,
    private readonly replicaId: number,
    private readonly ends: Ends,
    private readonly pace: Pace,
    private readonly onFailure: (error: Error) => void,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** @param start position; undefined: from where the target says it stands */
  run(start: Position | undefined): void {
    this.isStopping = false;
    this.failure = undefined;
    this.start = start;
    this.running = this.keepRunning().finally(() => {
      this.close();
      this.running = undefined;
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.running;
  }

  /** As when its machine fails: what was not committed is gone. */
  async breakDown(reason: string): Promise<void> {
    this.failure = new Error(reason);
    this.close();
    await this.stop();
    this.onFailure(this.failure);
  }

  private async keepRunning(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.carry();
      } catch (error) {
        this.close();
        if (this.isStopping) return;
        if (isFinal(error)) {
          this.failure = error as Error;
          this.onFailure(this.failure);
          return;
        }
        await this.wait(this.pace.recover, () => this.isStopping);
      }
    }
  }

  private async carry(): Promise<void> {
    const source = await this.open(() => this.ends.openSource());
    const reading = await this.open(() => this.ends.openSource());
    const target = await this.open(() => this.ends.openTarget());
    const applier = new Applier(this.name, source, target);
    await applier.prepare(this.start);
    const from = await applier.checkpoint();
    if (from === undefined) throw new Final(`${this.name} has no position to go on from`);
    // Noted: after the next failure it goes on from there, and not from the beginning.
    this.start = undefined;
    const ended: { reason?: Error } = {};
    const queue: Transaction[] = [];
    const take = (transaction: Transaction) => void queue.push(transaction);
    const end = (reason: Error) => {
      ended.reason ??= reason;
    };
    source.on("error", end);
    target.on("error", end);
    reading.on("error", end);
    await dumpBinlog(reading, { from, replicaId: this.replicaId }, take, end);
    while (!this.isStopping) {
      if (ended.reason !== undefined) throw ended.reason;
      if (queue.length > 0 && !this.isStalled) await this.carryBundle(applier, queue);
      else await this.wait(this.pace.poll, () => this.isStopping);
    }
  }

  /** What came within a moment, in one commit. */
  private async carryBundle(applier: Applier, queue: Transaction[]): Promise<void> {
    const until = performance.now() + this.pace.commit;
    let count = 0;
    let last: Transaction | undefined;
    try {
      await applier.begin();
      while (performance.now() < until && count < MOST_CHANGES && !this.isStopping) {
        const next = this.isStalled ? undefined : queue.shift();
        if (next === undefined) await pause(LOOK_MILLISECONDS);
        else {
          count += await applier.apply(next);
          last = next;
        }
      }
      if (last !== undefined) await applier.commit(last.end);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      await applier.rollback();
      await applier.noteException(error);
      throw error;
    }
  }

  private async open(connect: () => Promise<Connection>): Promise<Connection> {
    const session = await connect();
    // It may be ended by others at any time; whoever uses it next finds out.
    session.on("error", () => {});
    this.sessions.push(session);
    return session;
  }

  private close(): void {
    for (const session of this.sessions) session.destroy();
    this.sessions = [];
  }

  private async wait(milliseconds: number, isOver: () => boolean): Promise<void> {
    const until = performance.now() + milliseconds;
    while (performance.now() < until && !isOver()) await pause(LOOK_MILLISECONDS);
  }
}

/** Nothing that passes by itself. */
class Final extends Error {}

/** A log that is gone (1236), or whose events cannot be read, is final too. */
function isFinal(error: unknown): boolean {
  const { errno } = error as { errno?: number };
  return (
    error instanceof Conflict ||
    error instanceof Final ||
    errno === 1236 ||
    (error instanceof Error && /not replicated|has not named|columns, the log/.test(error.message))
  );
}
