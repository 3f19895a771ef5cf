import type { IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on what is in it
  body: any;
}

/** A client that stands where the load balancer does: it encrypts, and does not verify the task. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  constructor(readonly port: number) {}

  close(): void {
    this.agent.destroy();
  }

  get(path: string): Promise<Answered> {
    return this.send("GET", path);
  }

  /** Asks for a payment with this key. */
  pay(key: string, body: object = payment()): Promise<Answered> {
    const headers = { "Idempotency-Key": key, "Content-Type": "application/json" };
    return this.send("POST", "/payments", headers, JSON.stringify(body));
  }

  /** Begins to ask for a payment, and goes away in the middle. */
  async breakOff(): Promise<void> {
    const { port } = this;
    const headers = { "Idempotency-Key": "half", "Content-Length": "100" };
    const options = { method: "POST", path: "/payments", headers, port, host: "localhost" };
    const outgoing = request({ ...options, rejectUnauthorized: false });
    const closed = new Promise((resolve) => outgoing.on("close", resolve));
    outgoing.on("error", () => undefined);
    await new Promise((written) => outgoing.write("{", written));
    outgoing.destroy();
    await closed;
  }

  send(
    method: string,
    path: string,
    headers: { [name: string]: string } = {},
    body = "",
  ): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const { agent, port } = this;
      const outgoing = request({ method, path, headers, agent, port, host: "localhost" });
      outgoing.on("error", reject);
      outgoing.on("response", async (incoming) => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of incoming) chunks.push(chunk);
          const text = Buffer.concat(chunks).toString();
          const { statusCode = 0, headers } = incoming;
          resolve({ status: statusCode, headers, body: JSON.parse(text) });
        } catch (error) {
          reject(error);
        }
      });
      outgoing.end(body);
    });
  }
}

export function payment(changes: object = {}): object {
  return { amount: 1250, currency: "EUR", merchantId: "shop-1", ...changes };
}
