import { STACK_TYPE, templateOf, unknownTypes } from "../../cloudformation/adapter";
import { must, when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import { at, isMissing, isObject, items, UNKNOWN, type Value } from "../../core/values";
import { looksSecret } from "../encryption/services";

/** CloudFormation's limit for a template that is passed inline. */
const MOST_BYTES = 51_200;

export const templateInspected: ResourceRule = {
  id: "cfn-template-inspected",
  title:
    "Nested templates can be read, fit, and hold only resources that these rules see; their inside keeps every rule",
  severity: "mandatory",
  controls: {
    checkov: ["CKV_AWS_124"],
    other: ["prowler cloudformation_stack_outputs_find_secrets"],
  },
  types: [STACK_TYPE],
  check: (stack) => {
    const { templateBody, notificationArns } = stack.properties;
    const template = templateOf(stack);
    return [
      ...must(
        !isMissing(notificationArns) &&
          (notificationArns === UNKNOWN || items(notificationArns).length > 0),
        "notificationArns",
        notificationArns,
        "a topic",
        "Name the topic for alerts.",
      ),
      ...(template === UNKNOWN ? [] : bodyMistakes(templateBody, template)),
      ...unknownTypes(stack).map(
        (one) =>
          `template, ${one}: no rule can see this type. Add it to policies/cloudformation/types.ts.`,
      ),
    ];
  },
};

function bodyMistakes(body: Value, template: Value): string[] {
  if (!isObject(template))
    return ["templateBody: got what is no JSON object, allowed: a template. Correct it."];
  const bytes = typeof body === "string" ? Buffer.byteLength(body) : 0;
  return [
    ...must(
      bytes <= MOST_BYTES,
      "templateBody",
      `${bytes} bytes`,
      `at most ${MOST_BYTES}`,
      "Split it.",
    ),
    ...named(template, "Parameters").flatMap(([name, one]) => parameterMistakes(name, one)),
    ...named(template, "Outputs").flatMap(([name, one]) => outputMistakes(name, one)),
  ];
}

function named(template: Value, part: string): [name: string, value: Value][] {
  const entries = at(template, part);
  return isObject(entries) ? Object.entries(entries) : [];
}

/** NoEcho is no way out: the value stands in Pulumi's state and in the request all the same. */
function parameterMistakes(name: string, parameter: Value): string[] {
  return when(
    looksSecret(name) || at(parameter, "NoEcho") === true,
    `parameter ${name}: looks secret, allowed: none. Pass the secret's ARN instead.`,
  );
}

const READS_SECRET = /\{\{resolve:(secretsmanager|ssm-secure):/;

function outputMistakes(name: string, output: Value): string[] {
  return when(
    looksSecret(name) || READS_SECRET.test(JSON.stringify(at(output, "Value") ?? "")),
    `output ${name}: looks secret, and outputs are readable. Put out the secret's ARN instead.`,
  );
}

/** What CloudFormation may only do for who says so, and what in a template needs it. */
export const templateCapabilities: ResourceRule = {
  id: "cfn-capabilities-minimal",
  title: "A template may do no more to permissions than it needs",
  severity: "mandatory",
  controls: { pci: ["7.2.1"], other: ["AWS CloudFormation user guide, capabilities"] },
  types: [STACK_TYPE],
  check: (stack) => {
    const template = templateOf(stack);
    if (template === UNKNOWN) return [];
    const text = JSON.stringify(template ?? {});
    const needed = {
      CAPABILITY_IAM: /"AWS::IAM::/.test(text),
      CAPABILITY_NAMED_IAM: /"AWS::IAM::|"HostedRotationLambda"/.test(text),
      CAPABILITY_AUTO_EXPAND: /"Transform"|"Fn::Transform"/.test(text),
    };
    return items(stack.properties.capabilities)
      .filter((one) => typeof one === "string" && needed[one as keyof typeof needed] !== true)
      .map(
        (one) =>
          `capabilities: got ${String(one)}, allowed: what the template needs. Leave it out.`,
      );
  },
};
