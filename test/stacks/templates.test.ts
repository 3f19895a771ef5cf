import assert from "node:assert/strict";
import { capabilitiesOf } from "../../components/cloudformation/capabilities";
import { TEMPLATE_BYTES_MAX, templateBytes } from "../../components/cloudformation/mistakes";
import type { Template } from "../../components/cloudformation/template";
import { credentialsTemplate } from "../../stacks/templates/credentials";
import { endpointsTemplate } from "../../stacks/templates/endpoints";
import { releaseGateTemplate } from "../../stacks/templates/releaseGate";
import { rotationTemplate } from "../../stacks/templates/rotation";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { byType, evaluations } from "../support/program";
import { cfnLint, type Findings, type Templates, validate } from "../support/templateValidators";

interface Registered extends RegisteredResource {
  /** Name of the Pulumi stack. */
  stack: string;
  template: Template;
}

/** Every CloudFormation stack that the repository's own stacks deploy. */
async function registeredStacks(): Promise<{ registered: Registered[]; topicArns: unknown[] }> {
  const all = (await Promise.all([evaluations("dev"), evaluations("prod")])).flat();
  const registered = all.flatMap(({ stack, resources }) =>
    byType(resources, "aws:cloudformation/stack:Stack").map((resource) => ({
      ...resource,
      stack,
      template: JSON.parse(resource.inputs.templateBody as string) as Template,
    })),
  );
  const topics = all.flatMap(({ resources }) => byType(resources, "aws:sns/topic:Topic"));
  return { registered, topicArns: topics.map(({ state }) => state.arn) };
}

/** What the template functions return beside what the stacks deploy. */
const VARIANTS: Templates = {
  "endpoints, used": endpointsTemplate("used"),
  "endpoints, none": endpointsTemplate("none"),
  "credentials, blue": credentialsTemplate("test", "blue"),
  "credentials, green": credentialsTemplate("test", "green"),
  "rotation, blue": rotationTemplate("test", "blue", 400),
  "rotation, green": rotationTemplate("test", "green", 1),
  "release gate": releaseGateTemplate("test"),
};

/** What only CloudFormation offers: secrets whose rotation AWS hosts, and a custom resource. */
const SAMPLE: Template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Transform: "AWS::SecretsManager-2024-09-16",
  Description: "A secret, its rotation, and a custom resource",
  Parameters: {
    Host: { Type: "String", Description: "Endpoint of the cluster" },
    MasterSecretArn: { Type: "String", Description: "Secret of the master user" },
    KeyArn: { Type: "String", Description: "Key of the secrets" },
    SubnetIds: { Type: "String", Description: "Subnets, separated by commas" },
    FunctionArn: { Type: "String", Description: "Serves the custom resource" },
  },
  Resources: {
    Secret: {
      Type: "AWS::SecretsManager::Secret",
      Properties: {
        KmsKeyId: { Ref: "KeyArn" },
        GenerateSecretString: {
          SecretStringTemplate: {
            "Fn::Sub": `{"engine":"mysql","host":"\${Host}","masterarn":"\${MasterSecretArn}"}`,
          },
          GenerateStringKey: "password",
          PasswordLength: 32,
        },
      },
    },
    Rotation: {
      Type: "AWS::SecretsManager::RotationSchedule",
      Properties: {
        SecretId: { Ref: "Secret" },
        RotateImmediatelyOnUpdate: false,
        RotationRules: { ScheduleExpression: "rate(30 days)", Duration: "2h" },
        HostedRotationLambda: {
          RotationType: "MySQLMultiUser",
          RotationLambdaName: "rotation-test",
          SuperuserSecretArn: { Ref: "MasterSecretArn" },
          SuperuserSecretKmsKeyArn: { Ref: "KeyArn" },
          KmsKeyArn: { Ref: "KeyArn" },
          VpcSubnetIds: { Ref: "SubnetIds" },
          VpcSecurityGroupIds: "sg-12345678",
        },
      },
    },
    Gate: {
      Type: "Custom::Gate",
      Properties: { ServiceToken: { Ref: "FunctionArn" }, ServiceTimeout: 3600, Live: "green" },
    },
  },
  Outputs: { SecretArn: { Description: "The secret", Value: { Ref: "Secret" } } },
};

/** The sample with a wrong property, deep inside. */
const MISSPELT = JSON.parse(JSON.stringify(SAMPLE).replace('"RotationType"', '"RotationKind"'));

/** Right in form, and wrong in what it refers to. */
const DANGLING = JSON.parse(JSON.stringify(SAMPLE).replace('{"Ref":"KeyArn"}', '{"Ref":"Key"}'));

/** With a dependency that it has anyway: no more than a warning. */
const REDUNDANT = JSON.parse(JSON.stringify(SAMPLE));
REDUNDANT.Resources.Rotation.DependsOn = "Secret";

const OWN: Templates = { SAMPLE, MISSPELT, DANGLING, REDUNDANT };

describe("the CloudFormation stacks", () => {
  let registered: Registered[];
  let topicArns: unknown[];
  let templates: Templates;
  before(async () => {
    ({ registered, topicArns } = await registeredStacks());
    const deployed = registered.map(({ stack, name, template }) => [`${stack}: ${name}`, template]);
    templates = { ...Object.fromEntries(deployed), ...VARIANTS };
  });

  it("are there, in development and in production", () => {
    const owners = registered.map(({ stack }) => stack);
    for (const stack of ["dev", "prod-base", "prod"]) assert.ok(owners.includes(stack), stack);
  });

  it("are small enough to be passed inline", () => {
    for (const { name, inputs, template } of registered) {
      const bytes = Buffer.byteLength(inputs.templateBody as string);
      assert.ok(bytes <= TEMPLATE_BYTES_MAX, `${name}: ${bytes}`);
      assert.ok(templateBytes(template) <= TEMPLATE_BYTES_MAX, name);
    }
  });

  it("carry the tags, roll back as one, and tell people of what happens", () => {
    for (const { stack, name, inputs } of registered) {
      const tags = inputs.tags as { [name: string]: string };
      assert.deepEqual(Object.keys(tags).sort(), ["CostCenter", "Environment", "Project"], name);
      assert.equal(tags.Environment, stack.replace("-base", ""), name);
      assert.equal(inputs.onFailure, "ROLLBACK", name);
      const [topicArn, ...others] = (inputs.notificationArns ?? []) as string[];
      assert.ok(topicArns.includes(topicArn), `${name} tells nobody: got ${topicArn}`);
      assert.deepEqual(others, [], name);
    }
  });

  it("have exactly the capabilities that their templates need", () => {
    for (const { name, inputs, template } of registered)
      assert.deepEqual(inputs.capabilities ?? [], capabilitiesOf(template), name);
  });

  it("have a policy under which no update replaces or deletes a secret", () => {
    for (const { name, inputs, template } of registered) {
      const { Statement } = JSON.parse(inputs.policyBody as string);
      const [allow, deny] = Statement;
      assert.deepEqual(
        allow,
        { Effect: "Allow", Principal: "*", Action: "Update:*", Resource: "*" },
        name,
      );
      const secrets = Object.entries(template.Resources)
        .filter(([, { Type }]) => Type === "AWS::SecretsManager::Secret")
        .map(([id]) => `LogicalResourceId/${id}`);
      const denied = deny?.Effect === "Deny" ? deny.Resource : [];
      for (const secret of secrets) assert.ok(denied.includes(secret), `${name}: ${secret}`);
      for (const resource of denied)
        assert.ok(resource.replace("LogicalResourceId/", "") in template.Resources, resource);
    }
  });

  const validators = {
    "AWS's own validator": (_: Mocha.Context, all: Templates) => validate(all),
    "cfn-lint": (context: Mocha.Context, all: Templates) =>
      cfnLint(context, "CloudFormation templates by cfn-lint", all),
  };
  for (const [validator, run] of Object.entries(validators))
    describe(`under ${validator}`, () => {
      let findings: Findings;
      before(async function () {
        findings = await run(this, { ...templates, ...OWN });
      });

      it("have no error and no warning, nor has any variant of a template", () => {
        const { SAMPLE, MISSPELT, DANGLING, REDUNDANT, ...real } = findings;
        assert.deepEqual(Object.keys(real), Object.keys(templates));
        const none = Object.keys(templates).map((name) => [name, []]);
        assert.deepEqual(real, Object.fromEntries(none));
      });

      it("may have secrets with hosted rotation, and custom resources", () => {
        assert.deepEqual(findings.SAMPLE, []);
      });

      it("would be caught with a wrong property, a wrong reference, or something needless", () => {
        assert.match(String(findings.MISSPELT), /3002 Rotation: .*'RotationKind' was unexpected/);
        assert.match(String(findings.DANGLING), /\bSecret\b.*\bKey\b/);
        assert.match(String(findings.REDUNDANT), /W3005 Rotation/);
      });
    });
});
