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
  return includesIdentity(value, to) || madeFrom(from, property, value, to);
}

function includesIdentity(value: Value, to: Resource): boolean {
  const known = items(value).filter((one) => typeof one === "string");
  return IDENTITIES.some((identity) => {
    const text = to.outputs[identity];
    return typeof text === "string" && text !== "" && known.includes(text);
  });
}

function madeFrom(from: Resource, property: string, value: Value, to: Resource): Answer {
  if (from.madeFrom?.[property]?.includes(to.urn)) return true;
  const known = value !== UNKNOWN && !items(value).includes(UNKNOWN);
  return known && hasIdentity(to) ? false : UNKNOWN;
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
