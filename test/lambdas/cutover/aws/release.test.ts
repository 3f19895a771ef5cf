import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { globalAgent } from "node:https";
import { cloudformationRelease } from "../../../../lambdas/cutover/aws/release";
import { known, type ReleaseSource, unknown } from "../../../../lambdas/cutover/ports";
import { SERVICE, STACK, TASK } from "../../../support/gate";
import { awsEnvironment, setVariables } from "../../../support/moto";
import { ReleaseServices, ResponseServer } from "../../../support/releaseServers";

describe("the adapter of releases", () => {
  const services = new ReleaseServices();
  let restore: () => void;
  let release: ReleaseSource;
  before(async () => {
    await services.start();
    restore = setVariables({ ...awsEnvironment(services.url), ...services.variables });
    release = cloudformationRelease();
  });
  after(() => {
    restore();
    services.close();
  });

  it("reads the status of the stack that it is asked for", async () => {
    assert.deepEqual(await release.readStatus(STACK), known("UPDATE_IN_PROGRESS"));
    const sent = new URLSearchParams(services.bodies.at(-1));
    assert.deepEqual([sent.get("Action"), sent.get("StackName")], ["DescribeStacks", STACK]);
  });

  it("does not make up a status for a stack that is not there", async () => {
    services.stackStatus = undefined;
    await assert.rejects(release.readStatus(STACK), /no such stack/);
  });

  const primary = { status: "PRIMARY", taskDefinition: TASK, rolloutState: "IN_PROGRESS" };
  const old = { status: "ACTIVE", taskDefinition: "arn:old", rolloutState: "COMPLETED" };
  const nothing = unknown(`${SERVICE} has no PRIMARY deployment whose state is told`);
  const cases: [it: string, deployments: object[], found: object][] = [
    ["beside the old one", [old, primary], known({ taskArn: TASK, rollout: "IN_PROGRESS" })],
    ["that is not there", [old], nothing],
    ["without a state", [{ ...primary, rolloutState: undefined }], nothing],
  ];
  for (const [sentence, deployments, found] of cases)
    it(`reads the deployment that ECS makes ${sentence}`, async () => {
      services.deployments = deployments;
      assert.deepEqual(await release.readService(SERVICE), found);
      const sent = { cluster: "application", services: [SERVICE] };
      assert.deepEqual(JSON.parse(services.bodies.at(-1) ?? ""), sent);
    });
});

describe("the sender of answers", () => {
  let server: ResponseServer;
  let answer: ReleaseSource["answer"];
  let restore: () => void;
  const { ca } = globalAgent.options;
  before(async function () {
    server = await ResponseServer.start(this, "the sender of answers, over TLS");
    globalAgent.options.ca = readFileSync(server.certificate);
    restore = setVariables(awsEnvironment("http://127.0.0.1:1"));
    ({ answer } = cloudformationRelease());
  });
  after(() => {
    globalAgent.options.ca = ca;
    restore?.();
    server?.close();
  });

  const BODY = '{"Status":"SUCCESS","Reason":"é"}';

  it("puts the answer as it is, of no content type, to the whole address", async () => {
    assert.equal(await answer(server.url, BODY), "answered");
    const { method, url, headers, body } = server.uploads.at(-1) ?? assert.fail("nothing came");
    assert.deepEqual([method, url, body], ["PUT", "/signed?signature=secret", BODY]);
    const { "content-type": type, "content-length": length } = headers;
    assert.deepEqual([type, length], ["", String(Buffer.byteLength(BODY))]);
    assert.equal(headers["transfer-encoding"], undefined);
  });

  for (const reply of [403, 500, 302, "none"] as const)
    it(`takes nothing but a confirmation for one: ${reply}`, async () => {
      server.replies.push(reply);
      assert.equal(await answer(server.url, BODY), "unknown");
    });

  it("does not know more where nobody listens", async () => {
    assert.equal(await answer("https://localhost:1/", BODY), "unknown");
  });

  it("trusts no certificate that it does not know", async () => {
    globalAgent.options.ca = ca;
    const before = server.uploads.length;
    // A new connection: one that is open was trusted before.
    globalAgent.destroy();
    assert.equal(await answer(server.url, BODY), "unknown");
    assert.equal(server.uploads.length, before);
  });
});
