/** Payments of the standby color, as a metric provider has counted them. */
export interface Counted {
  payments: number;
  failed: number;
}

/**
 * What a query answers.
 * - "no-data": it has no value, as nothing was paid in its window.
 * - "unreachable": the provider gave no answer.
 */
export type Sample = Counted | "no-data" | "unreachable";

/** Share of the payments, 0 to 1, that failed. */
export function failedShare({ payments, failed }: Counted): number {
  return failed / payments;
}
