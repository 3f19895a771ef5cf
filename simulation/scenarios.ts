import type { Weights } from "../lambdas/cutover/contract";
import { type Behavior, HEALTHY } from "./behavior";

/** Something that happens besides payments; seconds count from the operator's start. */
export type Disturbance = {
  atSeconds: number;
} & (
  | { kind: "weights-by-hand"; standbyPercent: number }
  /** Every invocation of the controller dies at once, for that long. */
  | { kind: "controller-killed"; forSeconds: number }
);

/** What happens during a rehearsal, told by role: the standby color runs the release under test. */
export interface Scenario {
  name: string;
  /** The scenario as a clause, for people. */
  description: string;
  /** How a move under this scenario ought to end; "either" where chance may decide. */
  expected: "completed" | "rolled-back" | "either";
  live: Behavior;
  standby: Behavior;
  /** What becomes of the standby color, by seconds after its first payment. @default it stays as it is */
  standbyAt?: (seconds: number) => Partial<Behavior>;
  /** What befalls both colors, by seconds since the operator's start. @default nothing does */
  bothAt?: (seconds: number) => Partial<Behavior>;
  /** Share of the usual payments that come, by seconds since the operator's start. @default all come */
  trafficAt?: (seconds: number) => number;
  /** What AWS can bear: with more of the clients than that, it fails a share of all payments, 0 to 1. */
  overload?: { abovePercent: number; failureRatio: number };
  /** Whether the application counts payments itself, or the load balancer alone. @default true */
  applicationCounts?: boolean;
  /** No newer metrics come in between, and all of them at its end; seconds since the operator's start. */
  metricsOutage?: { fromSeconds: number; toSeconds: number };
  /** Kind of the standby color's alarm that is red from the beginning on, whatever it sees. */
  redBefore?: "errors" | "latency" | "unhealthy-targets";
  /** Clients ask again after a failure, with the same idempotency key. @default they never do */
  retries?: Retries;
  disturbances?: readonly Disturbance[];
  /** Set when a pass dies once, after it has put a decision with this code on record. */
  diesAfter?: string;
  /** Asks for a plan whose database writer moves. @default as the plan says */
  switchover?: SwitchoverCourse;
  /** Leads clients from on-premises to AWS, instead of payments to the other color. */
  migrates?: true;
}

/** How clients ask again. */
export interface Retries {
  /** How often at most, after the first attempt. */
  most: number;
  waitSeconds: number;
}

/** How the switchover of a rehearsal goes. */
export interface SwitchoverCourse {
  /** How long payments wait. */
  waitSeconds: number;
  /** Whether the writes are then given back to the old cluster. */
  isAborted: boolean;
}

/**
 * The load balancer checks every 10 s and needs two failures in a row, so targets that die of
 * their first payment show after this time at the latest.
 */
export const SECONDS_UNTIL_UNHEALTHY = 20;

export const GOOD_RELEASE: Scenario = {
  name: "good-release",
  description: "the release is as good as the old one: 0.1 % of all payments fail, as ever",
  expected: "completed",
  live: HEALTHY,
  standby: HEALTHY,
};

/** A release that fails that percentage of its payments from the first one on; its targets stay healthy. */
export function failingRelease(name: string, failurePercent: number): Scenario {
  return {
    ...GOOD_RELEASE,
    name,
    description: `the release fails ${failurePercent} % of its payments from its first one on`,
    expected: "rolled-back",
    standby: { ...HEALTHY, releaseFailureRatio: failurePercent / 100 },
  };
}

export const BAD_RELEASE = failingRelease("bad-2", 2);

export const BROKEN_RELEASE: Scenario = {
  ...failingRelease("broken-release", 100),
  description: `the release fails every payment, and its health check ${SECONDS_UNTIL_UNHEALTHY} s after its first one`,
  standbyAt: (seconds) => ({ unhealthyTargetRatio: seconds >= SECONDS_UNTIL_UNHEALTHY ? 1 : 0 }),
};

/** For a migration: what is live fails payments of clients whom only on-premises served so far. */
export const BAD_MIGRATION: Scenario = {
  ...GOOD_RELEASE,
  name: "bad-migration",
  description: "AWS fails 5 % of the payments, from the first client on who comes from on-premises",
  expected: "rolled-back",
  live: { ...HEALTHY, releaseFailureRatio: 0.05 },
  migrates: true,
};

/** A disturbance as a clause, for people. @param weights what the standby color's percentage makes of both */
export function inWords(disturbance: Disturbance, weights: (standby: number) => Weights): string {
  switch (disturbance.kind) {
    case "weights-by-hand": {
      const { blue, green } = weights(disturbance.standbyPercent);
      return `somebody sets the weights by hand: blue ${blue} %, green ${green} %`;
    }
    case "controller-killed":
      return `every invocation of the controller dies, for ${disturbance.forSeconds} s`;
  }
}
