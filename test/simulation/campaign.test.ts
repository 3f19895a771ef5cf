import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runSeed } from "../../simulation/campaign/campaign";
import { CALL_FAULTS, drawOptions, OTHER_FAULTS } from "../../simulation/campaign/options";
import { createScheduler } from "../../simulation/campaign/scheduler";
import { addRun, CODES, emptyTotal, neverSeen } from "../../simulation/campaign/total";
import { seededRandom } from "../../simulation/random";

describe("campaign", () => {
  const RUNS = 120;
  const total = emptyTotal(1);
  before("run it", async function () {
    this.timeout(60_000);
    for (let seed = 1; seed <= RUNS; seed++) addRun(total, await runSeed(seed));
  });

  it("breaks no invariant, and ends", () => {
    assert.deepEqual(total.violations, []);
  });

  it("injects every kind of fault", () => {
    const missing = [...CALL_FAULTS, ...OTHER_FAULTS].filter(
      (fault) => total.injected[fault] === 0,
    );
    assert.deepEqual(missing, []);
  });

  it("completes cutovers and takes cutovers back, under all of them", () => {
    assert.ok(total.completed >= RUNS / 2, `${total.completed} completed`);
    assert.ok(total.rolledBack >= RUNS / 2, `${total.rolledBack} rolled back`);
  });

  it("answers CloudFormation, with successes and failures", () => {
    const { SUCCESS, FAILED } = total.answers;
    assert.ok(SUCCESS > 10 && FAILED > 10, `${SUCCESS} successes, ${FAILED} failures`);
  });

  it("comes to nearly every decision, in every phase", () => {
    const missing = neverSeen(total);
    // A step that begins anew after a freeze is rare: about one in three hundred runs has it.
    assert.ok(missing.length <= 1, `never seen: ${missing.join(", ")}`);
    assert.deepEqual(Object.keys(total.seen).sort(), [
      "idle",
      "migrating",
      "migrating-back",
      "rolled-back",
      "rolling-back",
      "shifting",
    ]);
  });

  it("knows every decision that the controller has", () => {
    const decided = ["decide", "requests"].flatMap((file) => {
      const path = join(__dirname, "..", "..", "lambdas", "cutover", `${file}.ts`);
      const calls = /\b(?:hold|act|enterStep)\(([^`]*?)(?:`|\);)/g;
      return [...readFileSync(path, "utf8").matchAll(calls)].flatMap(([, given = ""]) =>
        [...given.matchAll(/"([a-z-]+)"/g)].map(([, code = ""]) => code),
      );
    });
    assert.ok(decided.length > 20, decided.join(", "));
    // An alarm that was red before the start: no scenario of the campaign has one.
    const known = [...CODES, "alarm-quiet"];
    assert.deepEqual(
      decided.filter((code) => !known.includes(code)),
      [],
    );
  });

  it("is the same for the same seed, and another for another", async () => {
    const traceOf = async (seed: number) => {
      const lines: string[] = [];
      await runSeed(seed, { onTrace: (line) => void lines.push(line) });
      return lines;
    };
    const lines = await traceOf(3);
    assert.ok(lines.length > 500, `${lines.length} lines`);
    assert.deepEqual(await traceOf(3), lines);
    assert.notDeepEqual(await traceOf(4), lines);
  });

  it("runs no more invocations at once than it is told", async () => {
    const most = async (concurrency: number) => {
      let [running, atOnce] = [0, 0];
      const onTrace = (line: string) => {
        if (/ #\d+ begins /.test(line)) running++;
        atOnce = Math.max(atOnce, running);
        if (/ #\d+ ends$/.test(line)) running--;
      };
      const { violations } = await runSeed(3, { concurrency, onTrace });
      assert.deepEqual(violations, []);
      return atOnce;
    };
    assert.equal(await most(1), 1);
    assert.ok((await most(4)) > 1);
  });

  it("draws plans that can run, with and without everything that a plan may have", () => {
    const plans = Array.from({ length: 60 }, (_, seed) => drawOptions(seededRandom(seed)).plan);
    assert.ok(plans.some(({ freeze }) => freeze !== undefined));
    assert.ok(plans.some(({ freeze }) => freeze === undefined));
    assert.ok(plans.some(({ steps }) => steps.some(({ approval }) => approval !== undefined)));
    assert.ok(plans.some(({ steps }) => steps.length === 1));
  });
});

describe("scheduler", () => {
  it("wakes in the order of time, and of asking within one", async () => {
    const { wait, at, now, runUntil } = createScheduler(1_000);
    const woken: string[] = [];
    const note = (name: string) => woken.push(`${name} ${now()}`);
    for (const delay of [50, 10, 30, 10, 20, 40]) void wait(delay).then(() => note(`${delay}`));
    at(1_030, () => note("at"));
    await runUntil(1_040);
    const due = ["10 1010", "10 1010", "20 1020", "30 1030", "at 1030", "40 1040"];
    assert.deepEqual(woken, due);
    await runUntil(2_000);
    assert.deepEqual([woken.at(-1), now()], ["50 1050", 2_000]);
  });

  it("lets all that one waking sets in motion come to rest before the next", async () => {
    const { wait, runUntil, now } = createScheduler(0);
    const seen: number[] = [];
    const walk = async () => {
      await wait(1);
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      seen.push(now());
      await wait(1);
      seen.push(now());
    };
    void walk();
    void wait(2);
    await runUntil(5);
    assert.deepEqual(seen, [1, 2]);
  });
});
