import assert from "node:assert/strict";
import { request } from "../support/facts";
import { gateRequest, type RequestChanges, TASK } from "../support/gate";
import { controllerPackage, type Deployment, deploy } from "../support/lambda";
import { type Moto, useMoto } from "../support/moto";
import { type AwsProxy, startProxy } from "../support/proxy";
import { ReleaseServices, ResponseServer } from "../support/releaseServers";
import { Environment } from "./environment";
import { awayFromMinuteEdge, PLAN, Rehearsal, TICK_SECONDS } from "./rehearsal";

const LEFT_OUT = "the deployed release gate on an emulated AWS";

/**
 * Goal: the function that is deployed answers CloudFormation once for each request, after the payments
 * have gone where the answer says.
 * Method: the serialized package gets CloudFormation's requests, each in a fresh process; an HTTPS
 * server takes the answers, an emulator stands for the rest of AWS, and a small fake for CloudFormation
 * and ECS, which the emulator does not have in a usable form.
 * Not shown here: how CloudFormation itself goes back, and how Pulumi tells of it.
 */
describe(LEFT_OUT, function () {
  this.timeout(60_000);
  let moto: Moto;
  let proxy: AwsProxy;
  let deployment: Deployment;
  let responses: ResponseServer;
  const services = new ReleaseServices();

  before(async function () {
    moto = await useMoto(this, LEFT_OUT);
    responses = await ResponseServer.start(this, LEFT_OUT);
    proxy = await startProxy(moto.url);
    await services.start();
    deployment = deploy(await controllerPackage());
  });
  after(() => {
    deployment?.remove();
    proxy?.close();
    responses?.close();
    services.close();
  });

  let run: Rehearsal;
  beforeEach(async () => {
    const environment = await Environment.create(moto);
    await awayFromMinuteEdge();
    proxy.forget();
    responses.uploads.length = 0;
    services.stackStatus = "UPDATE_IN_PROGRESS";
    deployed("COMPLETED");
    const trusted = { NODE_EXTRA_CA_CERTS: responses.certificate };
    const variables = {
      ...environment.variables(PLAN, TICK_SECONDS, "blue"),
      ...services.variables,
      ...trusted,
    };
    run = new Rehearsal(deployment, proxy, environment, variables);
  });

  function deployed(rolloutState: string): void {
    services.deployments = [{ status: "PRIMARY", taskDefinition: TASK, rolloutState }];
  }

  function send(
    type: "Create" | "Update" | "Delete",
    live: "blue" | "green",
    changes: RequestChanges = {},
  ) {
    return run.send({ ...gateRequest(type, live, changes), ResponseURL: responses.url });
  }

  /** Status, request and reason of each answer that came. */
  function answers(): string[][] {
    return responses.uploads.map(({ body }) => {
      const { Status, RequestId, Reason } = JSON.parse(body);
      return [Status, RequestId, Reason];
    });
  }

  it("moves the payments to the color that the stack wants, and answers once", async () => {
    await run.environment.payments("green", 5000, { failures: 3 });
    const weights = await run.watch(async () => {
      await send("Update", "green").answer;
      await run.scheduleUntilStill();
    });
    assert.deepEqual(weights, ["100/0", "90/10", "50/50", "10/90", "0/100"]);
    await run.schedule();
    assert.deepEqual(answers(), [["SUCCESS", "r-1", "green carries everything."]]);
    const { live, gate } = await run.environment.state();
    assert.deepEqual([live, gate?.owed, gate?.past], ["green", undefined, ["r-1"]]);
  });

  it("fails a bad release after payments are back, and moves nothing on the way back", async () => {
    await run.environment.payments("green", 1000, { failures: 50 });
    const weights = await run.watch(async () => {
      await send("Update", "green").answer;
      await run.scheduleUntilStill();
      services.stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
      await send("Update", "blue", { requestId: "r-2" }).answer;
    });
    assert.deepEqual(weights, ["100/0", "90/10", "100/0"]);
    const [failed, back, ...others] = answers();
    assert.deepEqual([failed?.slice(0, 2), others], [["FAILED", "r-1"], []]);
    assert.match(failed?.[2] ?? "", /^Taken back to blue, because on green, 50 of 1000 payments/);
    assert.deepEqual(back, ["SUCCESS", "r-2", "Payments are on blue; nothing moves."]);
    assert.equal(run.writes(), 2);
  });

  it("waits for the new tasks of the color that is released", async () => {
    deployed("IN_PROGRESS");
    await send("Update", "green").answer;
    assert.deepEqual([await run.codes(), run.writes()], [["gate-wait"], 0]);
    deployed("COMPLETED");
    await run.schedule();
    assert.equal(await run.environment.weights(), "90/10");
    assert.deepEqual(answers(), []);
  });

  it("starts once for a request that comes twice at the same time", async () => {
    await Promise.all([send("Update", "green").answer, send("Update", "green").answer]);
    const started = (await run.codes()).filter((code) => code === "start");
    assert.deepEqual([started, answers()], [["start"], []]);
  });

  it("answers, in another process, what a killed one had only put on record", async () => {
    const arrived = proxy.spoil("Publish", "swallow", 1);
    const first = send("Update", "green", { properties: { Mode: "detached" } });
    await arrived;
    first.kill();
    await assert.rejects(first.answer, /ended without an answer/);
    assert.deepEqual([answers(), await run.codes()], [[], ["start"]]);
    await run.schedule();
    assert.deepEqual(answers(), [["SUCCESS", "r-1", "The cutover has been started."]]);
  });

  it("sends the same again until it is confirmed", async () => {
    responses.replies.push("none", 500);
    const waiting = send("Create", "blue");
    await waiting.answer;
    await run.schedule();
    await run.schedule();
    await run.schedule();
    const [first, second, third, ...others] = responses.uploads.map(({ body }) => body);
    assert.deepEqual([second, third, others], [first, first, []]);
    assert.deepEqual((await run.environment.state()).gate?.owed, undefined);
  });

  it("refuses what it cannot understand, and deletes without a question", async () => {
    await send("Update", "green", { properties: { Environment: "prod" } }).answer;
    await send("Delete", "green", { requestId: "r-2", properties: { Environment: "prod" } }).answer;
    assert.deepEqual(
      answers().map(([status, id]) => [status, id]),
      [
        ["FAILED", "r-1"],
        ["SUCCESS", "r-2"],
      ],
    );
    assert.equal(run.writes(), 0);
  });

  it("keeps the address from whoever asks for the status, and from the records", async () => {
    deployed("IN_PROGRESS");
    await send("Update", "green").answer;
    const status = JSON.stringify(await run.send({ verb: "status" }).answer);
    assert.match(status, /"requestId":"r-1"/);
    const shown = status + JSON.stringify(await run.environment.audit());
    assert.doesNotMatch(shown, /signature=secret/);
    assert.match(JSON.stringify(await run.environment.state()), /signature=secret/);
    assert.equal(((await run.send(request("pause")).answer) as { code: string }).code, "refuse");
  });
});
