import assert from "node:assert/strict";
import { capabilitiesOf } from "../../components/cloudformation/capabilities";
import type { Template, TemplateResource } from "../../components/cloudformation/template";

function template(resources: [type: string, properties: object][], more = {}): Template {
  const entries = resources.map(([Type, Properties], index): [string, TemplateResource] => [
    `Resource${index}`,
    { Type, Properties: { ...Properties } },
  ]);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "Something",
    Resources: Object.fromEntries(entries),
    ...more,
  };
}

const HOSTED: [string, object] = [
  "AWS::SecretsManager::RotationSchedule",
  { HostedRotationLambda: { RotationType: "MySQLSingleUser" } },
];

describe("A template's capabilities", () => {
  it("are none where it changes no permissions and runs no macro", () => {
    const plain = template([
      ["AWS::SNS::Topic", { TopicName: "named" }],
      ["AWS::SecretsManager::RotationSchedule", { RotationLambdaARN: "arn" }],
      ["AWS::Lambda::Function", { Role: "arn", FunctionName: "named" }],
    ]);
    assert.deepEqual(capabilitiesOf(plain), []);
  });

  it("admit changes of permissions", () => {
    for (const type of ["Role", "Policy", "ManagedPolicy", "User", "Group", "AccessKey"])
      assert.deepEqual(capabilitiesOf(template([[`AWS::IAM::${type}`, {}]])), ["CAPABILITY_IAM"]);
  });

  it("admit names where one is given, which includes the rest", () => {
    const names = {
      Group: "GroupName",
      InstanceProfile: "InstanceProfileName",
      ManagedPolicy: "ManagedPolicyName",
      Role: "RoleName",
      User: "UserName",
    };
    for (const [type, property] of Object.entries(names)) {
      const named = template([
        ["AWS::IAM::Role", {}],
        [`AWS::IAM::${type}`, { [property]: "named" }],
      ]);
      assert.deepEqual(capabilitiesOf(named), ["CAPABILITY_NAMED_IAM"], type);
    }
  });

  it("tell a name of its own from the name of what it belongs to", () => {
    const policy = template([["AWS::IAM::Policy", { PolicyName: "inline", RoleName: "other" }]]);
    assert.deepEqual(capabilitiesOf(policy), ["CAPABILITY_IAM"]);
  });

  it("admit the role and the nested stack of a hosted rotation function", () => {
    const rotation = template([HOSTED], { Transform: "AWS::SecretsManager-2024-09-16" });
    assert.deepEqual(capabilitiesOf(rotation), ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]);
  });

  it("admit macros, for the whole template or for a part of it", () => {
    const topic: [string, object] = ["AWS::SNS::Topic", {}];
    const part: [string, object] = [
      "AWS::SNS::Topic",
      { "Fn::Transform": { Name: "AWS::Include", Parameters: {} } },
    ];
    const expand = ["CAPABILITY_AUTO_EXPAND"];
    assert.deepEqual(capabilitiesOf(template([topic], { Transform: "Macro" })), expand);
    assert.deepEqual(capabilitiesOf(template([topic], { Transform: ["A", "B"] })), expand);
    assert.deepEqual(capabilitiesOf(template([part])), expand);
    assert.deepEqual(capabilitiesOf(template([topic], { Transform: [] })), []);
    const mentioned = template([["AWS::SNS::Topic", { DisplayName: '"Fn::Transform":' }]]);
    assert.deepEqual(capabilitiesOf(mentioned), []);
  });

  it("admit the role that a serverless function gets where none is given", () => {
    const serverless = (properties: object) =>
      template([["AWS::Serverless::Function", properties]], {
        Transform: "AWS::Serverless-2016-10-31",
      });
    assert.deepEqual(capabilitiesOf(serverless({})), ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]);
    assert.deepEqual(capabilitiesOf(serverless({ Role: "arn" })), ["CAPABILITY_AUTO_EXPAND"]);
  });
});
