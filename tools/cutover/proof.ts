import { evidenceOf as gathered } from "../../lambdas/cutover/evidence/gather";
import type { Strength } from "../../lambdas/cutover/evidence/traffic";
import type { Counts, SourceName } from "../../lambdas/cutover/ports";
import type { Facts } from "./facts";

/** What payments have shown, against what is wanted. */
export interface EvidenceStatus {
  strength: Strength;
  /** Whether that is of the last record, as nobody could count now. */
  isOfRecord: boolean;
  /** Counts of this step. @default none can be told of both colors */
  counts?: { source: SourceName; standby: Counts; live: Counts };
  /** Payments that the step needs at least. */
  minimumPayments?: number;
}

/** Undefined where nothing is judged, or nothing is known of it. */
export function evidenceOf({ state, seen, foreseen, last }: Facts): EvidenceStatus | undefined {
  const { phase } = state;
  if (phase.name !== "shifting" && phase.name !== "migrating") return undefined;
  const recorded = last.known ? last.value?.strength : undefined;
  const strength = foreseen?.strength ?? recorded;
  if (strength === undefined) return undefined;
  const move = phase.name === "shifting" ? phase.cutover : phase.migration;
  const { minimumPayments } = move.plan.limits;
  const isOfRecord = foreseen?.strength === undefined;
  if (phase.name !== "shifting" || seen === undefined)
    return { strength, isOfRecord, minimumPayments };
  const evidence = gathered(phase.cutover, seen.traffic);
  // The application counts within seconds; where it counts nothing the load balancer does.
  const source = evidence.application.step.standby.payments > 0 ? "application" : "loadBalancer";
  const { standby, live } = evidence[source].step;
  return { strength, isOfRecord, minimumPayments, counts: { source, standby, live } };
}

/**
 * How near a purse is to what is wanted of it, 0 to 1. Purses grow by factors, so the way is measured in
 * factors, too: from 1, with which each begins.
 */
export function nearness(purse: number, wanted: number): number {
  if (!(wanted > 1)) return purse >= wanted ? 1 : 0;
  const way = Math.log(Math.max(purse, 1)) / Math.log(wanted);
  return Math.min(1, Math.max(0, way));
}
