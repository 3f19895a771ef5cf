import { HEALTHY } from "./behavior";
import {
  BAD_MIGRATION,
  BAD_RELEASE,
  BROKEN_RELEASE,
  failingRelease,
  GOOD_RELEASE,
  type Scenario,
} from "./scenarios";

const MINUTE = 60;

/** Between two values, as a share of the way, 0 to 1. */
function between(from: number, to: number, share: number): number {
  return from + (to - from) * Math.min(Math.max(share, 0), 1);
}

const SLOW_RELEASE: Scenario = {
  ...GOOD_RELEASE,
  name: "slow-release",
  description: "the release fails no more than the old one, but a seventh of its payments is slow",
  expected: "rolled-back",
  standby: { ...HEALTHY, latency: { medianMilliseconds: 180, p99Milliseconds: 1_800 } },
};

const LEAK_STARTS = 4 * MINUTE;
const LEAK_LASTS = 12 * MINUTE;

const MEMORY_LEAK: Scenario = {
  ...GOOD_RELEASE,
  name: "memory-leak",
  description:
    "the release is well for four minutes, then slower and slower for twelve, until it fails 5 % of its payments",
  expected: "rolled-back",
  standbyAt: (seconds) => {
    const share = (seconds - LEAK_STARTS) / LEAK_LASTS;
    const { medianMilliseconds, p99Milliseconds } = HEALTHY.latency;
    return {
      releaseFailureRatio: between(0, 0.05, share),
      latency: {
        medianMilliseconds: between(medianMilliseconds, 200, share),
        p99Milliseconds: between(p99Milliseconds, 3_000, share),
      },
    };
  },
};

/** A minute well, half a minute ill, and so on. */
const FLAPPING: Scenario = {
  ...GOOD_RELEASE,
  name: "flapping",
  description: "the release fails 10 % of its payments for half a minute in every one and a half",
  expected: "rolled-back",
  standbyAt: (seconds) => ({ releaseFailureRatio: seconds % 90 < 60 ? 0 : 0.1 }),
};

/** Dies of what it has served, comes back, and dies again. */
const CRASH_LOOP: Scenario = {
  ...GOOD_RELEASE,
  name: "crash-loop",
  description:
    "one of the release's three tasks dies a minute and a half after its first payment, and again and again",
  expected: "rolled-back",
  standbyAt: (seconds) =>
    seconds >= 90 && seconds % 60 < 40
      ? { unhealthyTargetRatio: 1 / 3, releaseFailureRatio: 0.15 }
      : {},
};

const REJECTING: Scenario = {
  ...GOOD_RELEASE,
  name: "rejecting",
  description:
    "the release answers 2 % of the payments as a client's mistake (4xx), which they are not",
  expected: "rolled-back",
  standby: { ...HEALTHY, releaseRejectedRatio: 0.02 },
};

const RETRYING_CLIENTS: Scenario = {
  ...failingRelease("retrying-clients", 5),
  description:
    "the release fails 5 % of its payments, and clients ask again after five seconds, twice, with the same idempotency key",
  retries: { most: 2, waitSeconds: 5 },
};

const NO_TRAFFIC: Scenario = {
  ...GOOD_RELEASE,
  name: "no-traffic",
  description: "a good release, and no payment comes from the start on: nothing can be shown of it",
  expected: "rolled-back",
  trafficAt: (seconds) => (seconds < 0 ? 1 : 0),
};

const METRICS_OUTAGE: Scenario = {
  ...GOOD_RELEASE,
  name: "metrics-outage",
  description:
    "a good release, and CloudWatch shows nothing new from the second minute to the tenth",
  metricsOutage: { fromSeconds: 2 * MINUTE, toSeconds: 10 * MINUTE },
};

const METRICS_OUTAGE_BAD: Scenario = {
  ...METRICS_OUTAGE,
  name: "metrics-outage-bad",
  description:
    "a release that fails 20 % from its first payment on, while CloudWatch shows nothing from the start to the fourth minute",
  expected: "rolled-back",
  standby: { ...HEALTHY, releaseFailureRatio: 0.2 },
  metricsOutage: { fromSeconds: 0, toSeconds: 4 * MINUTE },
};

const DEPENDENCY_FAILS_FROM = 2 * MINUTE;
const DEPENDENCY_FAILS_UNTIL = 7 * MINUTE;

/** What both colors call: a card network, say. */
const SHARED_DEPENDENCY: Scenario = {
  ...GOOD_RELEASE,
  name: "shared-dependency",
  description:
    "a good release, and what both colors depend on fails 30 % of all payments from the second minute to the seventh",
  bothAt: (seconds) =>
    seconds >= DEPENDENCY_FAILS_FROM && seconds < DEPENDENCY_FAILS_UNTIL
      ? { backgroundFailureRatio: 0.3 }
      : {},
};

const RED_BEFORE: Scenario = {
  ...GOOD_RELEASE,
  name: "red-before",
  description: "a good release, whose errors alarm has been red since before the start",
  redBefore: "errors",
};

const RED_BEFORE_BAD: Scenario = {
  ...failingRelease("red-before-bad", 5),
  description:
    "a release that fails 5 %, and whose errors alarm has been red since before the start",
  redBefore: "errors",
};

const CONTROLLER_KILLED: Scenario = {
  ...failingRelease("controller-killed", 20),
  description:
    "the release fails 20 % of its payments, and each invocation of the controller dies for three minutes from the tenth second on",
  disturbances: [{ kind: "controller-killed", atSeconds: 10, forSeconds: 3 * MINUTE }],
};

const CONTROLLER_DIES: Scenario = {
  ...GOOD_RELEASE,
  name: "controller-dies",
  description:
    "a good release, and the controller dies between recording a step and setting its weights",
  diesAfter: "promote",
};

const DRIFT_BY_HAND: Scenario = {
  ...GOOD_RELEASE,
  name: "drift-by-hand",
  description: "a good release, and somebody gives it 60 % by hand in the third minute",
  disturbances: [{ kind: "weights-by-hand", atSeconds: 170, standbyPercent: 60 }],
};

const SWITCHOVER: Scenario = {
  ...GOOD_RELEASE,
  name: "switchover",
  description: "a good release, and the database writer moves in the middle of it",
  switchover: { waitSeconds: 4, isAborted: false },
};

const REPLICATION_LAG: Scenario = {
  ...GOOD_RELEASE,
  name: "replication-lag",
  description:
    "a good release, but replication is so far behind that the switchover gives the writes back after 20 s",
  expected: "rolled-back",
  switchover: { waitSeconds: 20, isAborted: true },
};

const SWITCHOVER_BAD: Scenario = {
  ...GOOD_RELEASE,
  name: "switchover-bad",
  expected: "rolled-back",
  description:
    "a release that turns out to fail 5 % of its payments ten minutes after its first one, with the writer moved",
  standbyAt: (seconds) => ({ releaseFailureRatio: seconds < 10 * MINUTE ? 0 : 0.05 }),
  switchover: { waitSeconds: 4, isAborted: false },
};

const DNS_MIGRATION: Scenario = {
  ...GOOD_RELEASE,
  name: "dns-migration",
  description: "all clients are led from on-premises to AWS, where the live color is well",
  migrates: true,
};

const DNS_MIGRATION_OVERLOAD: Scenario = {
  ...DNS_MIGRATION,
  name: "dns-migration-overload",
  description:
    "clients are led to AWS, which fails 10 % of all payments once it has more than 40 % of them",
  expected: "rolled-back",
  overload: { abovePercent: 40, failureRatio: 0.1 },
};

/** Every scenario that can be rehearsed, by name, in the order in which a person would ask for them. */
export const CATALOGUE: readonly Scenario[] = [
  GOOD_RELEASE,
  failingRelease("bad-100", 100),
  failingRelease("bad-20", 20),
  BAD_RELEASE,
  { ...failingRelease("bad-0.5", 0.5), expected: "either" },
  BROKEN_RELEASE,
  MEMORY_LEAK,
  SLOW_RELEASE,
  REJECTING,
  FLAPPING,
  CRASH_LOOP,
  RETRYING_CLIENTS,
  NO_TRAFFIC,
  METRICS_OUTAGE,
  METRICS_OUTAGE_BAD,
  SHARED_DEPENDENCY,
  RED_BEFORE,
  RED_BEFORE_BAD,
  CONTROLLER_KILLED,
  CONTROLLER_DIES,
  DRIFT_BY_HAND,
  SWITCHOVER,
  SWITCHOVER_BAD,
  REPLICATION_LAG,
  DNS_MIGRATION,
  BAD_MIGRATION,
  DNS_MIGRATION_OVERLOAD,
];
