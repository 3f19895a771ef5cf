import assert from "node:assert/strict";
import type { Color } from "../../lambdas/cutover/contract";
import { functionsOf, grantsOf } from "../permissions/grants";
import { needsOf } from "../permissions/needs";
import { request } from "../support/facts";
import { controllerPackage, type Deployment, deploy } from "../support/lambda";
import { type Moto, useMoto } from "../support/moto";
import { evaluations } from "../support/program";
import { type AwsProxy, startProxy } from "../support/proxy";
import { Environment } from "./environment";
import { awayFromMinuteEdge, PLAN, Rehearsal, TICK_SECONDS } from "./rehearsal";

/**
 * Goal: the function that is deployed, and not its source, moves a listener rule and takes it back.
 * Method: the serialized package runs in a fresh process for each event, against an emulator of
 * AWS, with a plan of seconds. What it did is read from outside: the rule, the table, the queue.
 * Not shown here: how fast AWS applies new weights, and when it publishes metrics.
 */
describe("the deployed controller on an emulated AWS", function () {
  this.timeout(60_000);
  let moto: Moto;
  let proxy: AwsProxy;
  let deployment: Deployment;

  before(async function () {
    moto = await useMoto(this, "the deployed controller on an emulated AWS");
    proxy = await startProxy(moto.url);
    deployment = deploy(await controllerPackage());
  });
  after(() => {
    deployment?.remove();
    proxy?.close();
  });

  async function rehearsal(plan = PLAN, initialLive: Color = "blue"): Promise<Rehearsal> {
    const environment = await Environment.create(moto);
    await awayFromMinuteEdge();
    proxy.forget();
    const variables = environment.variables(plan, TICK_SECONDS, initialLive);
    return new Rehearsal(deployment, proxy, environment, variables);
  }

  describe("with a healthy release", () => {
    let run: Rehearsal;
    let environment: Environment;
    let weights: string[];
    let stickinessBefore: boolean | undefined;

    before(async () => {
      run = await rehearsal();
      environment = run.environment;
      await environment.changeByHand({ blue: 100, green: 0 }, true);
      stickinessBefore = (await environment.forward()).TargetGroupStickinessConfig?.Enabled;
      await environment.payments("green", 5000, { failures: 3, slow: 2 });
      await environment.payments("blue", 5000, { failures: 4, slow: 3 });
      weights = await run.watch(async () => {
        await run.ask("start");
        await run.scheduleUntilStill();
      });
    });

    it("moves the rule through 10, 50 and 90 to 100 percent, once each", () => {
      assert.deepEqual(weights, ["100/0", "90/10", "50/50", "10/90", "0/100"]);
      assert.equal(run.writes(), 4);
    });

    it("makes green live", async () => {
      const { live, phase, weights: recorded } = await environment.state();
      assert.deepEqual([live, phase.name, recorded], ["green", "idle", { blue: 0, green: 100 }]);
    });

    it("turns stickiness off, which would hold clients on a color whatever its weight", async () => {
      const { Enabled } = (await environment.forward()).TargetGroupStickinessConfig ?? {};
      assert.deepEqual([stickinessBefore, Enabled], [true, false]);
    });

    it("puts every decision on record, in order, with who decided", async () => {
      const audit = await environment.audit();
      const { version } = await environment.state();
      assert.deepEqual(
        audit.map((record) => record.place),
        Array.from({ length: version }, (_, index) => index + 1),
      );
      const times = audit.map((record) => record.at);
      assert.deepEqual(times, [...times].sort());
      const steps = ["promote", "bake", "promote", "bake", "promote", "bake"];
      assert.deepEqual(await run.codes(), ["start", "bake", ...steps, "complete"]);
      const deciders = audit.map((record) => record.who);
      assert.deepEqual(deciders.lastIndexOf("alice"), 0);
    });

    it("tells people of each move", async () => {
      const subjects = await environment.takeSubjects();
      const words = subjects.map((subject) => subject.match(/^\[payments test\] (\w+)/)?.[1]);
      assert.deepEqual(words, ["Started", "Promoted", "Promoted", "Promoted", "Completed"]);
    });
  });

  it("takes a bad release back in one call, and stays latched until a person clears it", async () => {
    const run = await rehearsal();
    const weights = await run.watch(async () => {
      await run.ask("start");
      await run.environment.payments("green", 1000, { failures: 50 });
      assert.equal((await run.scheduleUntilStill()).code, "rolled-back");
    });
    assert.deepEqual(weights, ["100/0", "90/10", "100/0"]);
    assert.equal(run.writes(), 2);
    assert.equal((await run.schedule()).code, "latched");
    assert.equal((await run.ask("start")).code, "refuse");
    assert.equal((await run.ask("clear")).phase, "idle");
    const { live } = await run.environment.state();
    assert.deepEqual([live, await run.environment.weights()], ["blue", "100/0"]);
    const codes = ["start", "roll-back", "rolled-back", "latched", "refuse", "clear"];
    assert.deepEqual(await run.codes(), codes);
  });

  it("takes payments back for a red alarm, though every payment that was counted is well", async () => {
    const run = await rehearsal();
    await run.environment.payments("green", 1000);
    const weights = await run.watch(async () => {
      await run.ask("start");
      await run.environment.setAlarm("green-p99", "ALARM");
      assert.equal((await run.scheduleUntilStill()).code, "rolled-back");
    });
    assert.deepEqual(weights, ["100/0", "90/10", "100/0"]);
    assert.deepEqual(await run.codes(), ["start", "roll-back", "rolled-back"]);
  });

  it("holds while there are no metrics, never promotes, and gives up in the end", async () => {
    const limits = { ...PLAN.limits, longestHoldMinutes: 0.06 };
    const run = await rehearsal({ ...PLAN, limits });
    const weights = await run.watch(async () => {
      await run.ask("start");
      await run.scheduleUntilStill();
    });
    assert.deepEqual(weights, ["100/0", "90/10", "100/0"]);
    const codes = ["start", "bake", "hold-few-payments", "roll-back", "rolled-back"];
    assert.deepEqual(await run.codes(), codes);
  });

  it("does not promote while one of the alarms has no data", async () => {
    const run = await rehearsal();
    await run.environment.payments("green", 1000);
    await run.environment.setAlarm("green-p99", "INSUFFICIENT_DATA");
    await run.ask("start");
    await run.schedule();
    assert.equal((await run.schedule()).code, "hold-alarms-unknown");
    assert.equal(await run.environment.weights(), "90/10");
  });

  it("puts weights that were changed by hand back within one pass", async () => {
    const run = await rehearsal();
    await run.environment.changeByHand({ blue: 37, green: 63 });
    assert.equal((await run.schedule()).code, "heal-drift");
    assert.equal(await run.environment.weights(), "100/0");
  });

  it("takes payments back when a person asks, in the middle of a step", async () => {
    const run = await rehearsal();
    await run.ask("start");
    await run.schedule();
    assert.equal((await run.ask("rollback")).code, "roll-back");
    assert.equal(await run.environment.weights(), "100/0");
    assert.equal((await run.schedule()).code, "rolled-back");
  });

  it("lets one of two operators start, though both ask at the same time", async () => {
    const run = await rehearsal();
    const reports = await Promise.all([run.ask("start"), run.ask("start")]);
    assert.deepEqual(reports.map((report) => report.code).sort(), ["refuse", "start"]);
    assert.equal(run.writes(), 1);
    assert.deepEqual(await run.codes(), ["start", "refuse"]);
  });

  it("finishes, in another process, what a killed one had only put on record", async () => {
    const run = await rehearsal();
    const arrived = proxy.spoil("ModifyRule", "swallow", 1);
    const first = run.send(request("start"));
    await arrived;
    first.kill();
    await assert.rejects(first.answer, /ended without an answer/);
    assert.equal(await run.environment.weights(), "100/0");
    await run.schedule();
    assert.equal(await run.environment.weights(), "90/10");
    // On a busy machine the first invocation has time for one pass only.
    await run.schedule();
    assert.deepEqual((await run.codes()).slice(0, 3), ["start", "set-again", "bake"]);
  });

  it("answers status to anybody, and puts nothing on record for it", async () => {
    const run = await rehearsal();
    const state = await run.send({ verb: "status" }).answer;
    assert.deepEqual((state as { live: string }).live, "blue");
    assert.deepEqual([await run.codes(), run.writes()], [[], 0]);
  });

  it("gives payments back to green where green is live", async () => {
    const run = await rehearsal(PLAN, "green");
    await run.environment.changeByHand({ blue: 0, green: 100 });
    const weights = await run.watch(async () => {
      await run.ask("start");
      await run.environment.payments("blue", 1000, { failures: 50 });
      assert.equal((await run.scheduleUntilStill()).code, "rolled-back");
    });
    assert.deepEqual(weights, ["0/100", "10/90", "0/100"]);
  });

  it("has asked AWS, in all of this, for nothing that its role does not allow", async () => {
    const all = await evaluations("dev");
    const lambda = functionsOf(all)["cutover-function-dev"];
    assert.ok(lambda !== undefined);
    // The emulator's resources are others than the program's: here the actions alone are compared.
    const actionOf = (need: string) => need.split(" on ")[0] ?? "";
    const allowed = grantsOf(all, lambda).own.map(actionOf);
    const used = [...new Set(proxy.requests.flatMap(needsOf).map(actionOf))];
    assert.ok(used.includes("dynamodb:PutItem") && used.length >= 7, used.join(", "));
    const refused = used.filter((action) => !allowed.includes(action));
    assert.deepEqual(refused, []);
  });
});
