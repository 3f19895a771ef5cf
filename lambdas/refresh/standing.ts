import { TIMEOUT_SECONDS } from "./contract";
import type { Sighting } from "./observe";
import type { Known, ServiceFacts, TaskFacts } from "./ports";

/** Where one consumer stands towards its credentials. */
export type Standing =
  /** Uses the current credentials, or will read them when somebody starts it. */
  | { name: "current" }
  /** Uses older credentials, and is steady. */
  | { name: "stale"; reason: string }
  /** Uses older credentials, and must not be disturbed yet. */
  | { name: "loading"; reason: string }
  /** Is being restarted, by whomever, or its credentials are just being rotated. */
  | { name: "unsteady"; reason: string }
  /** Was stopped by us, and must not stay stopped. */
  | { name: "stopped"; reason: string }
  /** Was restarted by us, and still carries our tag. */
  | { name: "refreshed"; reason: string }
  /** Was to be stopped by an invocation that died before. */
  | { name: "unstopped"; reason: string }
  /** Did not come back by itself: a person must see to it. */
  | { name: "stuck"; reason: string }
  | { name: "unknown"; reason: string };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * The rotation's time and the consumers' are of different clocks, and a rotation takes a minute:
 * who began within these minutes after it may have read either credentials.
 */
const SETTLE_MINUTES = 5;

/** A task comes back within minutes; after these a person should look. */
const LATE_MINUTES = 30;

/** Of the 30 days that replaced credentials stay valid; after these a person should look. */
const OVERDUE_DAYS = 7;

export function standingOf(sighting: Sighting, now: number): Standing {
  if (!sighting.facts.known) return { name: "unknown", reason: sighting.facts.reason };
  return sighting.kind === "service"
    ? standingOfService(sighting.facts.value, sighting.rotatedAt, now)
    : standingOfTask(sighting.facts.value, sighting.rotatedAt, now);
}

/** What has taken too long with a consumer, whatever the reason. */
export function delays(sighting: Sighting, now: number): string[] {
  const { kind, facts, rotatedAt } = sighting;
  if (!facts.known) return [];
  const found: string[] = [];
  if (kind === "replicationTask") {
    const { status, markedAt } = facts.value;
    if (markedAt !== undefined && now - markedAt > LATE_MINUTES * MINUTE)
      found.push(`it is ${status}, though it was to be refreshed ${when(markedAt)}`);
    if (status !== "running") return found;
  }
  if (!rotatedAt.known || rotatedAt.value === undefined) return found;
  const stale = age(facts.value.startedAt ?? now, rotatedAt.value, now) === "stale";
  if (stale && now - rotatedAt.value > OVERDUE_DAYS * DAY)
    found.push(
      `it has used replaced credentials for more than ${OVERDUE_DAYS} days (rotated ${when(rotatedAt.value)}); the next rotation ends them`,
    );
  return found;
}

function standingOfService(
  facts: ServiceFacts,
  rotatedAt: Known<number | undefined>,
  now: number,
): Standing {
  const { rollout, deployments, running, desired, startedAt } = facts;
  if (rollout === "FAILED") return { name: "stuck", reason: "its deployment failed" };
  if (rollout !== "COMPLETED" || deployments !== 1 || running < desired) {
    const reason = `its deployment is ${rollout}, one of ${deployments}, with ${running} of ${desired} tasks`;
    return { name: "unsteady", reason };
  }
  return standingByAge(startedAt, rotatedAt, now);
}

function standingOfTask(
  facts: TaskFacts,
  rotatedAt: Known<number | undefined>,
  now: number,
): Standing {
  const { status, markedAt, startedAt, stopReason } = facts;
  if (markedAt !== undefined && status !== "running")
    return standingOfMarked(status, stopReason, markedAt);
  // Stopped by somebody else, or failed: not ours to start, and it reads new credentials when it is.
  if (status !== "running") return { name: "current" };
  if (startedAt === undefined) return { name: "unknown", reason: "it runs, and has no start date" };
  const standing = standingByAge(startedAt, rotatedAt, now);
  if (standing.name === "unknown") return standing;
  if (markedAt !== undefined) return standingOfMarkedRunning(standing, markedAt, now);
  if (standing.name !== "stale" || !facts.loading) return standing;
  return { name: "loading", reason: `${standing.reason}; it still copies tables` };
}

/** A task with our tag that does not run. What can be done for it does not hang on its secrets. */
function standingOfMarked(status: string, stopReason: string, markedAt: number): Standing {
  if (status === "stopped") return { name: "stopped", reason: "it was stopped for a refresh" };
  if (status === "failed") {
    const reason = `it failed while it was refreshed: ${stopReason || "no reason given"}`;
    return { name: "stuck", reason };
  }
  return { name: "unsteady", reason: `it is ${status}, to be refreshed since ${when(markedAt)}` };
}

/** A task with our tag that runs: it was not stopped yet, never was, or has been started again. */
function standingOfMarkedRunning(standing: Standing, markedAt: number, now: number): Standing {
  if (standing.name === "current") return { name: "refreshed", reason: "it has begun anew" };
  // Until then the invocation that set the tag may live, and stop the task at any moment: without
  // the tag nobody would start it again.
  if (now - markedAt <= TIMEOUT_SECONDS * 1000)
    return { name: "unsteady", reason: "it is about to be stopped" };
  return { name: "unstopped", reason: `it was to be stopped ${when(markedAt)}` };
}

function standingByAge(
  startedAt: number,
  rotatedAt: Known<number | undefined>,
  now: number,
): Standing {
  if (!rotatedAt.known) return { name: "unknown", reason: rotatedAt.reason };
  if (rotatedAt.value === undefined) return { name: "current" };
  switch (age(startedAt, rotatedAt.value, now)) {
    case "current":
      return { name: "current" };
    case "settling":
      return { name: "unsteady", reason: "its credentials are just being rotated" };
    case "stale": {
      const reason = `it began ${when(startedAt)}, and its credentials were rotated ${when(rotatedAt.value)}`;
      return { name: "stale", reason };
    }
  }
}

function age(startedAt: number, rotatedAt: number, now: number): "current" | "settling" | "stale" {
  const settledAt = rotatedAt + SETTLE_MINUTES * MINUTE;
  if (startedAt >= settledAt) return "current";
  return now < settledAt ? "settling" : "stale";
}

function when(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString();
}
