import assert from "node:assert/strict";
import type { Plan } from "../../lambdas/cutover/contract";
import type { Ports } from "../../lambdas/cutover/ports";
import type { CutoverState, Migration } from "../../lambdas/cutover/state";
import { createChecker } from "../../simulation/checker";
import { changeDns, createDns, shareOnAws } from "../../simulation/dns";
import { type Rehearsal, type RehearsalOptions, rehearse } from "../../simulation/rehearse";
import { BAD_MIGRATION, GOOD_RELEASE } from "../../simulation/scenarios";
import type { World } from "../../simulation/world";
import { LIMITS, MINUTE, NOW, request } from "../support/facts";
import { atRest, MIGRATION_PLAN, migrating, migratingBack } from "../support/migration";

/** As configured by default: four hours. */
const PLAN: Plan = {
  steps: [{ weightPercent: 100, bakeMinutes: 5 }],
  limits: LIMITS,
  migration: {
    steps: [2, 10, 50, 100].map((awsPercent) => ({ awsPercent, bakeMinutes: 60 })),
  },
};

function run(changes: Partial<RehearsalOptions> = {}): Promise<Rehearsal> {
  const traffic = { paymentsPerHour: 50_000, tickSeconds: 10, seed: 1, awsPercent: 0 };
  return rehearse({ plan: PLAN, live: "blue", scenario: GOOD_RELEASE, ...traffic, ...changes });
}

/** Shares of AWS, in the order in which they were put on record. */
function shares({ decisions }: Rehearsal): (number | undefined)[] {
  return decisions.filter(({ changes }) => changes).map(({ awsPercent }) => awsPercent);
}

describe("a rehearsal of a migration", () => {
  it("leads clients to AWS step by step, until all come", async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const rehearsal = await run({ seed });
      assert.equal(rehearsal.outcome, "completed");
      // The last is the end, which changes nothing but the phase.
      assert.deepEqual(shares(rehearsal).slice(-5), [2, 10, 50, 100, 100]);
      const minutes = rehearsal.durationSeconds / 60;
      // An hour and two minutes of DNS in each step, and less than a minute until it was seen in place.
      assert.ok(minutes >= 4 * 62 && minutes < 4 * 63, `${minutes} min`);
      assert.equal(rehearsal.counts.green.payments, 0);
    }
  });

  it("leads clients back when AWS fails their payments, at the first step", async () => {
    for (const seed of [1, 2, 3]) {
      const rehearsal = await run({ scenario: BAD_MIGRATION, seed });
      assert.equal(rehearsal.outcome, "rolled-back");
      assert.deepEqual(shares(rehearsal).slice(-3), [2, 0, 0]);
      assert.ok(rehearsal.counts.blue.failedByRelease < 40, "few payments were hurt");
    }
  });

  it("leads clients back to where they were, and sets it again while it is not so", async () => {
    let lost = 3;
    const interpose = (ports: Ports, { dns }: World): Ports => {
      const { writeAwsPercent = async () => "unknown" as const } = ports.router;
      return {
        ...ports,
        router: {
          ...ports.router,
          writeAwsPercent: async (percent) => {
            if (dns?.percent === 50 && lost-- > 0) return "unknown";
            return writeAwsPercent(percent);
          },
        },
      };
    };
    const rehearsal = await run({ scenario: BAD_MIGRATION, awsPercent: 10, interpose });
    assert.equal(rehearsal.outcome, "rolled-back");
    assert.deepEqual(shares(rehearsal).slice(-3), [50, 10, 10]);
    const again = rehearsal.decisions.filter(({ code }) => code === "set-again");
    assert.equal(again.length, 3);
  });
});

describe("clients in the simulation", () => {
  it("follow DNS within two minutes, but for a few who keep old answers", () => {
    const dns = createDns(0);
    changeDns(dns, 100, NOW);
    const at = (seconds: number) => shareOnAws(dns, NOW + seconds * 1000);
    assert.deepEqual([at(0), at(120), at(600)], [0, 95, 100]);
    assert.ok(at(60) > 30 && at(60) < 70, `${at(60)} %`);
  });
});

describe("the checker, of clients", () => {
  const START = atRest(0);
  const MIGRATING = migrating({ enteredMinutesAgo: 0 });
  const SECOND = migrating({ enteredMinutesAgo: 0, stepIndex: 1 });
  const marked = (state: CutoverState, marks: Partial<Migration>): CutoverState => {
    if (state.phase.name !== "migrating") throw new Error("no migration runs");
    return {
      ...state,
      phase: { ...state.phase, migration: { ...state.phase.migration, ...marks } },
    };
  };
  const frozen: Plan = {
    ...MIGRATION_PLAN,
    freeze: { timeZone: "UTC", windows: [{ days: ["thu"], from: "00:00", to: "23:59" }] },
  };

  /** What is told to it, one after the other: states, minutes that pass, requests, writes of DNS. */
  type Told = CutoverState | { minutes: number } | "migrate" | "skip-bake" | number;

  function broken(told: Told[]): string {
    let now = NOW;
    let { version } = START;
    const checker = createChecker("blue", () => now, START);
    checker.sawInPlace(START.weights);
    for (const one of told) {
      if (typeof one === "string") checker.sawRequest(request(one));
      else if (typeof one === "number") checker.sawAwsWrite(one);
      else if ("minutes" in one) now += one.minutes * MINUTE;
      else {
        const next = { ...one, version: ++version, lastCode: "-" };
        const { weights } = next;
        checker.sawStored(next, { at: now, code: "-", reason: "So.", who: "alice", weights });
      }
    }
    return checker.broken().join("; ");
  }

  const wait = { minutes: 7.1 };
  const ended = { ...atRest(100) };
  const last = migrating({ enteredMinutesAgo: 0, stepIndex: 2 });
  const rows: [it: string, told: Told[], expected: RegExp][] = [
    [
      "accepts a migration to its end",
      ["migrate", MIGRATING, 10, wait, SECOND, 50, wait, last, 100, wait, ended],
      /^$/,
    ],
    [
      "accepts a way back, and a late step before it ends",
      ["migrate", MIGRATING, wait, SECOND, migratingBack({ stepIndex: 1 }), 50, 0],
      /^$/,
    ],
    [
      "accepts an early end that a person asked for",
      ["migrate", MIGRATING, "skip-bake", { minutes: 2.1 }, SECOND],
      /^$/,
    ],
    ["refuses a start that nobody asked for", [MIGRATING], /nobody asked for it/],
    [
      "refuses a step that ends too early",
      ["migrate", MIGRATING, { minutes: 6.9 }, SECOND],
      /ended before its bake time of 5 min/,
    ],
    [
      "refuses a step that ends before DNS has reached everybody",
      ["migrate", MIGRATING, "skip-bake", { minutes: 1.9 }, SECOND],
      /ended before DNS had reached everybody/,
    ],
    [
      "refuses a step too far",
      ["migrate", MIGRATING, wait, last],
      /step 3 of the migration was entered, and 2 was due/,
    ],
    [
      "refuses an end before the last step",
      ["migrate", MIGRATING, wait, atRest(10)],
      /the migration ended at step 1/,
    ],
    [
      "refuses a share that is not planned",
      ["migrate", { ...MIGRATING, awsPercent: 20 }],
      /leads 20 % to AWS, planned is 10/,
    ],
    [
      "refuses to go on in a pause",
      ["migrate", marked(MIGRATING, { pausedBy: "bob" }), wait, SECOND],
      /while the migration was paused/,
    ],
    [
      "refuses a start in a freeze",
      ["migrate", marked(MIGRATING, { plan: frozen })],
      /in a freeze/,
    ],
    [
      "refuses a way back to another share",
      ["migrate", MIGRATING, { ...migratingBack(), awsPercent: 5 }],
      /went from 10 to 5 %/,
    ],
    [
      "refuses a share that rises after a way back was recorded",
      ["migrate", MIGRATING, migratingBack(), { ...migratingBack(), awsPercent: 10 }],
      /went from 0 to 10 %/,
    ],
    ["refuses a rise without a migration", [atRest(10)], /went from 0 to 10 %/],
    ["refuses a write that is not on record", [20], /without that intent on record/],
    [
      "refuses a late step after the way back has ended",
      [
        "migrate",
        MIGRATING,
        wait,
        SECOND,
        migratingBack({ stepIndex: 1 }),
        0,
        {
          ...migratingBack({ stepIndex: 1 }),
          phase: { ...migratingBack().phase, name: "rolled-back" },
        } as CutoverState,
        50,
      ],
      /lead 50 % to AWS in phase rolled-back/,
    ],
    ["refuses a share that is none", [101], /was set to lead 101 %/],
  ];
  for (const [sentence, told, expected] of rows)
    it(sentence, () => {
      assert.match(broken(told), expected);
    });
});
