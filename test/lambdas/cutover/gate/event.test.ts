import assert from "node:assert/strict";
import { readGateEvent } from "../../../../lambdas/cutover/gate/event";
import { request } from "../../../support/facts";
import { gateRequest, properties, SERVICE, STACK, TASK, URL } from "../../../support/gate";

const read = (event: unknown) => readGateEvent(event, "test");

describe("readGateEvent", () => {
  const schedule = { "detail-type": "Scheduled Event", source: "aws.events", detail: {} };
  for (const event of [null, undefined, 7, "Create", [], schedule, request("start")])
    it(`takes nothing for a request of CloudFormation that is none: ${JSON.stringify(event)}`, () => {
      assert.equal(read(event), undefined);
    });

  for (const field of ["RequestType", "ResponseURL"])
    it(`takes nothing for a request of CloudFormation that has no ${field}`, () => {
      assert.equal(read({ ...gateRequest("Update", "green"), [field]: undefined }), undefined);
    });

  it("reads what a stack wishes for, and what it had before", () => {
    const before = properties("blue", { GreenTaskArn: "arn:old" });
    assert.deepEqual(read(gateRequest("Update", "green", { before })), {
      address: {
        requestId: "r-1",
        stackId: STACK,
        logicalResourceId: "ReleaseGate",
        physicalResourceId: "payments-release-gate-test",
        responseUrl: URL,
      },
      wish: {
        kind: "update",
        live: "green",
        previousLive: "blue",
        mode: "attached",
        service: { serviceArn: SERVICE, taskArn: TASK },
        changed: ["green"],
      },
      mistakes: [],
    });
  });

  it("wishes for what should run in the color that is to be live", () => {
    const changed = { BlueServiceArn: "arn:blue", BlueTaskArn: "arn:task", Mode: "detached" };
    const { wish } = read(gateRequest("Update", "blue", { properties: changed })) ?? {};
    assert.deepEqual(wish?.service, { serviceArn: "arn:blue", taskArn: "arn:task" });
    assert.equal(wish?.mode, "detached");
  });

  it("knows nothing of what a stack had before, where that was written otherwise", () => {
    for (const before of [{ Live: "red", BlueTaskArn: 7 }, {}, null]) {
      const event = { ...gateRequest("Update", "green"), OldResourceProperties: before };
      const { wish } = read(event) ?? {};
      assert.deepEqual([wish?.previousLive, wish?.changed], [undefined, []]);
    }
  });

  it("gives a new resource the name of its environment, and leaves any other its name", () => {
    const nameOf = (event: unknown) => read(event)?.address.physicalResourceId;
    assert.equal(nameOf(gateRequest("Create", "blue")), "payments-release-gate-test");
    for (const type of ["Update", "Delete"] as const) {
      const event = { ...gateRequest(type, "blue"), PhysicalResourceId: "an-older-name" };
      assert.equal(nameOf(event), "an-older-name");
    }
  });

  it("names everything that is wrong", () => {
    const wrong = { Environment: "prod", Live: "Green", Mode: true, GreenTaskArn: "" };
    const event = {
      ...gateRequest("Update", "green", { properties: wrong }),
      RequestType: "Upsert",
      RequestId: 7,
    };
    const { mistakes, wish } = read(event) ?? {};
    assert.equal(wish, undefined);
    assert.deepEqual(mistakes, [
      "RequestId must be a text, got 7.",
      "RequestType must be Create, Update or Delete, got Upsert.",
      "Environment must be test, which this function serves, got prod.",
      "Live must be blue or green, got Green.",
      "Mode must be attached or detached, got true.",
      "GreenTaskArn must be an ARN, got .",
    ]);
  });

  it("is not kept from deleting a resource by its properties", () => {
    for (const ResourceProperties of [undefined, null, { Environment: "other" }]) {
      const event = read({ ...gateRequest("Delete", "green"), ResourceProperties });
      assert.deepEqual([event?.mistakes, event?.wish], [[], undefined]);
    }
  });

  for (const url of ["http://responses.example/", "https://[", "ftp://x", "", "/etc/passwd"])
    it(`sends no answer to ${JSON.stringify(url)}, and does not repeat the address`, () => {
      const message = "ResponseURL must be an address with https: nothing can be answered";
      const event = { ...gateRequest("Create", "blue"), ResponseURL: url };
      assert.throws(() => read(event), { message });
    });
});
