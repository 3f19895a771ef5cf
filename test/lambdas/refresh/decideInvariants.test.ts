import assert from "node:assert/strict";
import { type Decision, decide, type Step } from "../../../lambdas/refresh/decide";
import type { Observation, Sighting } from "../../../lambdas/refresh/observe";
import { known, unknown } from "../../../lambdas/refresh/ports";
import { MINUTE, NOW } from "../../support/facts";
import { AFTER, BEFORE, ROTATED, seen, service, task, unseen } from "./facts";

/**
 * Goal: what must hold of every decision holds of every one, not only of those that somebody
 * thought of. Method: enumerate what can be seen of one consumer beside another, and hold each
 * decision against rules that are written without `decide`.
 */

const SETTLED = ROTATED + 5 * MINUTE;
const ROTATIONS = [
  unknown<undefined>("no answer"),
  known(undefined),
  known(ROTATED),
  known(NOW - MINUTE),
];
const PHASES = [
  known("idle"),
  known("rolled-back"),
  known("shifting"),
  unknown<string>("no answer"),
];

function services(name: string): Sighting[] {
  const all = [unseen(service({ name }))];
  for (const rotatedAt of ROTATIONS)
    for (const startedAt of [BEFORE, AFTER])
      for (const rollout of ["COMPLETED", "IN_PROGRESS", "FAILED"])
        for (const deployments of [1, 2])
          for (const running of [1, 2])
            all.push(service({ name, rotatedAt, startedAt, rollout, deployments, running }));
  return all;
}

function tasks(name: string): Sighting[] {
  const all = [unseen(task({ name }))];
  for (const rotatedAt of ROTATIONS)
    for (const startedAt of [undefined, BEFORE, AFTER])
      for (const status of ["running", "stopping", "stopped", "starting", "failed", "ready"])
        for (const loading of [false, true])
          for (const minutesAgo of [undefined, 1, 6, 31]) {
            const markedAt = minutesAgo === undefined ? undefined : NOW - minutesAgo * MINUTE;
            all.push(task({ name, rotatedAt, startedAt, status, loading, markedAt }));
          }
  return all;
}

/** One of each kind that matters to another consumer. */
const OTHERS: Sighting[] = [
  service({ name: "other" }),
  service({ name: "other", startedAt: BEFORE }),
  service({ name: "other", rollout: "IN_PROGRESS" }),
  service({ name: "other", rollout: "FAILED" }),
  unseen(service({ name: "other" })),
  task({ name: "other" }),
  task({ name: "other", startedAt: BEFORE }),
  task({ name: "other", startedAt: BEFORE, loading: true }),
  task({ name: "other", markedAt: NOW - MINUTE }),
  task({ name: "other", status: "stopped", markedAt: NOW - MINUTE }),
  task({ name: "other", status: "starting", markedAt: NOW - MINUTE }),
  task({ name: "other", status: "failed", markedAt: NOW - MINUTE }),
  task({ name: "other", status: "stopped" }),
  task({ name: "other", startedAt: BEFORE, markedAt: NOW - 6 * MINUTE }),
];

function* observations(): Generator<Observation> {
  for (const one of [...services("one"), ...tasks("one")])
    for (const other of OTHERS)
      for (const cutoverPhase of PHASES)
        for (const sightings of [
          [one, other],
          [other, one],
        ])
          yield seen(sightings, { cutoverPhase });
}

function arnOf({ consumer }: Sighting): string {
  return consumer.kind === "service" ? consumer.serviceArn : consumer.taskArn;
}

function targetOf(step: Step): string {
  return step.kind === "restart-service" ? step.serviceArn : step.taskArn;
}

function isMarked(sighting: Sighting): boolean {
  if (sighting.kind !== "replicationTask" || !sighting.facts.known) return false;
  return sighting.facts.value.markedAt !== undefined;
}

function statusOf(sighting: Sighting): string | undefined {
  if (sighting.kind !== "replicationTask" || !sighting.facts.known) return undefined;
  return sighting.facts.value.status;
}

/** Whether it runs undisturbed, as far as can be seen. */
function isSteady(sighting: Sighting): boolean {
  if (!sighting.facts.known || isMarked(sighting)) return false;
  if (sighting.kind === "replicationTask") return true;
  const { rollout, deployments, running } = sighting.facts.value;
  return rollout === "COMPLETED" && deployments === 1 && running === 2;
}

/** Whether it is shown to hold credentials that a rotation has replaced. */
function isStale({ facts, rotatedAt }: Sighting): boolean {
  if (!facts.known || !rotatedAt.known || rotatedAt.value === undefined) return false;
  const { startedAt } = facts.value;
  return rotatedAt.value === ROTATED && startedAt !== undefined && startedAt < SETTLED;
}

function isLoading(sighting: Sighting): boolean {
  return (
    sighting.kind === "replicationTask" && sighting.facts.known && sighting.facts.value.loading
  );
}

interface Case {
  seen: Observation;
  decision: Decision;
  steps: Step[];
}

function sightingOf({ seen: { sightings } }: Case, step: Step): Sighting {
  const found = sightings.find((sighting) => arnOf(sighting) === targetOf(step));
  assert.ok(found);
  return found;
}

/** The steps that disturb a consumer which nobody had disturbed yet. */
function disturbances({ steps }: Case): Step[] {
  return steps.filter(({ kind }) => kind === "restart-service" || kind === "stop-task");
}

function isCalm({ cutoverPhase }: Observation): boolean {
  return cutoverPhase.known && ["idle", "rolled-back"].includes(cutoverPhase.value);
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

describe("every decision", () => {
  const cases: Case[] = [];
  before(() => {
    for (const seen of observations()) {
      const decision = decide(freeze(seen));
      cases.push({ seen, decision, steps: decision.moves.flatMap((move) => move.steps) });
    }
  });

  /** Holds of every case, and of so many that the rule is not empty. */
  function always(rule: string, applies: (one: Case) => boolean, holds: (one: Case) => boolean) {
    it(rule, () => {
      const concerned = cases.filter(applies);
      assert.ok(concerned.length >= 50, `only ${concerned.length} cases`);
      const [broken] = concerned.filter((one) => !holds(one));
      assert.equal(broken, undefined, JSON.stringify(broken, undefined, 1));
    });
  }

  const disturbs = (one: Case) => disturbances(one).length > 0;
  const has = (kind: Step["kind"]) => (one: Case) => one.steps.some((step) => step.kind === kind);
  const each = (kind: Step["kind"], holds: (sighting: Sighting) => boolean) => (one: Case) =>
    one.steps.every((step) => step.kind !== kind || holds(sightingOf(one, step)));

  it("is one of many", () => assert.ok(cases.length > 50_000, `${cases.length} cases`));

  always("disturbs one consumer at most", disturbs, (one) => disturbances(one).length === 1);

  always(
    "disturbs none unless the cutover is known to be calm",
    (one) => !isCalm(one.seen),
    (one) => !disturbs(one),
  );

  always("disturbs one only while the other is steady", disturbs, (one) => {
    const touched = disturbances(one).map((step) => sightingOf(one, step));
    return one.seen.sightings.every((other) => touched.includes(other) || isSteady(other));
  });

  always("disturbs only what is steady, and stale", disturbs, (one) =>
    disturbances(one).every((step) => {
      const sighting = sightingOf(one, step);
      return isSteady(sighting) && isStale(sighting);
    }),
  );

  always(
    "stops only a task that runs and copies no tables, right after its tag",
    has("stop-task"),
    (one) =>
      each(
        "stop-task",
        (sighting) => statusOf(sighting) === "running" && !isLoading(sighting),
      )(one) &&
      one.steps.length === 2 &&
      one.steps[0]?.kind === "mark-task" &&
      one.steps[0].taskArn === targetOf(one.steps[1] as Step),
  );

  always("marks none that it does not stop", has("mark-task"), has("stop-task"));

  always(
    "starts only what is stopped and ours",
    has("resume-task"),
    each("resume-task", (sighting) => statusOf(sighting) === "stopped" && isMarked(sighting)),
  );

  always(
    "unmarks only what runs",
    has("unmark-task"),
    each("unmark-task", (sighting) => statusOf(sighting) === "running" && isMarked(sighting)),
  );

  const stoppedByUs = ({ seen }: Case) =>
    seen.sightings.filter((sighting) => statusOf(sighting) === "stopped" && isMarked(sighting));
  always(
    "leaves none stopped that is ours, whatever else is seen",
    (one) => stoppedByUs(one).length > 0,
    (one) => {
      const started = one.steps.filter((step) => step.kind === "resume-task").map(targetOf);
      return (
        one.decision.again &&
        stoppedByUs(one).every((sighting) => started.includes(arnOf(sighting)))
      );
    },
  );

  always(
    "touches nothing that somebody else stopped",
    () => true,
    (one) =>
      one.steps.every((step) => {
        const sighting = sightingOf(one, step);
        return (
          statusOf(sighting) === undefined || statusOf(sighting) === "running" || isMarked(sighting)
        );
      }),
  );

  always(
    "refreshes one when it may",
    ({ seen }) =>
      isCalm(seen) &&
      seen.sightings.every(
        (one) => isSteady(one) && one.rotatedAt.known && one.rotatedAt.value === ROTATED,
      ) &&
      seen.sightings.every(
        (one) =>
          statusOf(one) === undefined ||
          (statusOf(one) === "running" &&
            one.facts.known &&
            one.facts.value.startedAt !== undefined),
      ) &&
      seen.sightings.some((one) => isStale(one) && !isLoading(one)),
    disturbs,
  );

  always(
    "calls for a person when a consumer cannot be seen",
    ({ seen }) => seen.sightings.some(({ facts }) => !facts.known),
    ({ decision }) => decision.problems.length > 0,
  );
});
