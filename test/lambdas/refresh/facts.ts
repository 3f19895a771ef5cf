import type { ServiceConsumer, TaskConsumer } from "../../../lambdas/refresh/contract";
import type { Observation, Sighting } from "../../../lambdas/refresh/observe";
import {
  type Known,
  known,
  type ServiceFacts,
  type TaskFacts,
} from "../../../lambdas/refresh/ports";
import { MINUTE, NOW } from "../../support/facts";

const ACCOUNT = "us-east-1:111122223333";

export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:${ACCOUNT}:secret:${name}-AbCdEf`;
}

/** A service that reads these secrets; one of its own name if none is given. */
export function serviceNamed(name: string, ...secrets: string[]): ServiceConsumer {
  return {
    kind: "service",
    name: `the ${name} service`,
    clusterArn: `arn:aws:ecs:${ACCOUNT}:cluster/payments`,
    serviceArn: `arn:aws:ecs:${ACCOUNT}:service/payments/${name}`,
    secretArns: (secrets.length > 0 ? secrets : [name]).map(secretArn),
  };
}

export function taskNamed(name: string, ...secrets: string[]): TaskConsumer {
  return {
    kind: "replicationTask",
    name: `the ${name} replication`,
    taskArn: `arn:aws:dms:${ACCOUNT}:task:${name.toUpperCase()}`,
    secretArns: (secrets.length > 0 ? secrets : [name]).map(secretArn),
  };
}

export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When the secrets of these tests were rotated. */
export const ROTATED = NOW - HOUR;
export const BEFORE = ROTATED - 20 * DAY;
export const AFTER = ROTATED + 10 * MINUTE;

type Rotated = { rotatedAt?: Known<number | undefined> };

/** A service that is steady and uses the current credentials, but for the changes. */
export function service(
  changes: Partial<ServiceFacts> & Rotated & { name?: string } = {},
): Sighting {
  const { rotatedAt = known(ROTATED), name = "blue", ...facts } = changes;
  const steady = { rollout: "COMPLETED", deployments: 1, running: 2, desired: 2 };
  return {
    kind: "service",
    consumer: serviceNamed(name),
    rotatedAt,
    facts: known({ startedAt: AFTER, ...steady, ...facts }),
  };
}

/** A task that runs and uses the current credentials, but for the changes. */
export function task(changes: Partial<TaskFacts> & Rotated & { name?: string } = {}): Sighting {
  const { rotatedAt = known(ROTATED), name = "forward", ...facts } = changes;
  const steady = { status: "running", loading: false, stopReason: "", markedAt: undefined };
  return {
    kind: "replicationTask",
    consumer: taskNamed(name),
    rotatedAt,
    facts: known({ startedAt: AFTER, ...steady, ...facts }),
  };
}

export function unseen(sighting: Sighting, reason = "Throttling: slow down"): Sighting {
  return { ...sighting, facts: { known: false, reason } };
}

export function seen(sightings: Sighting[], changes: Partial<Observation> = {}): Observation {
  return { now: NOW, cutoverPhase: known("idle"), sightings, ...changes };
}
