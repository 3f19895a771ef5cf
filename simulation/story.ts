import type { Color, Plan, Weights } from "../lambdas/cutover/contract";
import type { Strength } from "../lambdas/cutover/evidence/traffic";
import type { Rehearsal } from "./rehearse";

/** What one color did in a sample's seconds. */
export interface ColorSample {
  payments: number;
  failed: number;
  /** Served, but not within the plan's `maxP99Milliseconds`. */
  slow: number;
}

/** The world at the end of some seconds, and what happened in them. */
export interface Sample {
  /** End of the sample, in seconds since the operator's start. */
  atSeconds: number;
  /** By which the load balancer split the payments at the end. */
  weightsInPlace: Weights;
  /** Percent of the clients that came to AWS at the end; absent where there is no on-premises endpoint. */
  awsPercent?: number;
  colors: { [color in Color]: ColorSample };
  /** How strong the evidence was at the last pass; absent before the first step and after the last. */
  strength?: Strength;
  /** The cluster that took the writes at the end. */
  writer: Color;
  /** Seconds of the sample in which payments waited, because no cluster took writes. */
  waitedSeconds: number;
}

/** Something that the scenario did, other than by the color's behavior. */
export interface Incident {
  /** Seconds since the operator's start. */
  atSeconds: number;
  /** As a clause, for people: `somebody sets the weights to blue 60 %, green 40 % by hand`. */
  what: string;
}

/** One rehearsal with all that a person may want to see of it. */
export interface Story {
  scenario: { name: string; description: string; expected: string };
  /** The stack whose plan it is. */
  stack: string;
  plan: Plan;
  live: Color;
  paymentsPerHour: number;
  tickSeconds: number;
  seed: number;
  sampleSeconds: number;
  /** In the order of their times, without gaps. */
  samples: Sample[];
  incidents: Incident[];
  rehearsal: Rehearsal;
}
