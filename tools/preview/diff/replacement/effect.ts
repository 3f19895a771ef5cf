import { ACCESS } from "./access";
import { COMPUTE } from "./compute";
import { DATA } from "./data";
import { NETWORK } from "./network";
import { OPERATIONS } from "./operations";
import type { ReplacementTable } from "./table";
import { TEMPLATES } from "./templates";

/** What a change of a property does to its resource. */
export type Effect = "replaces" | "in place" | "unknown";

/**
 * The types that this project's stacks deploy. Pulumi replaces a resource where the schema of the Terraform
 * provider that it bridges (hashicorp/terraform-provider-aws, `ForceNew` or `RequiresReplace`) says so, in Pulumi's
 * spelling of the names. What stands in no list is unknown, and said to be.
 */
export const REPLACEMENT: ReplacementTable = {
  ...DATA,
  ...ACCESS,
  ...NETWORK,
  ...COMPUTE,
  ...OPERATIONS,
  ...TEMPLATES,
};

/** Every resource of AWS has them: tags change where it is, another Region makes a new one. */
const OF_ALL: { [property: string]: Effect } = {
  tags: "in place",
  tagsAll: "in place",
  region: "replaces",
};

/** What a template's resource has beside its properties; CloudFormation's reference, resource attributes. */
const ATTRIBUTES = ["DeletionPolicy", "UpdateReplacePolicy", "DependsOn", "Metadata", "Tags"];

/**
 * @param property of the resource itself: `containerDefinitions`, whatever changed inside
 * @param replaceOnChanges the resource's own option of this name
 */
export function effectOf(
  type: string,
  property: string,
  replaceOnChanges: readonly string[] = [],
): Effect {
  if (replaceOnChanges.some((path) => path === "*" || rootOf(path) === property)) return "replaces";
  if (type.startsWith("aws:") && OF_ALL[property] !== undefined) return OF_ALL[property];
  if (type.startsWith("AWS::") && ATTRIBUTES.includes(property)) return "in place";
  const listed = REPLACEMENT[type];
  if (listed === undefined) return "unknown";
  if (words(listed.replaced).includes(property)) return "replaces";
  return words(listed.inPlace).includes(property) ? "in place" : "unknown";
}

/** The property that a path begins with. */
export function rootOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

function words(text: string): string[] {
  return text.split(/\s+/);
}
