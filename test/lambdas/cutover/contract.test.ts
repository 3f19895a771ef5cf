import assert from "node:assert/strict";
import {
  type Freeze,
  freezeMistakes,
  type MigrationStep,
  otherColor,
  type Plan,
  planMistakes,
  type Step,
  weightsFor,
} from "../../../lambdas/cutover/contract";
import { LIMITS, PLAN } from "../../support/facts";

const at = (weightPercent: number, bakeMinutes = 5): Step => ({ weightPercent, bakeMinutes });

describe("weightsFor", () => {
  it("gives the color its share and the other one the rest", () => {
    assert.deepEqual(weightsFor("green", 10), { blue: 90, green: 10 });
    assert.deepEqual(weightsFor("blue", 10), { blue: 10, green: 90 });
    assert.deepEqual(weightsFor("blue", 100), { blue: 100, green: 0 });
  });

  it("knows the other color", () => {
    assert.deepEqual([otherColor("blue"), otherColor("green")], ["green", "blue"]);
  });
});

describe("planMistakes", () => {
  const steps: [steps: Step[], mistakes: string[]][] = [
    [PLAN.steps, []],
    [[at(100)], []],
    [[at(1, 0), at(100, 1440)], []],
    [[{ ...at(100), approval: "x".repeat(200) }], []],
    [
      [{ ...at(100), approval: " " }],
      ["step 1: approval must be a text of 1 to 200 characters, got  "],
    ],
    [[], ["a plan needs at least one step"]],
    [[at(10), at(90)], ["the last step must have weightPercent 100, got 90"]],
    [[at(50), at(50), at(100)], ["step 2: weightPercent must rise, got 50 after 50"]],
    [[at(50), at(10), at(100)], ["step 2: weightPercent must rise, got 10 after 50"]],
    [[at(0), at(100)], ["step 1: weightPercent must be a whole number from 1 to 100, got 0"]],
    [[at(2.5), at(100)], ["step 1: weightPercent must be a whole number from 1 to 100, got 2.5"]],
    [[at(100, -1)], ["step 1: bakeMinutes must be from 0 to 1440, got -1"]],
    [[at(100, 1441)], ["step 1: bakeMinutes must be from 0 to 1440, got 1441"]],
    [[at(100, Number.NaN)], ["step 1: bakeMinutes must be from 0 to 1440, got NaN"]],
    [
      [at(101)],
      [
        "step 1: weightPercent must be a whole number from 1 to 100, got 101",
        "the last step must have weightPercent 100, got 101",
      ],
    ],
  ];
  for (const [given, mistakes] of steps)
    it(`finds ${mistakes.length} mistakes in the steps ${JSON.stringify(given)}`, () => {
      assert.deepEqual(planMistakes({ steps: given, limits: LIMITS }), mistakes);
    });

  const clients = (...shares: number[]) =>
    shares.map((awsPercent) => ({ awsPercent, bakeMinutes: 60 }));
  const migrations: [steps: MigrationStep[], mistakes: string[]][] = [
    [clients(1, 10, 100), []],
    [[], ["a migration needs at least one step"]],
    [clients(10, 90), ["the last migration step must have awsPercent 100, got 90"]],
    [clients(50, 50, 100), ["migration step 2: awsPercent must rise, got 50 after 50"]],
    [clients(0, 100), ["migration step 1: awsPercent must be a whole number from 1 to 100, got 0"]],
    [
      [{ awsPercent: 100, bakeMinutes: -1, approval: "" }],
      [
        "migration step 1: bakeMinutes must be from 0 to 1440, got -1",
        "migration step 1: approval must be a text of 1 to 200 characters, got ",
      ],
    ],
  ];
  for (const [given, mistakes] of migrations)
    it(`finds ${mistakes.length} mistakes in the migration ${JSON.stringify(given)}`, () => {
      assert.deepEqual(planMistakes({ ...PLAN, migration: { steps: given } }), mistakes);
    });

  const limits: [limit: Partial<Plan["limits"]>, mistakes: string[]][] = [
    [{ maxErrorsPerThousand: 0 }, ["maxErrorsPerThousand must be above 0 to 999, got 0"]],
    [{ maxErrorsPerThousand: 0.5 }, []],
    [{ maxErrorsPerThousand: 999 }, []],
    [{ maxErrorsPerThousand: -1 }, ["maxErrorsPerThousand must be above 0 to 999, got -1"]],
    [{ maxErrorsPerThousand: 1000 }, ["maxErrorsPerThousand must be above 0 to 999, got 1000"]],
    [
      { maxErrorsPerThousand: Number.NaN },
      ["maxErrorsPerThousand must be above 0 to 999, got NaN"],
    ],
    [{ maxP99Milliseconds: 60_000 }, []],
    [{ maxP99Milliseconds: 0 }, ["maxP99Milliseconds must be above 0 to 60000, got 0"]],
    [{ releasesPerFalseRollback: 2 }, []],
    [
      { releasesPerFalseRollback: 1, stepsPerFalsePromotion: 1_000_001 },
      [
        "releasesPerFalseRollback must be from 2 to 1000000, got 1",
        "stepsPerFalsePromotion must be from 2 to 1000000, got 1000001",
      ],
    ],
    [{ minimumPayments: 1 }, []],
    [{ minimumPayments: 0 }, ["minimumPayments must be a whole number from 1, got 0"]],
    [{ minimumPayments: 1.5 }, ["minimumPayments must be a whole number from 1, got 1.5"]],
    [{ longestHoldMinutes: 0 }, []],
    [{ longestHoldMinutes: -1 }, ["longestHoldMinutes must be from 0 to 1440, got -1"]],
    [{ longestHoldMinutes: 1441 }, ["longestHoldMinutes must be from 0 to 1440, got 1441"]],
  ];
  for (const [limit, mistakes] of limits) {
    const [[name, value] = []] = Object.entries(limit);
    it(`finds ${mistakes.length} mistakes in ${name} ${value}`, () => {
      assert.deepEqual(planMistakes({ ...PLAN, limits: { ...LIMITS, ...limit } }), mistakes);
    });
  }

  it("names a limit that is missing, as it would let everything pass", () => {
    const plan = { ...PLAN, limits: {} as Plan["limits"] };
    assert.equal(planMistakes(plan).length, 6);
  });
});

describe("freezeMistakes", () => {
  const window = { days: ["fri" as const], from: "18:00", to: "08:00" };
  const rows: [why: string, freeze: unknown, mistakes: string[]][] = [
    ["no freeze", undefined, []],
    ["a freeze over midnight", { timeZone: "Europe/Berlin", windows: [window] }, []],
    [
      "an unknown time zone",
      { timeZone: "Mars/Olympus", windows: [] },
      ["the freeze's time zone must be a name such as Europe/Berlin, got Mars/Olympus"],
    ],
    [
      "no day and two times that no clock shows",
      { timeZone: "UTC", windows: [window, { days: [], from: "24:00", to: "8:00" }] },
      [
        "freeze window 2: days must be one or more of mon, tue, wed, thu, fri, sat, sun, got none",
        "freeze window 2: a time must be from 00:00 to 23:59, got 24:00",
        "freeze window 2: a time must be from 00:00 to 23:59, got 8:00",
      ],
    ],
    [
      "an unknown day",
      { timeZone: "UTC", windows: [{ ...window, days: ["fri", "friday"] }] },
      [
        "freeze window 1: days must be one or more of mon, tue, wed, thu, fri, sat, sun, got fri, friday",
      ],
    ],
  ];
  for (const [why, freeze, mistakes] of rows)
    it(`finds ${mistakes.length} mistakes in ${why}`, () => {
      assert.deepEqual(freezeMistakes(freeze as Freeze | undefined), mistakes);
      assert.deepEqual(planMistakes({ ...PLAN, freeze: freeze as Freeze }), mistakes);
    });
});
