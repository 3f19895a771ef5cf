/** A fact, or the reason why it is not known. What could not be read is never given a default. */
export type Known<T> = { known: true; value: T } | { known: false; reason: string };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown<T>(reason: string): Known<T> {
  return { known: false, reason };
}

/** What a port answers; one that rejects a question has not answered it, for the reason that it gives. */
export async function attempt<T>(read: () => Promise<Known<T>>): Promise<Known<T>> {
  try {
    return await read();
  } catch (error) {
    return unknown(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

/** Tells people. */
export interface Notifier {
  notify(subject: string, message: string): Promise<void>;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The part of the Lambda context that the functions use. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}
