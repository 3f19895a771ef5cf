import type { RegisteredResource } from "../evaluate/registration";

export interface Tier {
  name: string;
  /** Resources that a provider makes, one by one. */
  custom: number;
  components: number;
  /** Components whose children only a provider makes: they don't show offline. */
  remote: number;
  protected: number;
}

/** What lies outside every tier, such as providers. */
const NO_TIER = "stack";
/** The module of the components that put the tiers together. */
const COMPOSITION = "stacks";

/** Counts the resources of each tier, in the order in which the tiers appear. */
export function countTiers(resources: RegisteredResource[]): Tier[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const tiers = new Map<string, Tier>();
  for (const resource of resources) {
    const name = tierOf(resource, byUrn);
    const tier = tiers.get(name) ?? { name, custom: 0, components: 0, remote: 0, protected: 0 };
    tiers.set(name, tier);
    if (resource.custom) tier.custom += 1;
    else if (resource.remote) tier.remote += 1;
    else tier.components += 1;
    if (resource.options.protect) tier.protected += 1;
  }
  return [...tiers.values()];
}

/** The module of the outermost component that is not itself made of tiers. */
function tierOf(resource: RegisteredResource, byUrn: Map<string, RegisteredResource>): string {
  let tier = NO_TIER;
  let current: RegisteredResource | undefined = resource;
  while (current !== undefined) {
    const [namespace = "", module = ""] = current.type.split(":");
    const component = !current.custom && !current.remote;
    if (component && module !== COMPOSITION) tier = module || namespace;
    current = current.parent === undefined ? undefined : byUrn.get(current.parent);
  }
  return tier;
}

export function sumOf(tiers: Tier[], column: Exclude<keyof Tier, "name">): number {
  return tiers.reduce((sum, tier) => sum + tier[column], 0);
}
