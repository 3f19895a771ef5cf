/**
 * Why the database did not do what it was asked.
 * - `fenced`: it takes no writes now.
 * - `locked`: it lets the application's user in no longer, or not yet.
 * - `denied`: name or password is wrong; they may have been rotated.
 * - `unreachable`: no connection, or it broke, or the server ended the session.
 * - `contended`: others held a row too long; the transaction was rolled back.
 * - `busy`: this task has no session free.
 * - `duplicate`: the row is there already.
 * - `other`: a mistake of ours.
 */
export type Trouble =
  | "fenced"
  | "locked"
  | "denied"
  | "unreachable"
  | "contended"
  | "busy"
  | "duplicate"
  | "other";

/** Numbers of MySQL 8; where MariaDB has another it stands beside. */
const NUMBERS: { readonly [trouble in Trouble]?: readonly number[] } = {
  // --read-only, a read-only server, a read-only transaction.
  fenced: [1290, 1836, 1792],
  locked: [3118, 4151],
  denied: [1045, 1698],
  // Too many connections (of anybody, of this user), shutdown, aborted, network errors, killed.
  unreachable: [1040, 1203, 1053, 1152, 1158, 1159, 1160, 1161, 1184, 1317, 1927, 3024, 3168, 3169],
  contended: [1205, 1213],
  duplicate: [1062],
};

const NETWORK =
  /^(E(CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|PROTOCOL_\w+|HANDSHAKE_\w+|ERR_TLS\w*|CERT_\w+|\w*_CERT\w*)$/;

export function troubleOf(error: unknown): Trouble {
  const { errno, code, fatal } = (error ?? {}) as {
    errno?: number;
    code?: string;
    fatal?: boolean;
  };
  const known = Object.entries(NUMBERS).find(([, numbers]) => numbers.includes(errno ?? 0));
  if (known) return known[0] as Trouble;
  if (error instanceof Unavailable) return error.trouble;
  return fatal === true || NETWORK.test(code ?? "") ? "unreachable" : "other";
}

/** Whether the server itself has spoken: that it refuses writes shows that the way to it is open. */
export function isAnswer(trouble: Trouble): boolean {
  return ["fenced", "locked", "contended", "duplicate"].includes(trouble);
}

/** The request was not carried out, and may be tried again. */
export class Unavailable extends Error {
  constructor(
    readonly trouble: Exclude<Trouble, "duplicate" | "other">,
    options?: ErrorOptions,
  ) {
    super(`the database is ${trouble}`, options);
  }
}

/** COMMIT was sent and nobody knows what came of it: only the same key, sent again, will tell. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super("the outcome of COMMIT is unknown", { cause });
  }
}
