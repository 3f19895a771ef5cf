import type { Resource } from "./resource";
import { items, UNKNOWN, type Value } from "./values";

/** Outputs by which other resources name one. */
const IDENTITIES = [
  "id",
  "arn",
  "name",
  "bucket",
  "clusterIdentifier",
  "vpcId",
  "secretArn",
  "endpointArn",
];

/** Yes, no, or not known yet. */
export type Answer = boolean | typeof UNKNOWN;

/**
 * Whether a property of one resource names the other. Where the value is not known yet, what it was
 * made from may tell: a preview has that.
 */
export function namesResource(from: Resource, property: string, to: Resource): Answer {
  const value = from.properties[property] ?? from.outputs[property];
  if (includesIdentity(value, to)) return true;
  const known = value !== UNKNOWN && !items(value).includes(UNKNOWN);
  if (known && hasIdentity(to)) return false;
  return from.madeFrom?.[property]?.includes(to.urn) === true || UNKNOWN;
}

function includesIdentity(value: Value, to: Resource): boolean {
  const known = items(value).filter((one) => typeof one === "string");
  return IDENTITIES.some((identity) => {
    const text = to.outputs[identity];
    return typeof text === "string" && text !== "" && known.includes(text);
  });
}

/** Not where AWS has yet to make it. */
function hasIdentity({ outputs }: Resource): boolean {
  return IDENTITIES.some((identity) => typeof outputs[identity] === "string");
}

/** Whether some resource of these does, or may turn out to, name the other. */
export function canBeNamedBy(
  others: readonly Resource[],
  property: string,
  resource: Resource,
): boolean {
  return others.some((other) => namesResource(other, property, resource) !== false);
}

/** Resources of these types, in order. */
export function ofTypes(resources: readonly Resource[], ...types: string[]): Resource[] {
  return resources.filter(({ type }) => types.includes(type));
}
