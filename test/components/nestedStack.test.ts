import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { NestedStack, type NestedStackArgs } from "../../components/cloudformation/nestedStack";
import type { Template } from "../../components/cloudformation/template";
import { UNKNOWN } from "../../tools/evaluate/values";
import { renderComponent } from "../support/component";
import { byName } from "../support/program";
import { ACCOUNT, COMMON, render } from "./support";

const STACK = "aws:cloudformation/stack:Stack";
const COMPONENT = "payments:cloudformation:NestedStack";
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alerts-topic-test`;

function template(): Template<"TopicArn"> {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "A topic",
    Resources: {
      Topic: { Type: "AWS::SNS::Topic", Properties: {} },
      Queue: { Type: "AWS::SQS::Queue", Properties: {} },
    },
    Outputs: { TopicArn: { Description: "The topic", Value: { Ref: "Topic" } } },
  };
}

const VPC = { VpcId: { Type: "AWS::EC2::VPC::Id", Description: "The VPC" } };

type Changes = Partial<NestedStackArgs<"TopicArn">>;

function build(changes: Changes = {}, options?: pulumi.ComponentResourceOptions) {
  return new NestedStack("s-test", { ...COMMON, template: template(), ...changes }, options);
}

function renderStack(changes: Changes = {}) {
  return render(() => build(changes));
}

const ALLOW = { Effect: "Allow", Principal: "*", Action: "Update:*", Resource: "*" };

describe("NestedStack", () => {
  it("is a CloudFormation stack that rolls back as one, and asks for nothing that it does not need", async () => {
    const rendered = await renderStack();
    assert.deepEqual(rendered.tagged("s-test", STACK), {
      templateBody: JSON.stringify(template()),
      policyBody: JSON.stringify({ Statement: [ALLOW] }),
      onFailure: "ROLLBACK",
      timeoutInMinutes: 30,
    });
    assert.equal(rendered.get("s-test", STACK).parent, rendered.get("s-test", COMPONENT).urn);
  });

  it("passes everything on that it is given", async () => {
    const rendered = await renderStack({
      template: { ...template(), Parameters: VPC },
      parameters: { VpcId: pulumi.output("vpc-1") },
      notificationTopicArn: TOPIC,
      protectedResources: ["Topic", "Queue"],
      timeoutMinutes: 5,
    });
    const deny = {
      Effect: "Deny",
      Principal: "*",
      Action: ["Update:Replace", "Update:Delete"],
      Resource: ["LogicalResourceId/Topic", "LogicalResourceId/Queue"],
    };
    assert.deepEqual(rendered.tagged("s-test", STACK), {
      templateBody: JSON.stringify({ ...template(), Parameters: VPC }),
      policyBody: JSON.stringify({ Statement: [ALLOW, deny] }),
      parameters: { VpcId: "vpc-1" },
      notificationArns: [TOPIC],
      onFailure: "ROLLBACK",
      timeoutInMinutes: 5,
    });
  });

  it("has the least capabilities that its template needs", async () => {
    const role = { Type: "AWS::IAM::Role", Properties: { RoleName: "named" } };
    const rendered = await renderStack({
      template: { ...template(), Transform: "AWS::Include", Resources: { Topic: role } },
    });
    assert.deepEqual(rendered.get("s-test", STACK).inputs.capabilities, [
      "CAPABILITY_NAMED_IAM",
      "CAPABILITY_AUTO_EXPAND",
    ]);
  });

  it("outwaits CloudFormation and its way back, and is not replaced for another timeout", async () => {
    const rendered = await renderStack({ timeoutMinutes: 20 });
    const { customTimeouts, ignoreChanges } = rendered.get("s-test", STACK).options;
    assert.deepEqual(customTimeouts, { create: "40m", update: "40m", delete: "40m" });
    assert.deepEqual(ignoreChanges, ["timeoutInMinutes"]);
  });

  it("waits for what its component depends on, and is protected with it", async () => {
    const rendered = await render(() => {
      const first = new aws.sns.Topic("first", {});
      return build({}, { dependsOn: [first], protect: true });
    });
    const { dependsOn, protect } = rendered.get("s-test", STACK).options;
    assert.deepEqual(
      { dependsOn, protect },
      { dependsOn: [rendered.get("first").urn], protect: true },
    );
  });

  it("waits for what its parameters are made from", async () => {
    const rendered = await render(() => {
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
      return build({ template: { ...template(), Parameters: VPC }, parameters: { VpcId: vpc.id } });
    });
    const stack = rendered.get("s-test", STACK);
    assert.deepEqual(stack.inputs.parameters, { VpcId: rendered.get("vpc").id });
    assert.deepEqual(stack.propertyDependencies.parameters, [rendered.get("vpc").urn]);
  });
});

describe("NestedStack's outputs", () => {
  it("are what the stack put out, by names that the compiler knows", async () => {
    const rendered = await render(() => {
      const { outputs } = build();
      // @ts-expect-error: the template has no such output
      assert.equal(outputs.QueueArn, undefined);
      return new aws.sns.TopicPolicy("reader", { arn: outputs.TopicArn, policy: "{}" });
    });
    const outputs = rendered.get("s-test", STACK).state.outputs as { TopicArn: string };
    assert.match(outputs.TopicArn, /Topic/);
    assert.equal(rendered.get("reader").inputs.arn, outputs.TopicArn);
    assert.deepEqual(rendered.outputs("s-test", COMPONENT), { outputs });
  });

  it("fail with a clear error when the real stack lacks one", async () => {
    // Known to the program, and left out of what CloudFormation gets.
    const lost = { Description: "The topic", Value: "x", toJSON: () => undefined };
    const attempt = renderStack({ template: { ...template(), Outputs: { TopicArn: lost } } });
    const message =
      'CloudFormation stack s-test has no output TopicArn, which its template declares. Run "pulumi refresh"; if that does not help, look at the stack\'s events.';
    await assert.rejects(attempt, (error: Error) => error.message.endsWith(message));
  });

  it("are unknown in a preview, as parameters may be", async () => {
    let known: Promise<boolean> | undefined;
    let ran = false;
    const resources = await renderComponent(
      () => {
        const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
        const { outputs } = build({
          template: { ...template(), Parameters: VPC },
          parameters: { VpcId: vpc.id },
        });
        const seen = outputs.TopicArn.apply(() => {
          ran = true;
        });
        known = (seen as unknown as { isKnown: Promise<boolean> }).isKnown;
      },
      { config: { "aws:region": "us-east-1" }, preview: true },
    );
    const { templateBody, parameters } = byName(resources, "s-test", STACK).inputs;
    assert.deepEqual(JSON.parse(templateBody as string).Parameters, VPC);
    assert.deepEqual(parameters, { VpcId: UNKNOWN });
    assert.equal(await known, false);
    assert.equal(ran, false);
  });

  it("are none where the template declares none", async () => {
    const { Outputs, ...bare } = template();
    let outputs: object | undefined;
    await render(() => {
      const stack = new NestedStack("s-test", { ...COMMON, template: bare });
      outputs = stack.outputs;
      return stack;
    });
    assert.deepEqual(outputs, {});
  });
});

describe("NestedStack refuses", () => {
  it("every mistake in its arguments, in one error", async () => {
    const attempt = renderStack({
      parameters: { Vpc: "vpc-1" },
      protectedResources: ["Topics"],
    });
    await assert.rejects(attempt, {
      message: [
        "2 mistakes in the nested stack s-test:",
        "  parameter Vpc: got a value, but the template declares none. Correct the name, or declare it.",
        "  protected resource Topics: not in the template, which defines Topic, Queue. Correct the name, or stop protecting it.",
      ].join("\n"),
    });
  });

  it("a single mistake", async () => {
    const attempt = renderStack({ template: { ...template(), Parameters: VPC } });
    await assert.rejects(attempt, {
      message: [
        "1 mistake in the nested stack s-test:",
        "  parameter VpcId: got nothing, and it has no Default. Give it a value.",
      ].join("\n"),
    });
  });

  it("a secret under an innocent name", async () => {
    const attempt = renderStack({
      template: { ...template(), Parameters: VPC },
      parameters: { VpcId: pulumi.secret("hunter2") },
    });
    await assert.rejects(attempt, (error: Error) => {
      assert.match(error.message, /parameter VpcId of CloudFormation stack s-test: got a secret/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  });
});
