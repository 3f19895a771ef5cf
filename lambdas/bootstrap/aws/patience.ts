import type { Clock } from "../ports";

/** Milliseconds between two attempts. */
const PAUSE_MILLISECONDS = 5_000;

/** AWS takes some seconds to know everywhere of a permission that was just granted. */
const PERMISSION_MILLISECONDS = 60_000;

/** How long a call that failed like this is tried again, in milliseconds. */
export type Patience = (error: unknown) => number;

/** Waits for a permission, and for nothing else. */
export function forPermission(error: unknown): number {
  const { name = "" } = (error ?? {}) as { name?: string };
  return /^AccessDenied/.test(name) ? PERMISSION_MILLISECONDS : 0;
}

/**
 * Calls again until it works, patience ends, or the time that is left would not do for another call.
 * Rejects with the last error.
 * @param callMilliseconds longest that a call takes
 */
export async function patiently<T>(
  clock: Clock,
  callMilliseconds: number,
  call: () => Promise<T>,
  patience: Patience = forPermission,
): Promise<T> {
  const atFirst = clock.timeLeft();
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const left = clock.timeLeft();
      const enough = atFirst - left >= patience(error);
      if (enough || left < PAUSE_MILLISECONDS + callMilliseconds) throw error;
      await clock.sleep(PAUSE_MILLISECONDS);
    }
  }
}
