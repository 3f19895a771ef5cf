/** A fact, or the reason why it is not known. What could not be read is never given a default. */
export type Known<T> = { known: true; value: T } | { known: false; reason: string };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown<T>(reason: string): Known<T> {
  return { known: false, reason };
}

/** Tells people. */
export interface Notifier {
  notify(subject: string, message: string): Promise<void>;
}
