import assert from "node:assert/strict";
import { NestedStack, TEMPLATE_BYTES_MAX } from "../../components/cloudformation/nestedStack";
import type { Template } from "../../components/cloudformation/template";
import { COMMON, render } from "./support";

const STACK = "aws:cloudformation/stack:Stack";

function template(description = "A topic"): Template {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: description,
    Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: {} } },
    Outputs: { TopicArn: { Description: "The topic", Value: { Ref: "Topic" } } },
  };
}

describe("NestedStack", () => {
  it("is a CloudFormation stack that rolls back as one, with no capabilities unless given", async () => {
    const stack = await render(
      () => new NestedStack("s-test", { ...COMMON, template: template() }),
    );
    assert.deepEqual(stack.tagged("s-test", STACK), {
      templateBody: JSON.stringify(template()),
      onFailure: "ROLLBACK",
      timeoutInMinutes: 30,
    });
  });

  it("passes parameters, capabilities and timeout on", async () => {
    const stack = await render(
      () =>
        new NestedStack("s-test", {
          ...COMMON,
          template: template(),
          parameters: { VpcId: "vpc-1" },
          capabilities: ["CAPABILITY_IAM"],
          timeoutMinutes: 5,
        }),
    );
    const { parameters, capabilities, timeoutInMinutes } = stack.get("s-test", STACK).inputs;
    assert.deepEqual(
      { parameters, capabilities, timeoutInMinutes },
      { parameters: { VpcId: "vpc-1" }, capabilities: ["CAPABILITY_IAM"], timeoutInMinutes: 5 },
    );
  });

  it("refuses a template that CloudFormation would not take inline", async () => {
    const room = TEMPLATE_BYTES_MAX - JSON.stringify(template("")).length;
    const build = (length: number) => () =>
      new NestedStack("s-test", { ...COMMON, template: template("x".repeat(length)) });
    await render(build(room));
    await assert.rejects(render(build(room + 1)), {
      message: `template of s-test is too large: got 51201 bytes, allowed are 51200; split it into two nested stacks`,
    });
  });
});
