import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AwsRequest } from "../permissions/needs";

/** How a request is spoilt. */
export type Spoil =
  /** It is carried out, and the answer is lost. */
  | "lose-answer"
  /** It is not carried out, and no answer comes. */
  | "swallow"
  /** It is not carried out, and the service answers that it is overloaded, in words of no API. */
  | "garble";

/** Stands between AWS's clients and an emulator: notes every request, and spoils those it is told to. */
export interface AwsProxy {
  url: string;
  /** Bodies of the requests for an action, oldest first, since `forget`. */
  bodies(action: string): string[];
  /** Every request that ever came in, `forget` or not. */
  readonly requests: readonly AwsRequest[];
  /** Spoils the next requests for an action; resolves when the first of them has come in. */
  spoil(action: string, how: Spoil, times: number): Promise<void>;
  forget(): void;
  close(): void;
}

interface Rule {
  action: string;
  how: Spoil;
  left: number;
  arrived: () => void;
}

export async function startProxy(target: string): Promise<AwsProxy> {
  const seen: { action: string; body: string }[] = [];
  const requests: AwsRequest[] = [];
  const rules: Rule[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const body = withoutTrimmedCounts(sent);
    if (body.length !== sent.length) incoming.headers["content-length"] = String(body.length);
    const { method = "", url: path = "", headers } = incoming;
    requests.push({ method, path, headers, body: body.toString() });
    const action = actionOf(incoming, body.toString());
    seen.push({ action, body: body.toString() });
    const rule = rules.find((one) => one.action === action && one.left > 0);
    if (rule !== undefined) {
      rule.left--;
      rule.arrived();
    }
    answer(target, incoming, body, outgoing, rule?.how);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies: (action) => seen.filter((one) => one.action === action).map((one) => one.body),
    requests,
    spoil: (action, how, times) =>
      new Promise((arrived) => rules.push({ action, how, left: times, arrived })),
    forget: () => {
      seen.length = 0;
      rules.length = 0;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * The emulator knows no trimmed counts of CloudWatch (how many values lie between two bounds). Asks it
 * for the sum in their place, where tests put the number that they want to be found.
 */
function withoutTrimmedCounts(body: Buffer): Buffer {
  const text = body.toString("latin1");
  const inJson = text.replace(/"TC\([0-9.]*:[0-9.]*\)"/g, '"Sum"');
  // CBOR puts the length of a short text into the byte before it.
  const inCbor = inJson.replace(/[\x60-\x77]TC\([0-9.]*:[0-9.]*\)/g, "\x63Sum");
  return Buffer.from(inCbor, "latin1");
}

/** JSON services name the action in a header, the query services in the body. */
function actionOf(incoming: IncomingMessage, body: string): string {
  const [, named] = String(incoming.headers["x-amz-target"] ?? "").split(".");
  return named ?? new URLSearchParams(body).get("Action") ?? operationInPath(incoming);
}

/** Services that speak CBOR name the action at the end of the path; Route 53's records have one path. */
function operationInPath(incoming: IncomingMessage): string {
  if (/\/rrset\b/.test(incoming.url ?? ""))
    return incoming.method === "GET" ? "ListResourceRecordSets" : "ChangeResourceRecordSets";
  return (incoming.url ?? "").split("/").pop() ?? "";
}

function answer(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  how: Spoil | undefined,
): void {
  if (how === "swallow") return;
  if (how === "garble") {
    outgoing.writeHead(503, { "content-type": "text/html" }).end("<html>try later</html>");
    return;
  }
  const { method, headers } = incoming;
  const onward = request(`${target}${incoming.url}`, { method, headers }, (reply) => {
    if (how === "lose-answer") {
      reply.resume().once("end", () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(outgoing);
  });
  onward.once("error", () => outgoing.destroy());
  onward.end(body);
}
