import assert from "node:assert/strict";
import type { Phase } from "../../../lambdas/cutover/state";
import { CALM_PHASES, decide } from "../../../lambdas/refresh/decide";
import type { Observation, Sighting } from "../../../lambdas/refresh/observe";
import { known, unknown } from "../../../lambdas/refresh/ports";
import { MINUTE, NOW } from "../../support/facts";
import { CURRENT, decisions } from "./decisions";
import { AFTER, BEFORE, DAY, ROTATED, seen, service, task, unseen } from "./facts";

const lost = unknown<number | undefined>("AccessDenied: no");
const staleService = service({ startedAt: BEFORE });
const staleTask = task({ startedAt: BEFORE });
const ISO = new Date(ROTATED).toISOString();

describe("decide on several consumers", () => {
  const all = [
    service({ name: "blue", startedAt: BEFORE }),
    service({ name: "green", startedAt: BEFORE }),
    staleTask,
  ];
  const [blue, green, forward] = all as [Sighting, Sighting, Sighting];
  const rolling = service({ name: "green", rollout: "IN_PROGRESS" });
  const loading = task({ startedAt: BEFORE, loading: true, name: "reverse" });
  decisions([
    ["begins with the first", all, "refresh: restart blue"],
    ["goes on with the next", [service(), green, forward], "refresh: restart green"],
    ["ends with the last", [service(), forward], "refresh: mark forward, stop forward, again"],
    ["touches none while another is restarted", [blue, rolling], "hold-unsteady: nothing", "green"],
    [
      "touches none while a task is under way",
      [blue, task({ status: "starting", markedAt: NOW })],
      "hold-unsteady: nothing, again",
    ],
    ["touches none while one cannot be seen", [blue, unseen(green)], "hold-unknown: nothing"],
    [
      "touches none after one failed",
      [blue, task({ status: "failed", markedAt: NOW })],
      "hold-stuck: nothing",
    ],
    [
      "only finishes while there is something to finish",
      [blue, task({ markedAt: NOW })],
      "finish: unmark forward",
    ],
    ["does not wait for one that copies tables", [loading, blue], "refresh: restart blue"],
    [
      "does not wait for a task that somebody stopped",
      [task({ status: "stopped" }), blue],
      "refresh: restart blue",
    ],
    ["does nothing without consumers", [], CURRENT],
  ]);
});

describe("decide while a cutover may run", () => {
  const at = (name: string) => ({ cutoverPhase: known(name) });
  const ours = (status: string, startedAt = BEFORE) => [
    task({ status, startedAt, markedAt: NOW - 6 * MINUTE }),
  ];
  decisions([
    [
      "begins nothing",
      [staleService],
      "hold-cutover: nothing",
      "the cutover is shifting",
      at("shifting"),
    ],
    [
      "begins nothing while payments are taken back",
      [staleTask],
      "hold-cutover: nothing",
      "",
      at("rolling-back"),
    ],
    [
      "begins nothing in a phase that it does not know",
      [staleTask],
      "hold-cutover: nothing",
      "",
      at("paused"),
    ],
    [
      "begins nothing when the phase is unknown",
      [staleTask],
      "hold-cutover: nothing",
      "no answer",
      { cutoverPhase: unknown("no answer") },
    ],
    ["begins once it is latched", [staleService], "refresh: restart blue", "", at("rolled-back")],
    [
      "starts a task that it stopped before",
      ours("stopped"),
      "finish: resume forward, again",
      "",
      at("shifting"),
    ],
    ["takes its tag off", ours("running", AFTER), "finish: unmark forward", "", at("shifting")],
    [
      "gives up what it had not begun",
      ours("running"),
      "finish: unmark forward",
      "",
      at("shifting"),
    ],
  ]);

  it("knows each phase of the controller", () => {
    const calm: { [name in Phase["name"]]: boolean } = {
      idle: true,
      shifting: false,
      migrating: false,
      "migrating-back": false,
      "rolling-back": false,
      "rolled-back": true,
    };
    const names = Object.entries(calm).flatMap(([name, isCalm]) => (isCalm ? [name] : []));
    assert.deepEqual([...CALM_PHASES].sort(), names.sort());
  });
});

describe("decide on what a person must see to", () => {
  type Problem = [
    what: string,
    sighting: Sighting,
    problems: string[],
    changes?: Partial<Observation>,
  ];
  const iso = (at: number) => new Date(at).toISOString();
  const week = ROTATED + 7 * DAY;
  const overdue = (name: string) => [
    `the ${name}: it has used replaced credentials for more than 7 days (rotated ${ISO}); the next rotation ends them`,
  ];
  const failing = task({ status: "failed", markedAt: NOW, stopReason: "Stop Reason FATAL_ERROR" });
  const since = NOW - 30 * MINUTE - 1;
  const rows: Problem[] = [
    ["nothing when all is well", service(), []],
    ["nothing while a cutover runs", staleService, [], { cutoverPhase: known("shifting") }],
    [
      "a task that failed under it",
      failing,
      ["the forward replication: it failed while it was refreshed: Stop Reason FATAL_ERROR"],
    ],
    ["not a task that failed by itself", task({ status: "failed" }), []],
    ["nothing within half an hour", task({ status: "starting", markedAt: since + 1 }), []],
    [
      "a task that does not come back",
      task({ status: "starting", markedAt: since }),
      [`the forward replication: it is starting, though it was to be refreshed ${iso(since)}`],
    ],
    [
      "a deployment that failed",
      service({ rollout: "FAILED" }),
      ["the blue service: its deployment failed"],
    ],
    [
      "a consumer that cannot be seen",
      unseen(service()),
      ["the blue service: Throttling: slow down"],
    ],
    [
      "a rotation that cannot be seen",
      service({ rotatedAt: lost }),
      ["the blue service: AccessDenied: no"],
    ],
    [
      "a cutover that cannot be seen",
      service(),
      ["the cutover's phase is unknown: no answer"],
      { cutoverPhase: unknown("no answer") },
    ],
    ["nothing on the seventh day", staleService, [], { now: week }],
    ["a service that is late", staleService, overdue("blue service"), { now: week + 1 }],
    [
      "a service that is late because it never steadies",
      service({ startedAt: BEFORE, running: 1 }),
      overdue("blue service"),
      { now: week + 1 },
    ],
    ["a task that is late", staleTask, overdue("forward replication"), { now: week + 1 }],
    [
      "not a late task that does not run",
      task({ status: "stopped", startedAt: BEFORE }),
      [],
      { now: week + 1 },
    ],
  ];
  for (const [what, sighting, problems, changes] of rows)
    it(`names ${what}`, () => {
      assert.deepEqual(decide(seen([sighting], changes)).problems, problems);
    });
});
