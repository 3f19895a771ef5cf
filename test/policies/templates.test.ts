import assert from "node:assert/strict";
import {
  areTemplatesKnown,
  templateResources,
  unknownTypes,
} from "../../policies/cloudformation/adapter";
import { type Scope, workOut } from "../../policies/cloudformation/expressions";
import { UNKNOWN, type Value } from "../../policies/core/values";
import { inTemplate, KEY, one } from "./fixtures/make";

/** How CloudFormation marks what it fills in. */
const hole = (name: string) => `\${${name}}`;

const SCOPE: Scope = { references: { Name: "payments", Count: 3, Later: UNKNOWN } };

describe("CloudFormation's expressions", () => {
  const known: [expression: Value, value: Value][] = [
    ["plain", "plain"],
    [{ Ref: "Name" }, "payments"],
    [{ "Fn::Sub": `a-${hole("Name")}-${hole("Count")}` }, "a-payments-3"],
    [{ "Fn::Sub": hole("!Literal") }, hole("Literal")],
    [{ "Fn::Join": ["-", ["a", { Ref: "Name" }]] }, "a-payments"],
    [[{ Ref: "Name" }], ["payments"]],
    [{ Inside: { Ref: "Name" } }, { Inside: "payments" }],
    [
      { Ref: "Name", Other: 1 },
      { Ref: "Name", Other: 1 },
    ],
  ];
  for (const [expression, value] of known)
    it(`makes ${JSON.stringify(value)} of ${JSON.stringify(expression)}`, () => {
      assert.deepEqual(workOut(expression, SCOPE), value);
    });

  const unknown: Value[] = [
    { Ref: "Later" },
    { Ref: "AWS::StackName" },
    { Ref: "toString" },
    { "Fn::GetAtt": ["A", "Arn"] },
    { "Fn::If": ["A", 1, 2] },
    { "Fn::Sub": `a-${hole("Later")}` },
    { "Fn::Sub": [`a-${hole("X")}`, { X: 1 }] },
    { "Fn::Join": ["-", ["a", { Ref: "Later" }]] },
    { "Fn::Join": "odd" },
    { "Fn::ImportValue": "x" },
  ];
  for (const expression of unknown)
    it(`leaves ${JSON.stringify(expression)} unknown`, () => {
      assert.equal(workOut(expression, SCOPE), UNKNOWN);
    });
});

describe("a template's resources", () => {
  const logGroup = (properties: object, options = {}) =>
    templateResources(inTemplate("AWS::Logs::LogGroup", properties, options))[0];

  it("are told in Pulumi's words, under the name of their stack", () => {
    const group = logGroup({ LogGroupName: "l", RetentionInDays: 7, KmsKeyId: { Ref: "KeyArn" } });
    assert.equal(group?.type, "aws:cloudwatch/logGroup:LogGroup");
    assert.equal(group?.name, "stack-prod/It");
    assert.equal(group?.template, "stack-prod");
    assert.deepEqual(group?.properties, { name: "l", retentionInDays: 7, kmsKeyId: KEY });
  });

  it("take parameters as they are given, then by their default, and are unknown otherwise", () => {
    const template = {
      Parameters: { Given: {}, Default: { Default: "d" }, Missing: {} },
      Resources: {
        It: {
          Type: "AWS::Logs::LogGroup",
          Properties: { A: { Ref: "Given" }, B: { Ref: "Default" }, C: { Ref: "Missing" } },
        },
      },
    };
    const properties = logGroup({}, { template, parameters: { Given: UNKNOWN } })?.properties;
    assert.deepEqual(properties, { a: UNKNOWN, b: "d", c: UNKNOWN });
  });

  it("know Region and account once the stack has an ARN", () => {
    const name = { "Fn::Sub": `${hole("AWS::Region")}/${hole("AWS::AccountId")}` };
    assert.equal(logGroup({ LogGroupName: name })?.properties.name, "us-east-1/111122223333");
    const unmade = logGroup({ LogGroupName: name }, { outputs: { id: UNKNOWN } });
    assert.equal(unmade?.properties.name, UNKNOWN);
  });

  it("are known by the outputs that CloudFormation has answered", () => {
    const template = { Outputs: { Arn: { Value: { Ref: "It" } } } };
    const outputs = { outputs: { Arn: "arn:it" } };
    assert.equal(logGroup({}, { template, outputs })?.outputs.id, "arn:it");
    assert.equal(logGroup({}, { template })?.outputs.id, UNKNOWN);
  });

  it("keep policy documents as they are", () => {
    const document = { Statement: [{ Effect: "Allow", Resource: { "Fn::GetAtt": ["A", "Arn"] } }] };
    const stack = inTemplate("AWS::EC2::VPCEndpoint", { PolicyDocument: document });
    assert.deepEqual(templateResources(stack)[0]?.properties.policy, {
      Statement: [{ Effect: "Allow", Resource: UNKNOWN }],
    });
  });

  it("are none of what is no stack, of a body that is not known, and of a type without a counterpart", () => {
    const other = inTemplate("AWS::S3::Bucket", {});
    assert.deepEqual(templateResources(one("aws:sns/topic:Topic")), []);
    assert.deepEqual(templateResources(other), []);
    assert.deepEqual(unknownTypes(other), ["It (AWS::S3::Bucket)"]);
    const unknown = { ...other, properties: { templateBody: UNKNOWN } };
    assert.deepEqual(templateResources(unknown), []);
    assert.equal(areTemplatesKnown([unknown]), false);
    assert.equal(areTemplatesKnown([other, one("aws:sns/topic:Topic")]), true);
  });
});
