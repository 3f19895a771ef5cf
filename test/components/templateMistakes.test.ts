import assert from "node:assert/strict";
import {
  mistakesIn,
  type StackRequest,
  TEMPLATE_BYTES_MAX,
  templateBytes,
} from "../../components/cloudformation/mistakes";
import { looksSecret } from "../../components/cloudformation/secrets";
import type { Template, TemplateParameter } from "../../components/cloudformation/template";

function template(changes: Partial<Template> = {}): Template {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "A topic",
    Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: {} } },
    ...changes,
  };
}

function mistakes(changes: Partial<Template>, request: Partial<StackRequest> = {}): string[] {
  return mistakesIn({
    template: template(changes),
    given: [],
    protectedResources: [],
    ...request,
  });
}

/** Mistakes of a template with one parameter, which is given. */
function withParameter(name: string, more: Partial<TemplateParameter> = {}): string[] {
  const Parameters = { [name]: { Type: "String", Description: "Something", ...more } };
  return mistakes({ Parameters }, { given: [name] });
}

function withOutput(name: string, Value: unknown): string[] {
  return mistakes({ Outputs: { [name]: { Description: "Something", Value } } });
}

const SECRET_NAMES = [
  "Password",
  "MasterUserPassword",
  "DbPasswd",
  "Passphrase",
  "MasterSecret",
  "ClientSecrets",
  "SecretString",
  "AuthToken",
  "Credentials",
  "ApiKey",
  "SecretAccessKey",
  "PrivateKey",
  // The ending counts, not any part.
  "ArnOfSecretOrSecret",
];

const HARMLESS_NAMES = [
  "MasterSecretArn",
  "SecretArn",
  "SecretArns",
  "SecretId",
  "SecretName",
  "CredentialsTableName",
  "SecretsKmsKeyArn",
  "AccessKeyId",
  "PasswordLength",
  "SecretRotationDays",
  "TokenLifetimeSeconds",
  // The ARN of a function.
  "ServiceToken",
  "VpcId",
  "RouteTableIds",
  "KeyArn",
  "Port",
];

describe("Mistakes in a nested stack", () => {
  it("are none in a template that gets what it declares", () => {
    const Parameters = {
      VpcId: { Type: "AWS::EC2::VPC::Id", Description: "The VPC" },
      Port: { Type: "Number", Description: "The port", Default: 443 },
    };
    const request = { given: ["VpcId"], protectedResources: ["Topic"] };
    assert.deepEqual(mistakes({ Parameters }, request), []);
    assert.deepEqual(mistakes({ Parameters }, { given: ["VpcId", "Port"] }), []);
  });

  it("are more bytes than CloudFormation takes, not characters", () => {
    const room = TEMPLATE_BYTES_MAX - templateBytes(template({ Description: "" }));
    assert.deepEqual(mistakes({ Description: "x".repeat(room) }), []);
    assert.deepEqual(mistakes({ Description: "x".repeat(room + 1) }), [
      "template: got 51201 bytes, allowed are 51200. Split it into two nested stacks.",
    ]);
    assert.equal(mistakes({ Description: `${"x".repeat(room - 1)}é` }).length, 1);
  });

  it("count what the provider escapes on the way", () => {
    const size = (Description: string) => templateBytes(template({ Description }));
    for (const character of "<>&\u2028\u2029")
      assert.equal(size(character) - size(""), 6, JSON.stringify(character));
    assert.equal(size("'") - size(""), 1);
  });

  it("are parameters that are given but not declared, and the other way round", () => {
    const Parameters = { VpcId: { Type: "String", Description: "The VPC" } };
    assert.deepEqual(mistakes({ Parameters }, { given: ["Vpc"] }), [
      "parameter Vpc: got a value, but the template declares VpcId. Correct the name, or declare it.",
      "parameter VpcId: got nothing, and it has no Default. Give it a value.",
    ]);
    assert.deepEqual(mistakes({}, { given: ["toString"] }), [
      "parameter toString: got a value, but the template declares none. Correct the name, or declare it.",
    ]);
  });

  it("are resources that are to be protected and don't exist", () => {
    assert.deepEqual(mistakes({}, { protectedResources: ["Topics"] }), [
      "protected resource Topics: not in the template, which defines Topic. Correct the name, or stop protecting it.",
    ]);
  });

  it("are told all at once", () => {
    const all = mistakes(
      {
        Description: "x".repeat(TEMPLATE_BYTES_MAX),
        Parameters: { Password: { Type: "String", Description: "Something" } },
        Outputs: { Token: { Description: "Something", Value: "x" } },
      },
      { given: ["Other"], protectedResources: ["Nothing"] },
    );
    assert.deepEqual(
      all.map((mistake) => mistake.slice(0, mistake.indexOf(":"))),
      [
        "template",
        "parameter Other",
        "parameter Password",
        "parameter Password",
        "output Token",
        "protected resource Nothing",
      ],
    );
  });
});

describe("Secrets", () => {
  it("are known by their names", () => {
    for (const name of SECRET_NAMES) assert.equal(looksSecret(name), true, name);
    for (const name of HARMLESS_NAMES) assert.equal(looksSecret(name), false, name);
  });

  it("don't pass through parameters, not even hidden ones", () => {
    const refused = (name: string) => [
      `parameter ${name}: looks secret, and a parameter is no place for a secret. Pass the secret's ARN instead.`,
    ];
    for (const name of SECRET_NAMES) {
      assert.deepEqual(withParameter(name), refused(name));
      assert.deepEqual(withParameter(name, { NoEcho: true }), refused(name));
    }
    assert.deepEqual(withParameter("Innocent", { NoEcho: true }), refused("Innocent"));
    for (const name of HARMLESS_NAMES) assert.deepEqual(withParameter(name), []);
    assert.deepEqual(withParameter("Innocent", { NoEcho: false }), []);
  });

  it("don't pass through outputs by name", () => {
    for (const name of SECRET_NAMES)
      assert.deepEqual(withOutput(name, "x"), [
        `output ${name}: looks secret, but outputs are readable. Put out the secret's ARN instead.`,
      ]);
    for (const name of HARMLESS_NAMES) assert.deepEqual(withOutput(name, "x"), []);
  });

  it("don't pass through outputs by value", () => {
    const values: unknown[] = [
      "{{resolve:secretsmanager:payments:SecretString:password}}",
      { "Fn::Sub": "jdbc://{{resolve:ssm-secure:/payments/key:1}}@host" },
      { "Fn::GetAtt": ["Keys", "SecretAccessKey"] },
      { "Fn::GetAtt": "Client.ClientSecret" },
      { "Fn::Sub": `key=\${Keys.SecretAccessKey}` },
      { "Fn::Join": ["", ["key=", { "Fn::GetAtt": ["Keys", "SecretAccessKey"] }]] },
    ];
    for (const value of values)
      assert.equal(withOutput("Innocent", value).length, 1, JSON.stringify(value));
  });

  it("are not seen in what only leads to one", () => {
    const values: unknown[] = [
      { Ref: "ApplicationSecret" },
      { "Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"] },
      { "Fn::GetAtt": "Cluster.MasterUserSecret.SecretArn" },
      { "Fn::Sub": `arn:\${AWS::Partition}:\${ApplicationSecret}:\${!Literal.Secret}` },
      "{{resolve:ssm:/payments/host}}",
    ];
    for (const value of values)
      assert.deepEqual(withOutput("Innocent", value), [], JSON.stringify(value));
  });
});
