import assert from "node:assert/strict";
import { known, unknown } from "../../../lambdas/common/ports";
import { decideSwitchover } from "../../../lambdas/switchover/decide";
import type {
  Attempt,
  SwitchoverFacts,
  SwitchoverPhase,
  WindowName,
} from "../../../lambdas/switchover/state";
import { atRest, attempt, inWords, LOCKED, NOW, OPEN, POSITION, sealed, state } from "./facts";

type Change = (seen: SwitchoverFacts) => void;

function changed(seen: SwitchoverFacts, change: Change): SwitchoverFacts {
  const copy = structuredClone(seen);
  change(copy);
  return copy;
}

/** What is decided, in words: the next phase, and the acts. */
function decided(phase: SwitchoverPhase, seen: SwitchoverFacts, opensUntil = 0): string {
  const { next, acts } = decideSwitchover(state(phase, opensUntil), seen);
  return [next.phase.name, ...inWords(acts)].join(", ");
}

const inWindow = (name: WindowName, others: Partial<Attempt> = {}) => ({
  name,
  attempt: attempt(others),
});
const STILL = { opensAt: POSITION, opensAtReadAt: NOW - 300 };
const REOPEN =
  "unfence blue, unlock blue application+migration, unlock green replicationTarget+migration";
const SHUT_BLUE = "lock blue application+migration, kill blue application+migration";
const UNKNOWN = unknown<never>("no answer");

describe("decideSwitchover", () => {
  const START = { verb: "start" as const, who: "alice", why: "a test", markerId: "the marker" };

  describe("at rest", () => {
    it("does nothing while nobody asks", () => {
      assert.equal(decided({ name: "prepared", writer: "blue" }, atRest()), "prepared");
    });

    it("starts with the fence, and counts the attempt", () => {
      const seen = { ...atRest(), request: START };
      const before = state({ name: "prepared", writer: "blue" });
      const { next, acts, reason } = decideSwitchover(before, seen);
      assert.deepEqual([next.epoch, next.phase.name], [2, "fencing"]);
      assert.deepEqual(inWords(acts), ["fence blue"]);
      assert.equal(reason, "alice started the switchover to green (a test): blue is fenced.");
    });

    it("goes back the same way, when it is steady", () => {
      const seen = { ...atRest("green"), request: START };
      assert.equal(decided({ name: "steady", writer: "green" }, seen), "fencing, fence green");
    });

    const obstacles: [name: string, change: Change, reason: RegExp][] = [
      [
        "a finding",
        (seen) => {
          seen.findings = known([{ check: "events", reason: "x", remedy: "y" }]);
        },
        /: events: x; y\.$/,
      ],
      [
        "an old heartbeat",
        (seen) => {
          seen.clusters.green.heartbeatAge = known(3001);
        },
        /that green has a fresh heartbeat of blue/,
      ],
      [
        "a heartbeat of the future",
        (seen) => {
          seen.clusters.green.heartbeatAge = known(-1001);
        },
        /that green has a fresh heartbeat of blue/,
      ],
      [
        "replication that stands",
        (seen) => {
          seen.replication.blue = known("failed");
        },
        /that blue is replicated/,
      ],
      [
        "replication both ways",
        (seen) => {
          seen.replication.green = known("running");
        },
        /that green is not/,
      ],
      [
        "a suspended table",
        (seen) => {
          seen.clusters.green.troubles = known({ exceptions: 0, suspendedTables: 1 });
        },
        /that green gets all tables/,
      ],
      [
        "a change that replication could not apply",
        (seen) => {
          seen.clusters.green.troubles = known({ exceptions: 1, suspendedTables: 0 });
        },
        /that AWS DMS has noted no exceptions in green/,
      ],
      [
        "a prepared transaction",
        (seen) => {
          seen.clusters.blue.preparedXa = known(1);
        },
        /that no transaction is prepared in blue/,
      ],
      [
        "another source that feeds the writer",
        (seen) => {
          seen.clusters.blue.accounts.replicationTarget = OPEN;
        },
        /that nobody replicates into blue/,
      ],
    ];
    for (const [name, change, reason] of obstacles)
      it(`is not left with ${name}`, () => {
        const seen = changed({ ...atRest(), request: START }, change);
        const decision = decideSwitchover(state({ name: "prepared", writer: "blue" }), seen);
        assert.deepEqual([decision.code, decision.acts], ["refuse", []]);
        assert.match(decision.reason, reason);
      });

    it("is not left without what has to be known, all of which is told", () => {
      const seen = changed({ ...atRest(), request: START }, (all) => {
        all.findings = UNKNOWN;
        all.clusters.green.heartbeatAge = UNKNOWN;
        all.replication.blue = UNKNOWN;
      });
      const { code, reason } = decideSwitchover(state({ name: "prepared", writer: "blue" }), seen);
      assert.equal(code, "refuse");
      assert.equal(reason.match(/it is unknown whether/g)?.length, 3);
    });

    it("is not left while an old statement may still open something", () => {
      const seen = { ...atRest(), request: START };
      const phase = { name: "prepared" as const, writer: "blue" as const };
      assert.equal(decided(phase, seen, NOW + 1), "prepared");
      assert.equal(decided(phase, seen, NOW), "fencing, fence blue");
    });

    const drifts: [name: string, change: Change, expected: string][] = [
      [
        "a fence that came late",
        (seen) => {
          seen.clusters.blue.fence = known({ readOnly: true, serverId: "blue-1" });
        },
        "prepared, unfence blue, unlock blue application+migration",
      ],
      [
        "a lock that came late",
        (seen) => {
          seen.clusters.blue.accounts.application = LOCKED;
        },
        "prepared, unfence blue, unlock blue application+migration",
      ],
      [
        "an application in the other cluster",
        (seen) => {
          seen.clusters.green.accounts.application = OPEN;
        },
        "prepared, lock green application, kill green application",
      ],
      [
        "both, the other cluster first",
        (seen) => {
          seen.clusters.blue.accounts.application = LOCKED;
          seen.clusters.green.accounts.application = OPEN;
        },
        "prepared, lock green application, kill green application",
      ],
      [
        "nothing while the other cluster is unknown",
        (seen) => {
          seen.clusters.blue.accounts.application = LOCKED;
          seen.clusters.green.accounts.application = UNKNOWN;
        },
        "prepared",
      ],
      [
        "a fence where replication writes",
        (seen) => {
          seen.clusters.green.fence = known({ readOnly: true, serverId: "green-1" });
        },
        "prepared, unfence green",
      ],
      [
        "replication that is shut out",
        (seen) => {
          seen.clusters.green.accounts.replicationTarget = LOCKED;
        },
        "prepared, unlock green replicationTarget+migration",
      ],
      [
        "migrations that are shut out",
        (seen) => {
          seen.clusters.green.accounts.migration = LOCKED;
        },
        "prepared, unlock green replicationTarget+migration",
      ],
      [
        "migrations that are shut out of the writer",
        (seen) => {
          seen.clusters.blue.accounts.migration = LOCKED;
        },
        "prepared, unfence blue, unlock blue application+migration",
      ],
    ];
    for (const [name, change, expected] of drifts)
      it(`puts right ${name}`, () => {
        assert.equal(
          decided({ name: "prepared", writer: "blue" }, changed(atRest(), change)),
          expected,
        );
      });
  });

  describe("in the window", () => {
    const steps: [phase: SwitchoverPhase, expected: string][] = [
      [inWindow("fencing"), `fenced, ${SHUT_BLUE}, lock green migration`],
      [inWindow("fenced"), "draining, mark blue"],
      [inWindow("draining"), "drained"],
      [
        inWindow("drained"),
        "sealed, lock green replicationTarget+migration, kill green replicationTarget+migration",
      ],
      [inWindow("sealed"), "sealed"],
      [
        inWindow("sealed", STILL),
        "opening, unfence green, unlock green application+migration, point green",
      ],
    ];
    for (const [phase, expected] of steps)
      it(`goes on from ${phase.name} when all is seen: ${expected.split(",")[0]}`, () => {
        assert.equal(decided(phase, sealed()), expected);
      });

    it("notes the position, and reads it again after 300 ms", () => {
      const { next } = decideSwitchover(state(inWindow("sealed")), sealed());
      const { attempt: noted } = next.phase as { attempt: Attempt };
      assert.deepEqual([noted.opensAt, noted.opensAtReadAt], [POSITION, NOW]);
      const seen = { ...sealed(), now: NOW + 299 };
      assert.equal(decideSwitchover(next, seen).next.phase.name, "sealed");
      assert.equal(decideSwitchover(next, { ...seen, now: NOW + 300 }).next.phase.name, "opening");
      const moved = changed({ ...seen, now: NOW + 300 }, ({ clusters }) => {
        clusters.green.position = known({ ...POSITION, offset: 101 });
      });
      assert.equal(decideSwitchover(next, moved).next.phase.name, "sealed");
    });

    const waits: [phase: SwitchoverPhase, change: Change, expected: string][] = [
      [
        inWindow("fencing"),
        (seen) => {
          seen.clusters.blue.fence = known({ readOnly: false, serverId: "blue-1" });
        },
        "fencing, fence blue",
      ],
      [
        inWindow("fenced"),
        (seen) => {
          seen.clusters.blue.sessions = known(1);
        },
        `fenced, ${SHUT_BLUE}, lock green migration`,
      ],
      [
        inWindow("fenced"),
        (seen) => {
          seen.clusters.blue.transactions = known(1);
        },
        `fenced, ${SHUT_BLUE}, lock green migration`,
      ],
      [
        inWindow("fenced"),
        (seen) => {
          seen.clusters.blue.accounts.application = OPEN;
        },
        `fenced, ${SHUT_BLUE}, lock green migration`,
      ],
      [
        inWindow("draining"),
        (seen) => {
          seen.clusters.green.hasMarker = known(false);
        },
        "draining, mark blue",
      ],
      [
        inWindow("drained"),
        (seen) => {
          seen.written = UNKNOWN;
        },
        "drained",
      ],
      [
        inWindow("sealed", STILL),
        (seen) => {
          seen.clusters.green.accounts.replicationTarget = OPEN;
        },
        "sealed, lock green replicationTarget+migration, kill green replicationTarget+migration",
      ],
      [
        inWindow("sealed", STILL),
        (seen) => {
          seen.clusters.green.replicationSessions = known(1);
        },
        "sealed, lock green replicationTarget+migration, kill green replicationTarget+migration",
      ],
    ];
    for (const [phase, change, expected] of waits)
      it(`does the acts of ${phase.name} again: ${expected}`, () => {
        assert.equal(decided(phase, changed(sealed(), change)), expected);
      });

    const all: WindowName[] = ["fenced", "draining", "drained", "sealed"];
    const causes: [name: string, from: WindowName[], change: Change, cause: RegExp][] = [
      [
        "a fence that has fallen",
        all,
        (seen) => {
          seen.clusters.blue.fence = known({ readOnly: false, serverId: "blue-1" });
        },
        /the fence of blue has fallen/,
      ],
      [
        "a failover",
        all,
        (seen) => {
          seen.clusters.blue.fence = known({ readOnly: true, serverId: "blue-2" });
        },
        /blue has failed over to blue-2/,
      ],
      [
        "a stray write",
        all,
        (seen) => {
          seen.written = known({ position: POSITION, strays: ["rows of payments.payment"] });
        },
        /after the fence, blue has written rows of payments\.payment/,
      ],
      [
        "a prepared transaction",
        all,
        (seen) => {
          seen.clusters.blue.preparedXa = known(1);
        },
        /blue has prepared transactions/,
      ],
      [
        "a change that could not be applied",
        all,
        (seen) => {
          seen.clusters.green.troubles = known({ exceptions: 1, suspendedTables: 0 });
        },
        /could not apply a change/,
      ],
      [
        "a suspended table",
        all,
        (seen) => {
          seen.clusters.green.troubles = known({ exceptions: 0, suspendedTables: 2 });
        },
        /has suspended 2 tables/,
      ],
      [
        "replication that ends",
        ["fenced", "draining", "drained"],
        (seen) => {
          seen.replication.blue = known("failed");
        },
        /replication of blue is failed/,
      ],
      [
        "a person's word",
        ["fencing", ...all],
        (seen) => {
          seen.request = { verb: "abort", who: "bob", why: "a test", markerId: "" };
        },
        /bob asked for it/,
      ],
    ];
    for (const [name, from, change, cause] of causes)
      for (const one of from)
        it(`is aborted in ${one} after ${name}`, () => {
          const decision = decideSwitchover(state(inWindow(one, STILL)), changed(sealed(), change));
          assert.equal(decision.next.phase.name, "aborting");
          assert.match(decision.reason, cause);
          assert.equal(inWords(decision.acts).join(", "), REOPEN);
        });

    it("closes the new writer first, when somebody has opened it", () => {
      const seen = changed(sealed(), ({ clusters }) => {
        clusters.green.accounts.application = OPEN;
      });
      for (const name of ["fencing", ...all] as const)
        assert.equal(
          decided(inWindow(name), seen),
          "aborting, lock green application, kill green application",
        );
    });

    const boxes: [name: WindowName, others: Partial<Attempt>, aborts: number][] = [
      ["fencing", { startedAt: NOW }, 10_000],
      ["fenced", { startedAt: NOW }, 50_000],
      ["draining", { startedAt: NOW, markedAt: NOW }, 20_000],
      ["drained", { startedAt: NOW }, 50_000],
      ["sealed", { startedAt: NOW }, 50_000],
    ];
    for (const [name, others, milliseconds] of boxes)
      it(`is aborted in ${name} after ${milliseconds / 1000} s, though nothing is known`, () => {
        const blind = changed(sealed(), ({ clusters }) => {
          clusters.blue.fence = UNKNOWN;
          clusters.green.hasMarker = UNKNOWN;
        });
        const phase = inWindow(name, others);
        const at = (now: number) => decided(phase, { ...blind, now: NOW + now }).split(",")[0];
        assert.deepEqual([at(milliseconds - 1), at(milliseconds)], [name, "aborting"]);
      });
  });

  describe("an abort", () => {
    const phase = { name: "aborting" as const, attempt: attempt(), cause: "of a test" };

    it("opens again and again until that is seen", () => {
      assert.equal(decided(phase, sealed()), `aborting, ${REOPEN}`);
      for (const hide of [
        ({ clusters }: SwitchoverFacts) => {
          clusters.blue.fence = UNKNOWN;
        },
        ({ clusters }: SwitchoverFacts) => {
          clusters.blue.accounts.application = UNKNOWN;
        },
        ({ clusters }: SwitchoverFacts) => {
          clusters.green.accounts.replicationTarget = UNKNOWN;
        },
      ])
        assert.equal(decided(phase, changed(atRest(), hide)), `aborting, ${REOPEN}`);
      assert.equal(decided(phase, atRest()), "prepared");
    });

    it("ends where the attempt began", () => {
      const back = { ...phase, attempt: attempt({ restsIn: "steady" }) };
      const { next, reason } = decideSwitchover(state(back), atRest());
      assert.deepEqual(next.phase, { name: "steady", writer: "blue" });
      assert.equal(reason, "blue takes all writes again, nothing was lost: of a test.");
    });

    it("takes a lease, which keeps the next attempt waiting", () => {
      const { next } = decideSwitchover(state(phase), sealed());
      assert.equal(next.opensUntil, NOW + 75_000);
    });
  });

  describe("after the opening", () => {
    const opening = { name: "opening" as const, attempt: attempt(STILL) };
    const reversing = { name: "reversing" as const, attempt: attempt(STILL) };
    const OPENS = "unfence green, unlock green application+migration, point green";

    /** Green is open, blue is fenced. */
    const opened = (change: Change = () => {}) =>
      changed(sealed(), (seen) => {
        seen.clusters.green.accounts.application = OPEN;
        seen.writer = known("green");
        change(seen);
      });
    /** Blue is ready to be replicated to. */
    const ready = (change: Change = () => {}) =>
      opened((seen) => {
        seen.clusters.blue.fence = known({ readOnly: false, serverId: "blue-1" });
        seen.clusters.blue.accounts.replicationTarget = OPEN;
        seen.replication = { blue: known("stopped"), green: known("running") };
        change(seen);
      });

    const cases: [name: string, phase: SwitchoverPhase, seen: SwitchoverFacts, expected: string][] =
      [
        ["opens until that is seen", opening, sealed(), `opening, ${OPENS}`],
        [
          "opens until applications are told",
          opening,
          opened((seen) => {
            seen.writer = known("blue");
          }),
          `opening, ${OPENS}`,
        ],
        [
          "opens nothing while the old writer is open",
          opening,
          changed(sealed(), ({ clusters }) => {
            clusters.blue.accounts.application = OPEN;
          }),
          `opening, ${SHUT_BLUE}`,
        ],
        ["stops replication to the new writer", opening, opened(), "reversing, stop blue"],
        ["waits until it has stopped", reversing, opened(), "reversing, stop blue"],
        [
          "keeps the fence while it is unknown who can write behind it",
          reversing,
          ready(({ clusters }) => {
            clusters.blue.accounts.application = UNKNOWN;
          }),
          "reversing",
        ],
        [
          "locks the application out again",
          reversing,
          ready(({ clusters }) => {
            clusters.blue.accounts.application = OPEN;
          }),
          `reversing, ${SHUT_BLUE}`,
        ],
        [
          "lifts the fence for replication",
          reversing,
          opened((seen) => {
            seen.replication.blue = known("stopped");
          }),
          "reversing, unfence blue, unlock blue replicationTarget+migration",
        ],
        [
          "starts replication back where the new writer was opened",
          reversing,
          ready((seen) => {
            seen.replication.green = known("stopped");
          }),
          "reversing, start green bin.000001:100",
        ],
        [
          "waits for the first heartbeat",
          reversing,
          ready(({ clusters }) => {
            clusters.blue.heartbeatAge = UNKNOWN;
          }),
          "reversing",
        ],
        [
          "waits for a fresh heartbeat",
          reversing,
          ready(({ clusters }) => {
            clusters.blue.heartbeatAge = known(3001);
          }),
          "reversing",
        ],
        ["is steady then", reversing, ready(), "steady"],
      ];
    for (const [name, phase, seen, expected] of cases)
      it(name, () => {
        assert.equal(decided(phase, seen), expected);
      });

    it("says since when replication back goes on where it stopped: from before the fence", () => {
      const seen = ready(({ replication }) => {
        replication.green = known("failed");
      });
      const { acts } = decideSwitchover(state(reversing), seen);
      const since = reversing.attempt.startedAt - 20_000;
      const start = { kind: "start-replication", from: "green", position: POSITION, since };
      assert.deepEqual(acts, [start]);
    });

    it("hears of no abort, and of no time box", () => {
      const request = { verb: "abort" as const, who: "bob", why: "a test", markerId: "" };
      for (const seen of [sealed(), opened(), ready()])
        for (const phase of [opening, reversing]) {
          const late = { ...seen, request, now: NOW + 3_600_000 };
          assert.notEqual(decideSwitchover(state(phase), late).next.phase.name, "aborting");
        }
    });
  });
});
