import type { protocol } from "./sdk";
import type { Properties } from "./values";

/** Options of a resource, as the engine gets them: inherited ones are filled in. */
export interface ResourceOptions {
  protect: boolean;
  ignoreChanges: string[];
  /** URNs of everything it needs first, whether by `dependsOn` or by an input. */
  dependsOn: string[];
  /** `urn::id` of the provider; empty for the default one. */
  provider: string;
  retainOnDelete: boolean;
  /** Undefined: the provider decides. */
  deleteBeforeReplace: boolean | undefined;
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: unknown[];
  customTimeouts: { create: string; update: string; delete: string };
  version: string;
  /** How many transforms the resource carries; they are not run. */
  transforms: number;
}

/** A resource as the program registered it. */
export interface RegisteredResource {
  urn: string;
  type: string;
  name: string;
  /** False for components. */
  custom: boolean;
  /** True for a component that a provider makes: its children don't show. */
  remote: boolean;
  /** URN of the parent component; undefined directly under the stack. */
  parent: string | undefined;
  /** Physical name; undefined for components, and in a preview. */
  id: string | undefined;
  /** As the program gave them; secrets are wrapped (`isSecret`, `reveal`). */
  inputs: Properties;
  /** Plausible outputs; for a component what it registered. */
  state: Properties;
  options: ResourceOptions;
  /** URNs that each input was made from. */
  propertyDependencies: { [input: string]: string[] };
}

/** Reads a registration; what only the engine's answer can tell is left empty. */
export function fromRegistration(
  request: protocol.RegisterResourceRequest,
  urn: string,
  stackUrn: string,
  inputs: Properties,
): RegisteredResource {
  const propertyDependencies: { [input: string]: string[] } = {};
  request.getPropertydependenciesMap().forEach((urns, input) => {
    propertyDependencies[input] = urns.getUrnsList();
  });
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    remote: request.getRemote(),
    parent: parentOf(request, stackUrn),
    id: undefined,
    inputs,
    state: {},
    options: optionsOf(request),
    propertyDependencies,
  };
}

/** Reads the look-up of something that exists already. */
export function fromRead(
  request: protocol.ReadResourceRequest,
  urn: string,
  stackUrn: string,
  inputs: Properties,
): RegisteredResource {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: true,
    remote: false,
    parent: parentOf(request, stackUrn),
    id: request.getId(),
    inputs,
    state: {},
    options: {
      ...NO_OPTIONS,
      dependsOn: request.getDependenciesList(),
      provider: request.getProvider(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      version: request.getVersion(),
    },
    propertyDependencies: {},
  };
}

const NO_OPTIONS: ResourceOptions = {
  protect: false,
  ignoreChanges: [],
  dependsOn: [],
  provider: "",
  retainOnDelete: false,
  deleteBeforeReplace: undefined,
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
  customTimeouts: { create: "", update: "", delete: "" },
  version: "",
  transforms: 0,
};

function parentOf(request: { getParent(): string }, stackUrn: string): string | undefined {
  const parent = request.getParent();
  return parent === "" || parent === stackUrn ? undefined : parent;
}

function optionsOf(request: protocol.RegisterResourceRequest): ResourceOptions {
  const timeouts = request.getCustomtimeouts();
  const givesOrder = request.getDeletebeforereplacedefined();
  return {
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    dependsOn: request.getDependenciesList(),
    provider: request.getProvider(),
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: givesOrder ? request.getDeletebeforereplace() : undefined,
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map((alias) => alias.toObject()),
    customTimeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
    version: request.getVersion(),
    transforms: request.getTransformsList().length,
  };
}
