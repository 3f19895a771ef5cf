import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ReleaseGate } from "../../components/cutover/releaseGate";
import { SERVICE_TIMEOUT_SECONDS } from "../../lambdas/cutover/gate/contract";
import { releaseGateTemplate } from "../../stacks/templates/releaseGate";
import { COMMON, type Rendered, render } from "./support";

const STACK = "aws:cloudformation/stack:Stack";

describe("ReleaseGate", () => {
  let gate: Rendered;
  before(async () => {
    const color = (name: string) => ({
      image: `registry/${name}`,
      serviceArn: `arn:service/${name}`,
      taskArn: `arn:task/${name}`,
    });
    gate = await render(
      () =>
        new ReleaseGate("release-test", {
          ...COMMON,
          template: releaseGateTemplate("test"),
          controllerArn: "arn:function",
          live: "green",
          colors: { blue: color("blue"), green: color("green") },
          mode: "detached",
          alertsTopicArn: "arn:alerts",
          after: [new aws.sns.Topic("needed-test")],
        }),
    );
  });

  it("is a nested stack with the template's parameters, which tells people", () => {
    const { parameters, notificationArns } = gate.tagged("release-gate-test", STACK) as {
      [name: string]: unknown;
    };
    assert.deepEqual(parameters, {
      ControllerArn: "arn:function",
      Live: "green",
      BlueImage: "registry/blue",
      GreenImage: "registry/green",
      BlueServiceArn: "arn:service/blue",
      GreenServiceArn: "arn:service/green",
      BlueTaskArn: "arn:task/blue",
      GreenTaskArn: "arn:task/green",
      Mode: "detached",
    });
    assert.deepEqual(notificationArns, ["arn:alerts"]);
  });

  it("waits for what it needs", () => {
    assert.deepEqual(gate.needs("release-gate-test", STACK), ["needed-test"]);
  });

  it("gives CloudFormation time for a release and its way back", () => {
    const { customTimeouts } = gate.get("release-gate-test", STACK).options;
    const minutes = Number(/^(\d+)m$/.exec(customTimeouts.update)?.[1]);
    assert.ok(minutes * 60 >= 2 * SERVICE_TIMEOUT_SECONDS, customTimeouts.update);
  });

  it("is replaced with the function that serves it, which CloudFormation cannot change", () => {
    const { replaceOnChanges } = gate.get("release-gate-test", STACK).options;
    assert.deepEqual(replaceOnChanges, ["parameters.ControllerArn"]);
  });
});
