/** What a client is sent. */
export interface Answer {
  status: number;
  /** JSON. */
  body: string;
  headers?: { readonly [name: string]: string };
}

/** Seconds after which a client may try again; a database that moves takes no writes for 6 to 20. */
const RETRY_AFTER = "5";

export function json(status: number, body: object, headers?: Answer["headers"]): Answer {
  return { status, body: JSON.stringify(body), ...(headers && { headers }) };
}

/** Nothing is promised: with the same key the client may, and should, ask again. */
export function unavailable(message: string): Answer {
  return json(503, { error: "unavailable", message }, { "Retry-After": RETRY_AFTER });
}

export function notFound(): Answer {
  return json(404, { error: "not_found", message: "there is nothing here" });
}
