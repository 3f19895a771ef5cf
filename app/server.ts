import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { type Answer, unavailable } from "./answer";
import { type Around, answerTo, isPayment } from "./handle";
import type { Metrics } from "./metrics";

/** A load balancer keeps idle connections for 60 s; it must be the one that closes them. */
const KEEP_ALIVE_MILLISECONDS = 75_000;

/** From the first byte of a request to its last. */
const REQUEST_MILLISECONDS = 10_000;

/** Serves requests over HTTPS until it is closed. */
export async function listen(
  port: number,
  tls: { certificatePem: string; keyPem: string },
  around: Around,
  metrics: Metrics,
): Promise<{ port: number; close(patience: number): Promise<void> }> {
  let inFlight = 0;
  const server = createServer({
    key: tls.keyPem,
    cert: tls.certificatePem,
    minVersion: "TLSv1.2",
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    headersTimeout: REQUEST_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
  });
  server.on("request", async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const cameAt = performance.now();
    inFlight += 1;
    // Health checks are answered whatever else is going on.
    const tooMany = inFlight > around.limits.requests && !incoming.url?.startsWith("/healthz/");
    const answer = tooMany
      ? unavailable("too many payments at once: ask again, with the same key")
      : await answerTo(incoming, around);
    inFlight -= 1;
    if (isPayment(incoming)) metrics.count(answer.status, performance.now() - cameAt);
    send(outgoing, answer, around.isDraining() || !incoming.complete);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (patience) => close(server, patience),
  };
}

/** @param last whether the connection is of no further use */
function send(outgoing: ServerResponse, { status, body, headers }: Answer, last: boolean): void {
  outgoing.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    // An answer is about money: nobody between may keep it.
    "Cache-Control": "no-store",
    ...headers,
    ...(last && { Connection: "close" }),
  });
  outgoing.end(body);
}

/** Takes no new connections, and waits for the requests of open ones; at most so long. */
async function close(server: Server, patience: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const impatience = setTimeout(() => server.closeAllConnections(), patience);
  await closed;
  clearTimeout(impatience);
}
