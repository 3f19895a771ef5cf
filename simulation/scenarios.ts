/** How a color treats the payments that it gets. */
export interface Behavior {
  /** Share of the payments, 0 to 1, that fail whatever the release: expired cards, lost clients. */
  backgroundFailureRatio: number;
  /** Share of the payments, 0 to 1, that fail because of the release. */
  releaseFailureRatio: number;
  /** Share of the payments, 0 to 1, that are slow whatever the release. */
  backgroundSlowRatio: number;
  /** Share of the payments, 0 to 1, that are slow because of the release. */
  releaseSlowRatio: number;
  /** Share of the targets, 0 to 1, that fail their health check. */
  unhealthyTargetRatio: number;
}

/** A change of behavior, in seconds after the color's first payment. */
export interface Change {
  secondsAfterFirstPayment: number;
  behavior: Partial<Behavior>;
}

/** What happens during a rehearsal, told by role: the standby color runs the release under test. */
export interface Scenario {
  name: string;
  /** The scenario as a clause, for people. */
  description: string;
  /** How a cutover under this scenario ought to end. */
  expected: "completed" | "rolled-back";
  live: Behavior;
  standby: Behavior;
  /** In the order of their times. */
  standbyChanges: Change[];
  /** What AWS can bear: with more of the clients than that, it fails a share of all payments, 0 to 1. */
  overload?: { abovePercent: number; failureRatio: number };
  /** Whether the application counts payments itself, or the load balancer alone. @default true */
  applicationCounts?: boolean;
}

const HEALTHY: Behavior = {
  backgroundFailureRatio: 0.001,
  releaseFailureRatio: 0,
  backgroundSlowRatio: 0.002,
  releaseSlowRatio: 0,
  unhealthyTargetRatio: 0,
};

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
  standbyChanges: [],
};

/** A release that fails that percentage of its payments from the first one on; its targets stay healthy. */
export function failingRelease(name: string, failurePercent: number): Scenario {
  return {
    name,
    description: `the release fails ${failurePercent} % of its payments from its first one on`,
    expected: "rolled-back",
    live: HEALTHY,
    standby: { ...HEALTHY, releaseFailureRatio: failurePercent / 100 },
    standbyChanges: [],
  };
}

export const BAD_RELEASE = failingRelease("bad-release", 2);

export const BROKEN_RELEASE: Scenario = {
  ...failingRelease("broken-release", 100),
  description: `the release fails every payment, and its health check ${SECONDS_UNTIL_UNHEALTHY} s after its first one`,
  standbyChanges: [
    {
      secondsAfterFirstPayment: SECONDS_UNTIL_UNHEALTHY,
      behavior: { unhealthyTargetRatio: 1 },
    },
  ],
};

/** For a migration: what is live fails payments of clients whom only on-premises served so far. */
export const BAD_MIGRATION: Scenario = {
  ...GOOD_RELEASE,
  name: "bad-migration",
  description: "AWS fails 5 % of the payments, from the first client on who comes from on-premises",
  expected: "rolled-back",
  live: { ...HEALTHY, releaseFailureRatio: 0.05 },
};

export const SCENARIOS: readonly Scenario[] = [GOOD_RELEASE, BAD_RELEASE, BROKEN_RELEASE];
