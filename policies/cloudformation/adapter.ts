import type { Resource } from "../core/resource";
import { at, isObject, type Properties, parsed, UNKNOWN, type Value } from "../core/values";
import { type Scope, workOut } from "./expressions";
import { type Counterpart, counterpartOf } from "./types";

export const STACK_TYPE = "aws:cloudformation/stack:Stack";

/**
 * What a CloudFormation stack's template makes, in Pulumi's words. Empty for everything else, for a
 * body that is not known yet, and for types without a counterpart (`unknownTypes`).
 */
export function templateResources(stack: Resource): Resource[] {
  if (stack.type !== STACK_TYPE) return [];
  const template = templateOf(stack);
  const scope = scopeOf(stack, template);
  return declared(template).flatMap(([id, body]) => {
    const counterpart = counterpartOf(String(at(body, "Type")));
    if (counterpart === undefined) return [];
    const properties = propertiesOf(at(body, "Properties"), counterpart, scope);
    return [resourceOf(stack, id, counterpart.type, properties, scope)];
  });
}

/** Whether it can be told what the stacks' templates make; not before a body is known. */
export function areTemplatesKnown(resources: readonly Resource[]): boolean {
  return resources.every(
    (resource) => resource.type !== STACK_TYPE || templateOf(resource) !== UNKNOWN,
  );
}

/** Logical ids and types of what a template makes and no rule can see. */
export function unknownTypes(stack: Resource): string[] {
  return declared(templateOf(stack))
    .filter(([, body]) => counterpartOf(String(at(body, "Type"))) === undefined)
    .map(([id, body]) => `${id} (${String(at(body, "Type"))})`);
}

export function templateOf({ properties }: Resource): Value {
  return parsed(properties.templateBody);
}

function declared(template: Value): [id: string, body: Value][] {
  const resources = at(template, "Resources");
  return isObject(resources) ? Object.entries(resources) : [];
}

function resourceOf(
  stack: Resource,
  id: string,
  type: string,
  properties: Properties,
  { references }: Scope,
): Resource {
  const reference = references[id] ?? UNKNOWN;
  return {
    type,
    name: `${stack.name}/${id}`,
    // CloudFormation's resources have no URN of their own: Pulumi shows the stack.
    urn: stack.urn,
    properties,
    outputs: { ...properties, id: reference },
    protect: stack.protect,
    ignoreChanges: [],
    madeFrom: undefined,
    remote: false,
    template: stack.name,
  };
}

/** Parameters as they are given, what the stack's own ARN tells, and references that are outputs. */
function scopeOf(stack: Resource, template: Value): Scope {
  const parameters = at(template, "Parameters");
  const given = isObject(parameters)
    ? Object.entries(parameters).map(([name, declaration]): [string, Value] => [
        name,
        at(stack.properties.parameters, name) ?? at(declaration, "Default") ?? UNKNOWN,
      ])
    : [];
  const pseudo = pseudoParameters(stack);
  return { references: { ...Object.fromEntries(given), ...pseudo, ...putOut(stack, template) } };
}

function pseudoParameters({ outputs }: Resource): Properties {
  const { id } = outputs;
  const [, partition, , region, account] = typeof id === "string" ? id.split(":") : [];
  if (account === undefined) return {};
  return { "AWS::AccountId": account, "AWS::Partition": partition, "AWS::Region": region };
}

/** What CloudFormation answered for outputs that are plain references, by logical id. */
function putOut(stack: Resource, template: Value): Properties {
  const outputs = at(template, "Outputs");
  if (!isObject(outputs)) return {};
  const known = Object.entries(outputs).map(([name, declaration]): [string, Value] => {
    const id = at(declaration, "Value", "Ref");
    return [String(id), at(stack.outputs.outputs, name) ?? UNKNOWN];
  });
  return Object.fromEntries(known.filter(([id]) => id !== "undefined"));
}

function propertiesOf(given: Value, { names = {}, asIs = [] }: Counterpart, scope: Scope) {
  if (!isObject(given)) return {};
  const entries = Object.entries(given).map(([name, raw]) => {
    const value = workOut(raw, scope);
    return [names[name] ?? lowerFirst(name), asIs.includes(name) ? value : renamed(value)];
  });
  return Object.fromEntries(entries) as Properties;
}

function renamed(value: Value): Value {
  if (Array.isArray(value)) return value.map(renamed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [lowerFirst(name), renamed(item)]),
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
