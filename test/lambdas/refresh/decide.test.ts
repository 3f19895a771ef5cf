import assert from "node:assert/strict";
import { decide } from "../../../lambdas/refresh/decide";
import { known, unknown } from "../../../lambdas/refresh/ports";
import { MINUTE, NOW } from "../../support/facts";
import { CURRENT, decisions, inWords } from "./decisions";
import { BEFORE, ROTATED, seen, service, serviceNamed, task, taskNamed, unseen } from "./facts";

const never = known(undefined);
const lost = unknown<number | undefined>("AccessDenied: no");
const staleService = service({ startedAt: BEFORE });
const staleTask = task({ startedAt: BEFORE });
const ISO = new Date(ROTATED).toISOString();

describe("decide on services", () => {
  const restart = "refresh: restart blue";
  const settled = ROTATED + 5 * MINUTE;
  const rolling = (changes: object) => [service({ startedAt: BEFORE, ...changes })];
  decisions([
    ["leaves one alone that began after the rotation", [service()], CURRENT],
    ["leaves one alone whose secret was never rotated", rolling({ rotatedAt: never }), CURRENT],
    ["restarts one that began before it", [staleService], restart, `rotated ${ISO}`],
    [
      "restarts one that has no tasks, for its later ones",
      rolling({ desired: 0, running: 0 }),
      restart,
    ],
    ["restarts one that began while it settled", [service({ startedAt: settled - 1 })], restart],
    ["leaves one alone that began once it had", [service({ startedAt: settled })], CURRENT],
    [
      "waits until it has",
      [staleService],
      "hold-unsteady: nothing",
      "just being rotated",
      { now: settled - 1 },
    ],
    ["and no longer", [staleService], restart, "", { now: settled }],
    [
      "waits for a deployment",
      rolling({ rollout: "IN_PROGRESS" }),
      "hold-unsteady: nothing",
      "IN_PROGRESS",
    ],
    ["waits for the old deployment's end", rolling({ deployments: 2 }), "hold-unsteady: nothing"],
    ["waits for missing tasks", rolling({ running: 1 }), "hold-unsteady: nothing", "1 of 2"],
    ["does not wait for tasks too many", rolling({ running: 3 }), restart],
    [
      "touches nothing after a deployment failed",
      rolling({ rollout: "FAILED" }),
      "hold-stuck: nothing",
    ],
    [
      "does not guess the rotation",
      rolling({ rotatedAt: lost }),
      "hold-unknown: nothing",
      "AccessDenied",
    ],
    ["does not guess the service", [unseen(staleService)], "hold-unknown: nothing", "slow down"],
  ]);

  it("names cluster and service", () => {
    const { kind: _, name: __, secretArns: ___, ...arns } = serviceNamed("blue");
    const [move] = decide(seen([staleService])).moves;
    assert.deepEqual(move?.steps, [{ kind: "restart-service", ...arns }]);
  });
});

describe("decide on replication tasks", () => {
  const stop = "refresh: mark forward, stop forward, again";
  const resume = "finish: resume forward, again";
  const old = (changes: object) => [task({ startedAt: BEFORE, ...changes })];
  const marked = (status: string, minutesAgo = 1) =>
    old({ status, markedAt: NOW - minutesAgo * MINUTE });
  decisions([
    ["leaves one alone that began after the rotation", [task()], CURRENT],
    ["leaves one alone whose secret was never rotated", old({ rotatedAt: never }), CURRENT],
    ["stops one that began before it, intent first", [staleTask], stop, `rotated ${ISO}`],
    [
      "leaves one alone that copies tables",
      old({ loading: true }),
      "hold-loading: nothing",
      "copies",
    ],
    [
      "does not guess the rotation",
      old({ rotatedAt: lost }),
      "hold-unknown: nothing",
      "AccessDenied",
    ],
    ["does not guess the task", [unseen(staleTask)], "hold-unknown: nothing", "slow down"],
    [
      "does not guess its start",
      old({ startedAt: undefined }),
      "hold-unknown: nothing",
      "no start date",
    ],
    ["waits for its own stop to come", marked("running", 5), "hold-unsteady: nothing, again"],
    [
      "gives up a stop that never came",
      marked("running", 5.01),
      "finish: unmark forward",
      "Give up",
    ],
    ["waits while it stops", marked("stopping"), "hold-unsteady: nothing, again"],
    [
      "starts it when it has stopped",
      marked("stopped"),
      resume,
      "Start the forward replication again",
    ],
    ["starts it however late", marked("stopped", 9 * 24 * 60), resume],
    ["waits while it starts", marked("starting", 60), "hold-unsteady: nothing, again"],
    ["takes the tag off when it runs anew", [task({ markedAt: NOW })], "finish: unmark forward"],
    [
      "does so when the secret is no longer rotated",
      old({ markedAt: NOW, rotatedAt: never }),
      "finish: unmark forward",
    ],
    [
      "leaves the tag while the rotation is unknown",
      old({ markedAt: NOW, rotatedAt: lost }),
      "hold-unknown: nothing",
    ],
    ["does not start one that failed under it", marked("failed"), "hold-stuck: nothing", "failed"],
  ]);

  for (const status of [
    "stopped",
    "failed",
    "ready",
    "creating",
    "starting",
    "stopping",
    "modifying",
  ])
    decisions([[`never touches one that is ${status} without our tag`, old({ status }), CURRENT]]);

  it("starts its own stopped task whatever else is unknown", () => {
    const sightings = [
      ...old({ status: "stopped", markedAt: NOW, rotatedAt: lost }),
      unseen(service()),
    ];
    const decision = decide(seen(sightings, { cutoverPhase: unknown("no answer") }));
    assert.equal(inWords(decision), resume);
  });

  it("names the task, and the time of the intent", () => {
    const { taskArn } = taskNamed("forward");
    assert.deepEqual(decide(seen([staleTask])).moves[0]?.steps, [
      { kind: "mark-task", taskArn, at: NOW },
      { kind: "stop-task", taskArn },
    ]);
  });
});
