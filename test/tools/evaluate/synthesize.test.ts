import * as assert from "node:assert/strict";
import { invoke } from "../../../tools/evaluate/invokes";
import { synthesize } from "../../../tools/evaluate/synthesize";
import type { Properties } from "../../../tools/evaluate/values";

function make(type: string, inputs: Properties = {}, name = "thing") {
  const urn = `urn:pulumi:dev::shop::${type}::${name}`;
  const { id, outputs } = synthesize({ urn, type, name, inputs }, "us-east-1");
  return { id, ...outputs } as { [name: string]: unknown };
}

/** The shapes are AWS's own: other resources, IAM policies and metrics are made from them. */
describe("Made-up outputs", () => {
  const account = "us-east-1:111122223333";
  const shapes: [type: string, inputs: Properties, output: string, shape: RegExp][] = [
    [
      "aws:lb/loadBalancer:LoadBalancer",
      { name: "alb" },
      "arn",
      RegExp(`^arn:aws:elasticloadbalancing:${account}:loadbalancer/app/alb/[0-9a-f]{16}$`),
    ],
    ["aws:lb/loadBalancer:LoadBalancer", { name: "alb" }, "arnSuffix", /^app\/alb\/[0-9a-f]{16}$/],
    [
      "aws:lb/targetGroup:TargetGroup",
      { name: "tg" },
      "arnSuffix",
      /^targetgroup\/tg\/[0-9a-f]{16}$/,
    ],
    [
      "aws:kms/key:Key",
      {},
      "arn",
      RegExp(
        `^arn:aws:kms:${account}:key/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$`,
      ),
    ],
    [
      "aws:rds/cluster:Cluster",
      { clusterIdentifier: "db" },
      "endpoint",
      /^db\.cluster-[a-z]+\.us-east-1\.rds\.amazonaws\.com$/,
    ],
    ["aws:rds/cluster:Cluster", {}, "clusterResourceId", /^cluster-[0-9A-Z]{26}$/],
    [
      "aws:dynamodb/table:Table",
      { name: "t" },
      "arn",
      RegExp(`^arn:aws:dynamodb:${account}:table/t$`),
    ],
    ["aws:sns/topic:Topic", { name: "t" }, "id", RegExp(`^arn:aws:sns:${account}:t$`)],
    ["aws:iam/role:Role", { name: "r" }, "arn", /^arn:aws:iam::111122223333:role\/r$/],
    [
      "aws:lambda/function:Function",
      { name: "f" },
      "arn",
      RegExp(`^arn:aws:lambda:${account}:function:f$`),
    ],
    [
      "aws:ssm/parameter:Parameter",
      { name: "/a/b" },
      "arn",
      RegExp(`^arn:aws:ssm:${account}:parameter/a/b$`),
    ],
    ["aws:ec2/securityGroup:SecurityGroup", {}, "id", /^sg-[0-9a-f]{17}$/],
    ["aws:sqs/queue:Queue", { name: "q" }, "arn", RegExp(`^arn:aws:sqs:${account}:q$`)],
    ["aws:never/seen:Seen", {}, "arn", RegExp(`^arn:aws:never:${account}:seen/thing-[0-9a-f]{7}$`)],
  ];
  for (const [type, inputs, output, shape] of shapes)
    it(`of ${type}: ${output}`, () => assert.match(String(make(type, inputs)[output]), shape));

  it("are the same for the same resource, and others for another", () => {
    const type = "aws:kms/key:Key";
    assert.deepEqual(make(type), make(type));
    assert.notEqual(make(type, {}, "one").arn, make(type, {}, "two").arn);
  });

  it("link a rule to its listener and load balancer", () => {
    const { arn: loadBalancerArn } = make("aws:lb/loadBalancer:LoadBalancer", { name: "alb" });
    const { arn: listenerArn } = make("aws:lb/listener:Listener", { loadBalancerArn });
    const { arn } = make("aws:lb/listenerRule:ListenerRule", { listenerArn });
    assert.match(
      String(arn),
      /:listener-rule\/app\/alb\/[0-9a-f]{16}\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
    );
  });

  it("hold a managed password's secret only where it is managed", () => {
    const type = "aws:rds/cluster:Cluster";
    assert.deepEqual(make(type).masterUserSecrets, []);
    const managed = { manageMasterUserPassword: true, masterUserSecretKmsKeyId: "key" };
    const [secret] = make(type, managed).masterUserSecrets as [Properties];
    assert.match(String(secret.secretArn), /^arn:aws:secretsmanager:.*:secret:rds!cluster-/);
    assert.equal(secret.kmsKeyId, "key");
  });

  it("give a VPC the wanted subnets in each zone", () => {
    const inputs = {
      numberOfAvailabilityZones: 2,
      subnetSpecs: [{ type: "Public" }, { type: "Isolated" }],
    };
    const vpc = make("awsx:ec2:Vpc", inputs);
    assert.equal((vpc.publicSubnetIds as string[]).length, 2);
    assert.deepEqual(vpc.privateSubnetIds, []);
    assert.equal(new Set((vpc.routeTables as { id: string }[]).map(({ id }) => id)).size, 4);
  });

  it("resolve the outputs of a CloudFormation template", () => {
    const template = {
      Parameters: { Given: {}, Assumed: { Default: "assumed" } },
      Resources: { Fn: { Type: "AWS::Lambda::Function" } },
      Outputs: {
        Parameter: { Value: { Ref: "Given" } },
        Default: { Value: { Ref: "Assumed" } },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
        Text: { Value: { "Fn::Sub": "${Given}-${AWS::Region}" } },
        Joined: { Value: { "Fn::Join": ["/", ["a", { Ref: "Given" }]] } },
        Arn: { Value: { "Fn::GetAtt": ["Fn", "Arn"] } },
      },
    };
    const inputs = {
      name: "s",
      templateBody: JSON.stringify(template),
      parameters: { Given: "x" },
    };
    const { Arn, ...rest } = make("aws:cloudformation/stack:Stack", inputs).outputs as Properties;
    assert.deepEqual(rest, {
      Parameter: "x",
      Default: "assumed",
      Text: "x-us-east-1",
      Joined: "a/x",
    });
    assert.match(String(Arn), RegExp(`^arn:aws:lambda:${account}:function/s-Fn-`));
  });

  it("refuse a template that refers to what it does not define", () => {
    const templateBody = JSON.stringify({ Outputs: { X: { Value: { Ref: "Nothing" } } } });
    const attempt = () => make("aws:cloudformation/stack:Stack", { templateBody });
    assert.throws(attempt, /refers to Nothing/);
  });
});

describe("Answers to invokes", () => {
  it("write a policy document with principals and conditions", () => {
    const statement = {
      sid: "A",
      effect: "Deny",
      actions: ["s3:Get*", "s3:Put*"],
      principals: [{ type: "Service", identifiers: ["ecs.amazonaws.com"] }],
      conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }],
    };
    const { json } = invoke(
      "aws:iam/getPolicyDocument:getPolicyDocument",
      { statements: [statement] },
      "x",
    );
    assert.deepEqual(JSON.parse(String(json)).Statement, [
      {
        Sid: "A",
        Effect: "Deny",
        Action: ["s3:Get*", "s3:Put*"],
        Principal: { Service: "ecs.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "1" } },
      },
    ]);
  });

  it("know the region", () => {
    assert.equal(invoke("aws:index/getRegion:getRegion", {}, "eu-west-1").region, "eu-west-1");
  });
});
