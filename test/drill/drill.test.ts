import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "../../simulation/random";
import { leaveOut } from "../support/leaveOut";
import { allOn } from "./aws";
import { FAULTS, type Fault, NONE } from "./faults";
import { judge, type RunResult } from "./run";
import { moveTraffic, switchOver, type Tried } from "./switchOver";
import { DrillWorld, Missing } from "./world";

const LEFT_OUT = "the switchover on real databases under load";

/** Quicker than AWS DMS: what is tested here is that nothing is lost, not how long it takes. */
const PACE = { poll: 100, commit: 100, recover: 1_000 };
const PAYMENTS_PER_HOUR = 50_000;

/**
 * Goal: the deployed code moves the writer between two real databases and back while payments arrive,
 * and loses and doubles none, though one of its processes is killed on the way; and the check that says so
 * would notice.
 * Method: one short drill with the pieces of `npm run drill`; then rows are tampered with.
 */
describe("the switchover on real databases under load", function () {
  this.timeout(180_000);
  let world: DrillWorld;
  const random = seededRandom(7);
  const tried: Tried[] = [];

  before(async function () {
    try {
      world = await DrillWorld.begin(7, PACE);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      leaveOut(this, LEFT_OUT, error.message);
    }
    await world.aws.setWeights(allOn("blue"));
    await world.traffic.begin(PAYMENTS_PER_HOUR);
    await pause(1_000);
  });
  after(() => world?.stop());

  function faultNamed(name: string): Fault {
    const fault = FAULTS.find((one) => one.name === name);
    if (fault === undefined) throw new Error(`no fault ${name}`);
    return fault;
  }

  function judged(): Promise<RunResult> {
    return judge(world, [NONE, faultNamed("killed-draining")], tried, 1);
  }

  it("goes to the other cluster while payments arrive", async () => {
    await moveTraffic(world, "green");
    const one = await switchOver(world, "green", NONE, random);
    tried.push(one);
    assert.equal(one.ended, "switched");
    assert.ok(one.pauseMilliseconds > 0 && one.pauseMilliseconds < 60_000);
    assert.deepEqual(one.refusals, []);
  });

  it("comes to rest though the process is killed that does it", async () => {
    const one = await switchOver(world, "blue", faultNamed("killed-draining"), random);
    tried.push(one);
    assert.equal(one.acknowledgedWhileFenced, 0);
    assert.ok(one.struck);
  });

  it("has lost no payment and doubled none, and one cluster takes writes", async () => {
    await world.traffic.end();
    const { acknowledged, findings, problems } = await judged();
    assert.deepEqual(problems, []);
    assert.ok(Object.values(findings).every((found) => found.length === 0));
    assert.ok(acknowledged > 100, `${acknowledged} payments`);
    assert.ok(world.traffic.requests.green > 0 && world.traffic.requests.blue > 0);
  });

  it("would notice a payment that is lost, one that is doubled, and one in the closed cluster", async () => {
    const [first, second] = world.traffic.acknowledged;
    const phase = (await world.aws.state())?.phase;
    assert.ok(phase && "writer" in phase);
    const writer = world.clusters[phase.writer];
    const closed = world.clusters[phase.writer === "blue" ? "green" : "blue"];
    await closed.ask(
      "INSERT INTO payments.payment VALUES ('stray', 123456789, 'EUR', 'shop-1', NOW(3))",
    );
    await writer.ask(`DELETE FROM payments.payment WHERE id = '${first?.id}'`);
    await writer.ask(
      `INSERT INTO payments.payment SELECT 'twin', amount, currency, merchant_id, created_at FROM payments.payment WHERE id = '${second?.id}'`,
    );
    const { findings, problems } = await judged();
    assert.deepEqual(findings.lost, [first?.key]);
    assert.deepEqual(findings.doubled, [second?.key]);
    assert.ok(findings.strayed.includes("stray"));
    assert.ok(problems.some((problem) => /^lost: 1, must be 0/.test(problem)));
    assert.ok(problems.some((problem) => /^doubled: 1, must be 0/.test(problem)));
  });
});
