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
 * @param path of what changed, such as `containerDefinitions[payments].image`: the lists go by what it begins with
 * @param replaceOnChanges the resource's own option of this name, which goes by whole paths
 */
export function effectOf(
  type: string,
  path: string,
  replaceOnChanges: readonly string[] = [],
): Effect {
  if (replaceOnChanges.some((option) => option === "*" || isWithin(path, option)))
    return "replaces";
  if (replaceOnChanges.some((option) => isWithin(option, path))) return "unknown";
  const property = rootOf(path);
  if (type.startsWith("aws:") && OF_ALL[property] !== undefined) return OF_ALL[property];
  if (type.startsWith("AWS::") && ATTRIBUTES.includes(property)) return "in place";
  const listed = REPLACEMENT[type];
  if (listed === undefined) return "unknown";
  if (words(listed.replaced).includes(property)) return "replaces";
  return words(listed.inPlace).includes(property) ? "in place" : "unknown";
}

/** Whether the path is the outer one, or leads further into it. */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** The property that a path begins with. */
export function rootOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

function words(text: string): string[] {
  return text.split(/\s+/);
}
