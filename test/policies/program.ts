/** The repository's own stacks as the policies see them, and ways to break them. */
import type { Resource } from "../../policies/core/resource";
import type { Properties } from "../../policies/core/values";
import { neutral } from "../../tools/preview/policies";
import { evaluation } from "../support/program";

export async function resourcesOf(stack: string): Promise<Resource[]> {
  return (await evaluation(stack)).resources.map(neutral);
}

export type Breaking = (resources: Resource[]) => Resource[];

/** Takes the resources of a type away, or those of it whose name begins so. */
export const without =
  (type: string, name = ""): Breaking =>
  (resources) =>
    resources.filter((one) => one.type !== type || !one.name.startsWith(name));

/** Changes properties of the resources of a type whose name begins so. */
export const changed =
  (type: string, name: string, properties: Properties): Breaking =>
  (resources) =>
    resources.map((one) =>
      one.type === type && one.name.startsWith(name)
        ? { ...one, properties: { ...one.properties, ...properties } }
        : one,
    );
