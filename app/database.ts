import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import type { AwsPorts } from "./aws";
import { connect } from "./connect";
import { CredentialStore } from "./credentials";
import { isAnswer, OutcomeUnknown, troubleOf, Unavailable } from "./failures";
import type { Limits } from "./limits";
import { inWords, type Log } from "./log";
import { WriterPointer } from "./pointer";
import { type Session, Sessions } from "./sessions";
import { within } from "./within";

/** The one database that takes writes, wherever it is at the moment. */
export class Database {
  /** When it last answered, be it with a refusal, by `performance.now()`; undefined: never yet. */
  answeredAt: number | undefined;
  private readonly pointer: WriterPointer;
  private readonly credentials: CredentialStore;
  private readonly sessions: Sessions;
  private poll: NodeJS.Timeout | undefined;

  constructor(
    writerParameter: string,
    private readonly caPem: string | undefined,
    aws: AwsPorts,
    private readonly limits: Limits,
    private readonly log: Log,
  ) {
    this.pointer = new WriterPointer(
      () => aws.readParameter(writerParameter),
      ({ color, endpoint }) => {
        log("info", "writes go to this database", { database: color, endpoint });
        this.sessions.dropUseless();
      },
      (error) => log("error", "cannot read the writer pointer", { error: inWords(error) }),
    );
    this.credentials = new CredentialStore(aws.readSecret);
    const { pointer } = this;
    const source = {
      get writer() {
        return pointer.writer;
      },
      open: () => this.open(),
    };
    this.sessions = new Sessions(source, limits);
  }

  /** Finds the writer and goes on watching where it is. */
  start(): void {
    const look = async () => {
      await this.pointer.refresh();
      this.sessions.dropUseless();
      if (this.millisecondsSilent() > this.limits.pointerPoll) await this.probe();
    };
    this.poll = setInterval(look, this.limits.pointerPoll);
    look();
  }

  close(): void {
    clearInterval(this.poll);
    this.sessions.close();
  }

  /** Milliseconds without any answer. */
  millisecondsSilent(): number {
    return performance.now() - (this.answeredAt ?? Number.NEGATIVE_INFINITY);
  }

  /**
   * Does work in a session, and does it again in another one while the database takes no writes, or
   * cannot be reached, until the deadline; then it rejects with `Unavailable`. Rejects at once with
   * `OutcomeUnknown`, and with what is a mistake of ours. The work must leave nothing behind when
   * it fails.
   * @param deadline by `performance.now()`
   */
  async run<T>(deadline: number, work: (connection: Connection) => Promise<T>): Promise<T> {
    for (;;)
      try {
        const result = await this.sessions.use(deadline, work);
        this.answeredAt = performance.now();
        return result;
      } catch (error) {
        this.afterFailure(error);
        const trouble = troubleOf(error);
        if (error instanceof OutcomeUnknown || trouble === "other" || trouble === "duplicate")
          throw error;
        if (performance.now() + this.limits.retry >= deadline)
          throw new Unavailable(trouble, { cause: error });
        await pause(this.limits.retry);
      }
  }

  private afterFailure(error: unknown): void {
    if (isAnswer(troubleOf(error))) this.answeredAt = performance.now();
    // The writer may be another one by now; the next try comes later than the answer.
    this.pointer.refreshSoon();
  }

  private async open(): Promise<Session> {
    const { writer } = this.pointer;
    if (writer === undefined) throw new Unavailable("unreachable");
    const { endpoint, secretArn } = writer;
    const target = { endpoint, caPem: this.caPem, connectTimeout: this.limits.connect };
    const known = await this.credentials.read(secretArn).catch(unavailable);
    const login = connect(target, known).catch(async (error) => {
      if (troubleOf(error) !== "denied") throw error;
      const fresh = await this.credentials.reread(secretArn).catch(unavailable);
      if (fresh.password === known.password && fresh.username === known.username) throw error;
      return connect(target, fresh);
    });
    return { connection: await login, writer };
  }

  /** Asks when nobody else does, so that a task knows whether it could serve. */
  private async probe(): Promise<void> {
    try {
      const deadline = performance.now() + this.limits.connect;
      await this.sessions.use(deadline, (connection) =>
        within(this.limits.statement, connection.query("SELECT 1")),
      );
      this.answeredAt = performance.now();
    } catch (error) {
      this.afterFailure(error);
      this.log("error", "the database does not answer", { error: inWords(error) });
    }
  }
}

/** Without credentials nothing was begun. */
function unavailable(cause: unknown): never {
  throw new Unavailable("denied", { cause });
}
