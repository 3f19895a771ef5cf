import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Resource } from "../core/resource";
import { type Properties, UNKNOWN, type Value } from "../core/values";

/** A resource as it is about to be made: what the program declares. */
export function declaredResource(args: ResourceValidationArgs): Resource {
  return resourceOf(args, undefined);
}

/** A resource as the stack has it afterwards: what AWS answered, unknown in a preview. */
export function deployedResource(resource: PolicyResource): Resource {
  const madeFrom = Object.entries(resource.propertyDependencies).map(([property, resources]) => [
    property,
    resources.map(({ urn }) => urn),
  ]);
  return resourceOf(resource, Object.fromEntries(madeFrom));
}

type Validated = Pick<ResourceValidationArgs, "type" | "name" | "urn" | "props" | "opts">;

function resourceOf(validated: Validated, madeFrom: Resource["madeFrom"]): Resource {
  const { type, name, urn, props, opts } = validated;
  const properties = readAll(props);
  return {
    type,
    name,
    urn,
    properties,
    outputs: properties,
    protect: opts.protect,
    ignoreChanges: opts.ignoreChanges,
    madeFrom,
    // Pulumi shows the children of every component.
    remote: false,
    template: undefined,
  };
}

function readAll(container: object): Properties {
  const entries = Object.keys(container).map((name) => [name, read(container, name)]);
  return Object.fromEntries(entries) as Properties;
}

/** Pulumi throws where somebody looks at a value that is not known yet. */
function read(container: object, key: string): Value {
  try {
    return toValue((container as { [key: string]: unknown })[key]);
  } catch {
    return UNKNOWN;
  }
}

function toValue(raw: unknown): Value {
  if (typeof raw !== "object" || raw === null) return raw as Value;
  if (Array.isArray(raw)) return Object.keys(raw).map((index) => read(raw, index));
  // Code and files: no rule looks into them.
  return "__pulumiAsset" in raw || "__pulumiArchive" in raw ? {} : readAll(raw);
}
