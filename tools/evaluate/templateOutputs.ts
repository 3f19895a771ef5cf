import { parse } from "yaml";
import { ACCOUNT_ID, arn, digits } from "./arn";
import type { Properties } from "./values";

interface Template {
  Parameters?: { [name: string]: { Default?: unknown } };
  Resources?: { [id: string]: { Type: string } };
  Outputs?: { [name: string]: { Value: unknown } };
}

interface Scope {
  template: Template;
  parameters: Properties;
  region: string;
  stackName: string;
}

/** What CloudFormation would answer for the template's outputs; resources get made-up values. */
export function templateOutputs(
  body: string,
  parameters: Properties,
  region: string,
  stackName: string,
): { [name: string]: string } {
  const template = (parse(body) ?? {}) as Template;
  const scope = { template, parameters, region, stackName };
  const outputs = Object.entries(template.Outputs ?? {});
  return Object.fromEntries(outputs.map(([name, { Value }]) => [name, resolve(Value, scope)]));
}

function resolve(value: unknown, scope: Scope): string {
  if (typeof value !== "object" || value === null) return String(value);
  const [[name, argument] = ["", undefined]] = Object.entries(value);
  switch (name) {
    case "Ref":
      return reference(String(argument), scope);
    case "Fn::GetAtt":
      return attribute(Array.isArray(argument) ? argument : String(argument).split("."), scope);
    case "Fn::Join": {
      const [separator, items] = argument as [string, unknown[]];
      return items.map((item) => resolve(item, scope)).join(separator);
    }
    case "Fn::Sub": {
      const [text, extra] = Array.isArray(argument) ? argument : [argument, {}];
      return String(text).replace(/\$\{([^!}]+)\}/g, (_, key: string) => {
        if (key in extra) return resolve(extra[key], scope);
        return key.includes(".") && !key.startsWith("AWS::")
          ? attribute(key.split("."), scope)
          : reference(key, scope);
      });
    }
    default:
      throw new Error(`no offline value for ${name} in the outputs of ${scope.stackName}`);
  }
}

function reference(name: string, { template, parameters, region, stackName }: Scope): string {
  const pseudo: { [name: string]: string } = {
    "AWS::Region": region,
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Partition": "aws",
    "AWS::StackName": stackName,
    "AWS::URLSuffix": "amazonaws.com",
  };
  const parameter = parameters[name] ?? template.Parameters?.[name]?.Default;
  const value = pseudo[name] ?? parameter;
  if (value !== undefined) return String(value);
  if (template.Resources?.[name] === undefined)
    throw new Error(`the template of ${stackName} refers to ${name}, which it does not define`);
  const physical = `${stackName}-${name}-${digits(name, 12).toUpperCase()}`;
  // One of the kinds of resources whose reference is the ARN.
  if (template.Resources[name].Type === "AWS::SecretsManager::Secret")
    return arn("secretsmanager", region, `secret:${physical}-AbCdEf`);
  return physical;
}

function attribute([resource = "", ...path]: string[], scope: Scope): string {
  const physical = reference(resource, scope);
  const name = path.join(".");
  if (!/arn$/i.test(name)) return `${physical}-${name}`;
  const [, service = "", kind = ""] = (scope.template.Resources?.[resource]?.Type ?? "").split(
    "::",
  );
  return arn(service.toLowerCase(), scope.region, `${kind.toLowerCase()}/${physical}`);
}
