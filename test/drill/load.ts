import { Agent, request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../simulation/random";

/** A payment as its merchant knows it. Times in epoch milliseconds. */
export interface Sent {
  merchantId: string;
  key: string;
  /** Its number, so that no two payments have the same amount. */
  amount: number;
  firstTriedAt: number;
  /** Set once it was answered 201: when, and the id that it was given. */
  acknowledgedAt?: number;
  id?: string;
  tries: number;
}

/** A try that was not answered 201: what the client saw, such as `503` or `ECONNRESET`. */
export interface Failure {
  at: number;
  what: string;
}

const TRY_MILLISECONDS = 15_000;
/** Between two tries of a payment: half of it for certain, the other half drawn. */
const RETRY_MILLISECONDS = 1_000;
const MERCHANTS = 20;
const TURN_MILLISECONDS = 5;

/** Merchants that ask until they are told that a payment was made, each time with the same key. */
export class Load {
  readonly sent: Sent[] = [];
  /** In the order in which they were acknowledged. */
  readonly acknowledged: Sent[] = [];
  readonly failures: Failure[] = [];
  private readonly open = new Set<Promise<void>>();
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly port: number,
    private readonly random: Random,
  ) {}

  /** Payments begin to arrive, independent of each other and of how long one takes. */
  begin(paymentsPerHour: number): void {
    const gap = () => (-Math.log(1 - this.random()) * 3_600_000) / paymentsPerHour;
    let next = performance.now() + gap();
    this.timer = setInterval(() => {
      for (; next <= performance.now(); next += gap()) this.arrive();
    }, TURN_MILLISECONDS);
  }

  /** No new ones arrive; those that are under way are asked for until they are made. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }

  private arrive(): void {
    const amount = this.sent.length + 1;
    const merchantId = `shop-${amount % MERCHANTS}`;
    const sent: Sent = {
      merchantId,
      key: `key-${amount}`,
      amount,
      firstTriedAt: Date.now(),
      tries: 0,
    };
    this.sent.push(sent);
    const paying = this.payStubbornly(sent).finally(() => this.open.delete(paying));
    this.open.add(paying);
  }

  private async payStubbornly(sent: Sent): Promise<void> {
    for (;;) {
      sent.tries += 1;
      const failure = await this.tryOnce(sent);
      if (failure === undefined) return;
      this.failures.push({ at: Date.now(), what: failure });
      await pause((RETRY_MILLISECONDS * (1 + this.random())) / 2);
    }
  }

  /** What went wrong; undefined when it was made. */
  private tryOnce(sent: Sent): Promise<string | undefined> {
    const { merchantId, key, amount } = sent;
    const body = JSON.stringify({ amount, currency: "EUR", merchantId });
    const headers = { "Idempotency-Key": key, "Content-Type": "application/json" };
    const { agent, port } = this;
    const options = { method: "POST", path: "/payments", headers, agent, port, host: "localhost" };
    return new Promise((resolve) => {
      const outgoing = request({ ...options, timeout: TRY_MILLISECONDS }, async (incoming) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of incoming) chunks.push(chunk);
          if (incoming.statusCode !== 201) return resolve(String(incoming.statusCode));
          sent.id = JSON.parse(Buffer.concat(chunks).toString()).id;
          sent.acknowledgedAt = Date.now();
          this.acknowledged.push(sent);
          resolve(undefined);
        } catch (error) {
          resolve(codeOf(error));
        }
      });
      outgoing.once("timeout", () => outgoing.destroy(new Error("timeout")));
      outgoing.once("error", (error) => resolve(codeOf(error)));
      outgoing.end(body);
    });
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return code ?? message;
}
