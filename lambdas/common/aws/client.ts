/**
 * Settings of every SDK client: a call that hangs must not use up the pass. Two attempts, because
 * the next pass is the real retry.
 * @param requestTimeout longest wait for an answer, in milliseconds
 */
export function clientSettings(requestTimeout = 3_000) {
  return {
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout,
      throwOnRequestTimeout: true,
    },
  };
}

/**
 * Whether a failed write may nevertheless have been carried out: no answer came, or one that cannot
 * be read, or the service failed while it worked on it. A refusal by the service is certain.
 */
export function outcomeIsUnknown(error: unknown): boolean {
  const { $metadata, $fault } = (error ?? {}) as {
    $metadata?: { httpStatusCode?: number };
    $fault?: string;
  };
  const status = $metadata?.httpStatusCode ?? 0;
  const refused = status >= 400 && status < 500 && $fault !== "server";
  return !refused;
}

/** What came of a write: `done`, or "unknown" when it may have been carried out. Throws what is refused. */
export async function attemptWrite<T extends string>(
  write: () => Promise<unknown>,
  done: T,
): Promise<T | "unknown"> {
  try {
    await write();
    return done;
  } catch (error) {
    if (outcomeIsUnknown(error)) return "unknown";
    throw error;
  }
}
