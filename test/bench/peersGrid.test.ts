import assert from "node:assert/strict";
import { cellsOf, FULL, jobsOf, QUICK, RULES, seedsOf } from "../../bench/peersGrid";
import { runJobs } from "../../bench/peersPool";

describe("the peers' grid", () => {
  it("has every rule at every fault and traffic, once", () => {
    const cells = cellsOf(FULL);
    assert.equal(cells.length, RULES.length * 8 * 5);
    assert.equal(new Set(cells.map((cell) => JSON.stringify(cell))).size, cells.length);
  });

  it("divides a cell's seeds into parts, without leaving one out or taking it twice", () => {
    const cell = { rule: "ours-10", faultPercent: 0, paymentsPerHour: 50_000 };
    const extent = { ...QUICK, seeds: 17 };
    const seeds = jobsOf(cell, extent).flatMap((job) =>
      Array.from({ length: job.seeds }, (_, index) => job.firstSeed + index),
    );
    assert.deepEqual(
      seeds,
      Array.from({ length: 17 * extent.ourHealthyTimes }, (_, index) => index + 1),
    );
  });

  it("runs more seeds of a healthy release, and enough of ours to show one in a thousand", () => {
    const cell = { rule: "argo-default", faultPercent: 0, paymentsPerHour: 50_000 };
    assert.equal(seedsOf(cell, FULL), 5 * seedsOf({ ...cell, faultPercent: 2 }, FULL));
    const target = { rule: "ours-5", faultPercent: 2, paymentsPerHour: 50_000 };
    assert.equal(seedsOf(target, FULL), seedsOf(cell, FULL));
    const ours = FULL.traffics.length * seedsOf({ ...cell, rule: "ours-10" }, FULL);
    assert.ok(1 - 0.05 ** (1 / ours) <= 0.001, `${ours}`);
  });
});

describe("runJobs", () => {
  const jobs = ["ours-10", "argo-default", "codedeploy-canary-1-of-1"].map((rule, index) => ({
    ...{ rule, faultPercent: 20, paymentsPerHour: 50_000, firstSeed: 1 + index, seeds: 2 },
  }));

  it("gives the same trials in the jobs' order, on however many cores", async () => {
    let done = 0;
    const one = await runJobs(jobs, 1, (count) => {
      done = count;
    });
    assert.equal(done, jobs.length);
    assert.deepEqual(
      one.map((trials) => trials.map(({ end }) => end)),
      jobs.map(() => ["rolled-back", "rolled-back"]),
    );
    assert.ok(one.flat().every(({ failed }) => failed > 0));
    assert.deepEqual(await runJobs(jobs, 3), one);
  });

  it("rejects with a worker's error", async () => {
    const unknown = [{ ...jobs[0], rule: "nobody's" }] as typeof jobs;
    await assert.rejects(runJobs(unknown, 2), /there is no rule nobody's/);
  });
});
