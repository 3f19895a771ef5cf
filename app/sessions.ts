import type { Connection } from "mysql2/promise";
import { isSame, type Writer } from "./pointer";
import { Turns } from "./turns";

/** A session, and whose it is. */
export interface Session {
  connection: Connection;
  writer: Writer;
}

interface Kept extends Session {
  openedAt: number;
}

export interface SessionSource {
  /** Where new sessions go; undefined as long as nobody knows. */
  readonly writer: Writer | undefined;
  open(): Promise<Session>;
}

/**
 * Sessions with the database, used again while they are young and go to the current writer. One in
 * which anything failed is not: that it is closed is what rolls its transaction back.
 */
export class Sessions {
  private idle: Kept[] = [];
  private readonly turns: Turns;

  constructor(
    private readonly source: SessionSource,
    limits: { sessions: number; sessionLifetime: number },
  ) {
    this.turns = new Turns(limits.sessions);
    this.lifetime = limits.sessionLifetime;
  }

  private readonly lifetime: number;

  /** @param deadline until when it waits for a session to be free, by `performance.now()` */
  async use<T>(deadline: number, work: (connection: Connection) => Promise<T>): Promise<T> {
    await this.turns.take(deadline);
    try {
      this.dropUseless();
      const session = this.idle.pop() ?? (await this.open());
      try {
        const result = await work(session.connection);
        this.idle.push(session);
        return result;
      } catch (error) {
        session.connection.destroy();
        throw error;
      }
    } finally {
      this.turns.pass();
    }
  }

  /** Closes idle sessions that are too old, or go to a writer of the past. */
  dropUseless(): void {
    const useful = this.idle.filter((session) => this.isUseful(session));
    for (const session of this.idle) if (!useful.includes(session)) session.connection.destroy();
    this.idle = useful;
  }

  close(): void {
    for (const { connection } of this.idle) connection.destroy();
    this.idle = [];
  }

  private isUseful({ writer, openedAt }: Kept): boolean {
    const current = this.source.writer;
    const young = performance.now() - openedAt < this.lifetime;
    return young && current !== undefined && isSame(current, writer);
  }

  private async open(): Promise<Kept> {
    const session = { ...(await this.source.open()), openedAt: performance.now() };
    // The server may end it while nobody uses it.
    session.connection.on("error", () => {
      this.idle = this.idle.filter((other) => other !== session);
    });
    return session;
  }
}
