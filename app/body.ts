import type { IncomingMessage } from "node:http";

/** The body as text; undefined when it is longer than allowed, and then the rest is not read. */
export async function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
): Promise<string | undefined> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A loop that ends early would close the connection, and the answer with it.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
