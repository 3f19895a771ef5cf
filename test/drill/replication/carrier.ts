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

/** Longest wait for a log-in, and for a run to end by itself when it is told to. */
const PATIENCE_MILLISECONDS = 3_000;

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
  private current: Run | undefined;

  constructor(
    readonly name: string,
    readonly replicaId: number,
    readonly ends: Ends,
    readonly pace: Pace,
    private readonly onFailure: (error: Error) => void,
  ) {}

  get isRunning(): boolean {
    return this.current !== undefined;
  }

  /** @param start position; undefined: from where the target says it stands */
  run(start: Position | undefined): void {
    if (this.current !== undefined) throw new Error(`${this.name} runs already`);
    this.failure = undefined;
    const run = new Run(this, start);
    this.current = run;
    void run.keepRunning().then((error) => {
      // One that was given up tells of nothing any more.
      if (this.current !== run) return;
      this.current = undefined;
      if (error !== undefined) this.fail(error);
    });
  }

  /** Whatever it waits for: what does not answer must not hold it up. */
  async stop(): Promise<void> {
    const run = this.current;
    await run?.stop();
    if (this.current === run) this.current = undefined;
  }

  /** As when its machine fails: what was not committed is gone. */
  async breakDown(reason: string): Promise<void> {
    this.current?.close();
    await this.stop();
    this.fail(new Error(reason));
  }

  private fail(error: Error): void {
    this.failure = error;
    this.onFailure(error);
  }
}

/** One run of a carrier, with sessions of its own: without them it can do nothing. */
class Run {
  private isStopping = false;
  private isClosed = false;
  private sessions: Connection[] = [];
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly carrier: Carrier,
    private start: Position | undefined,
  ) {}

  /** Resolves when it ends, with the reason if nobody stopped it. */
  keepRunning(): Promise<Error | undefined> {
    const running = this.tryAgainAndAgain().finally(() => this.close());
    this.running = running;
    return running;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const patience = new AbortController();
    const { signal } = patience;
    const tooLong = pause(PATIENCE_MILLISECONDS, undefined, { signal }).catch(() => {});
    await Promise.race([this.running, tooLong]);
    patience.abort();
    this.close();
  }

  close(): void {
    this.isClosed = true;
    this.closeSessions();
  }

  private closeSessions(): void {
    for (const session of this.sessions) session.destroy();
    this.sessions = [];
  }

  private async tryAgainAndAgain(): Promise<Error | undefined> {
    while (!this.isStopping && !this.isClosed) {
      try {
        await this.carry();
      } catch (error) {
        this.closeSessions();
        if (this.isStopping || this.isClosed) return undefined;
        if (isFinal(error)) return error as Error;
        await this.wait(this.carrier.pace.recover);
      }
    }
    return undefined;
  }

  private async carry(): Promise<void> {
    const { name, ends, replicaId, pace } = this.carrier;
    const source = await this.open(() => ends.openSource());
    const reading = await this.open(() => ends.openSource());
    const target = await this.open(() => ends.openTarget());
    const applier = new Applier(name, source, target);
    await applier.prepare(this.start);
    const from = await applier.checkpoint();
    if (from === undefined) throw new Final(`${name} has no position to go on from`);
    // Noted: after the next failure it goes on from there, and not from the beginning.
    this.start = undefined;
    const ended: { reason?: Error } = {};
    const queue: Transaction[] = [];
    const take = (transaction: Transaction) => void queue.push(transaction);
    const end = (reason: Error) => {
      ended.reason ??= reason;
    };
    for (const session of [source, target, reading]) session.on("error", end);
    await dumpBinlog(reading, { from, replicaId }, take, end);
    while (!this.isStopping) {
      if (ended.reason !== undefined) throw ended.reason;
      if (queue.length > 0 && !this.carrier.isStalled) await this.carryBundle(applier, queue);
      else await this.wait(pace.poll);
    }
  }

  /** What came within a moment, in one commit. */
  private async carryBundle(applier: Applier, queue: Transaction[]): Promise<void> {
    const { carrier } = this;
    const until = performance.now() + carrier.pace.commit;
    let count = 0;
    let last: Transaction | undefined;
    try {
      await applier.begin();
      while (performance.now() < until && count < MOST_CHANGES && !this.isStopping) {
        const next = carrier.isStalled ? undefined : queue.shift();
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

  /** A log-in that gets no answer fails like one that is refused. */
  private async open(connect: () => Promise<Connection>): Promise<Connection> {
    const connecting = connect();
    const patience = new AbortController();
    const { signal } = patience;
    const tooLong = pause(PATIENCE_MILLISECONDS, undefined, { signal }).catch(() => {});
    const session = await Promise.race([connecting, tooLong]);
    patience.abort();
    const isLate = session === undefined || this.isClosed;
    if (isLate) {
      connecting.then(
        (late) => late.destroy(),
        () => {},
      );
      throw new Error(session === undefined ? "the log-in gets no answer" : "it came too late");
    }
    // It may be ended by others at any time; whoever uses it next finds out.
    session.on("error", () => {});
    this.sessions.push(session);
    return session;
  }

  private async wait(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    while (performance.now() < until && !this.isStopping) await pause(LOOK_MILLISECONDS);
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
