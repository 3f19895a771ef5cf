import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server on a free port of this machine: what fakes of AWS have in common. */
export abstract class LocalServer {
  url = "";
  private readonly server = createServer((incoming, outgoing) => this.serve(incoming, outgoing));

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  protected abstract serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void>;
}

/** The body of a request, to its end. */
export async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
