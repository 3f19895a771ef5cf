/** How long and how much, at most. Times in milliseconds. */
export interface Limits {
  /** Between two looks at the parameter that names the writer. */
  pointerPoll: number;
  /** Sessions with the database; those of all tasks of both colors must fit what it allows. */
  sessions: number;
  /** Age at which a session is not used again, so that new credentials and addresses take hold. */
  sessionLifetime: number;
  connect: number;
  /** For one statement. The server gives up waiting for a row's lock earlier (`connect.ts`). */
  statement: number;
  /** How long a request is held, for a database that does not take writes just now. */
  hold: number;
  /** Between two tries of a request that is held. */
  retry: number;
  /** Requests that are served or held at once; more are turned away before their body is read. */
  requests: number;
  bodyBytes: number;
  /** Without any answer of the database for so long a task is not ready; a fence lasts 60 s at most. */
  silence: number;
  /** How long a task that is told to stop still takes new connections. */
  linger: number;
  /** How long it then waits for requests in flight; with `linger` below the 60 s that ECS waits. */
  drain: number;
}

export const LIMITS: Limits = {
  pointerPoll: 2_000,
  sessions: 10,
  sessionLifetime: 60_000,
  connect: 3_000,
  statement: 5_000,
  hold: 5_000,
  retry: 250,
  requests: 256,
  bodyBytes: 16_384,
  silence: 90_000,
  linger: 5_000,
  drain: 50_000,
};
