/**
 * What the facts say about the standby color.
 * - "worse" means that it hurts payments: take them back.
 * - "not-worse" means that there is enough evidence to go on.
 * - "not-enough-data" means neither: hold.
 */
export type Verdict = {
  kind: "worse" | "not-worse" | "not-enough-data";
  /** Stable name of the finding. */
  code: string;
  /** The finding as a clause, to stand after "because". */
  reason: string;
};

export function worse(code: string, reason: string): Verdict {
  return { kind: "worse", code, reason };
}

export function lacking(code: string, reason: string): Verdict {
  return { kind: "not-enough-data", code, reason };
}

export function enough(reason: string): Verdict {
  return { kind: "not-worse", code: "not-worse", reason };
}
