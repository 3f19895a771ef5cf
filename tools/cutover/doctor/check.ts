/**
 * What one check found.
 * - `good`: nothing stands against a cutover here.
 * - `warning`: a cutover can begin, and this deserves a look before.
 * - `bad`: a cutover would be refused, held or taken back.
 * - `unknown`: it could not be looked at, which is no good news.
 */
export interface Check {
  name: string;
  verdict: "good" | "warning" | "bad" | "unknown";
  /** As a clause. */
  finding: string;
  /** What to do about it, as a sentence. */
  fix?: string;
}

export function good(name: string, finding: string): Check {
  return { name, verdict: "good", finding };
}

export function warning(name: string, finding: string, fix: string): Check {
  return { name, verdict: "warning", finding, fix };
}

export function bad(name: string, finding: string, fix: string): Check {
  return { name, verdict: "bad", finding, fix };
}

/** Reasons say what to do by themselves. */
export function unseen(name: string, reason: string): Check {
  return { name, verdict: "unknown", finding: reason };
}
