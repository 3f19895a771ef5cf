import type { IncomingMessage } from "node:http";
import { type Answer, json, notFound, unavailable } from "./answer";
import { readBody } from "./body";
import type { Database } from "./database";
import { OutcomeUnknown, Unavailable } from "./failures";
import type { Limits } from "./limits";
import { inWords, type Log } from "./log";
import { type PaymentRequest, parsePaymentRequest } from "./paymentRequest";
import { findPayment, makePayment, type Payment, runIn } from "./payments";
import { readiness } from "./readiness";
import { isUuid, uuidV7 } from "./uuid";

/** What requests are answered with. */
export interface Around {
  database: Database;
  limits: Limits;
  log: Log;
  /** Whether the task was told to stop. */
  isDraining(): boolean;
}

/** Answers a request; its own mistakes too, so it never rejects. */
export async function answerTo(incoming: IncomingMessage, around: Around): Promise<Answer> {
  try {
    return await route(incoming, around);
  } catch (error) {
    return answerFailure(error, around.log);
  }
}

export function isPayment({ method, url }: IncomingMessage): boolean {
  return method === "POST" && pathOf(url) === "/payments";
}

function pathOf(url = ""): string {
  return url.replace(/\?.*/s, "");
}

async function route(incoming: IncomingMessage, around: Around): Promise<Answer> {
  const path = pathOf(incoming.url);
  const [, id] = /^\/payments\/([^/]+)$/.exec(path) ?? [];
  if (path === "/payments") return only("POST", incoming, () => postPayment(incoming, around));
  if (id !== undefined) return only("GET", incoming, () => getPayment(id, around));
  if (path === "/healthz/live")
    // Says only that the process runs: what it depends on must not have it restarted.
    return only("GET", incoming, () => json(200, { status: "alive" }));
  if (path === "/healthz/ready")
    return only("GET", incoming, () => {
      const { database, limits } = around;
      const standing = { silent: database.millisecondsSilent(), draining: around.isDraining() };
      return readiness(standing, limits.silence);
    });
  return notFound();
}

function only(
  method: string,
  incoming: IncomingMessage,
  answer: () => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  if (incoming.method === method) return answer();
  const message = `${method} is the only method here`;
  return json(405, { error: "method_not_allowed", message }, { Allow: method });
}

async function postPayment(incoming: IncomingMessage, around: Around): Promise<Answer> {
  const { bodyBytes } = around.limits;
  // A client that goes away in the middle gets no answer, and is no failure of ours.
  const body = await readBody(incoming, bodyBytes).catch(() => "");
  if (body === undefined) {
    const message = `the body may have ${bodyBytes} bytes`;
    return json(413, { error: "too_large", message }, { Connection: "close" });
  }
  const { headers } = incoming;
  const key = headers["idempotency-key"] as string | undefined;
  const request = parsePaymentRequest(key, headers["content-type"], body);
  if (!Array.isArray(request)) return pay(request, around);
  const message = request.map(({ field, allowed }) => `${field} must be ${allowed}`).join("; ");
  return json(400, { error: "invalid", message, mistakes: request });
}

async function pay(request: PaymentRequest, { database, limits }: Around): Promise<Answer> {
  const { amount, currency, merchantId } = request;
  const now = Date.now();
  const createdAt = new Date(now).toISOString();
  // Made once for all tries of this request.
  const payment: Payment = { id: uuidV7(now), amount, currency, merchantId, createdAt };
  const outcome = await database.run(performance.now() + limits.hold, (connection) =>
    makePayment(runIn(connection, limits.statement), request, payment),
  );
  if (outcome.kind === "other-request")
    return json(422, {
      error: "key_reused",
      message: "this Idempotency-Key belongs to a payment with another body",
    });
  const headers = { Location: `/payments/${JSON.parse(outcome.answer).id}` };
  return {
    status: 201,
    body: outcome.answer,
    headers: outcome.kind === "made" ? headers : { ...headers, "Idempotent-Replayed": "true" },
  };
}

async function getPayment(id: string, { database, limits }: Around): Promise<Answer> {
  if (!isUuid(id)) return notFound();
  const payment = await database.run(performance.now() + limits.hold, (connection) =>
    findPayment(runIn(connection, limits.statement), id),
  );
  return payment === undefined ? notFound() : json(200, payment);
}

/** 500 only for what is known not to be done: a client may take it for final. */
function answerFailure(error: unknown, log: Log): Answer {
  const { cause } = (error ?? {}) as Error;
  const facts = { error: inWords(error), ...(cause !== undefined && { cause: inWords(cause) }) };
  log("error", "a request failed", facts);
  if (error instanceof OutcomeUnknown)
    return unavailable(
      "it is not known whether the payment was made: ask again, with the same key",
    );
  if (error instanceof Unavailable)
    return unavailable("payments are not taken for a moment: ask again, with the same key");
  return json(500, { error: "internal", message: "a mistake of ours; nothing was paid" });
}
