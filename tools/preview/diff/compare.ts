import { differences } from "./properties";
import { type Effect, effectOf, isWithin, rootOf } from "./replacement/effect";
import type { ResourceSnapshot, Snapshot, StackSnapshot } from "./snapshot";

/** `unsure`: changes, and nobody here knows whether it is replaced. */
export type Action = "create" | "update" | "unsure" | "replace" | "delete";

export interface PropertyChange {
  /** Such as `containerDefinitions[payments].image`. */
  path: string;
  /** Undefined: was not there. */
  before: unknown;
  /** Undefined: is there no longer. */
  after: unknown;
  effect: Effect;
  /** Name of the replaced resource that the value is made from: it may change only with the deployment. */
  follows?: string;
}

export interface ResourceChange {
  stack: string;
  action: Action;
  urn: string;
  type: string;
  name: string;
  within: string[];
  /** Whether Pulumi would refuse to delete the one that is there. */
  protect: boolean;
  /** Empty where it is created or deleted. */
  properties: PropertyChange[];
}

/** What a deployment of `after` would do to what `before` had deployed, in the order of the program. */
export function compareSnapshots(before: Snapshot, after: Snapshot): ResourceChange[] {
  const names = [...new Set([...after.stacks, ...before.stacks].map(({ stack }) => stack))];
  return names.flatMap((stack) => compareStacks(stack, find(before, stack), find(after, stack)));
}

export function find({ stacks }: Snapshot, name: string): StackSnapshot | undefined {
  return stacks.find(({ stack }) => stack === name);
}

function compareStacks(stack: string, before?: StackSnapshot, after?: StackSnapshot) {
  const old = made(before);
  const now = made(after);
  const changed = [...now.values()].flatMap((resource) => {
    const previous = old.get(resource.urn);
    if (previous === undefined) return [change(stack, "create", resource)];
    const properties = propertyChanges(previous, resource);
    return properties.length > 0 ? [changeOf(stack, previous, resource, properties)] : [];
  });
  const gone = [...old.values()].filter(({ urn }) => !now.has(urn));
  const all = [...changed, ...gone.map((resource) => change(stack, "delete", resource))];
  return followed(stack, all, old, now);
}

type Resources = Map<string, ResourceSnapshot>;

function made(stack: StackSnapshot | undefined): Resources {
  const resources = (stack?.resources ?? []).filter((resource) => resource.made);
  return new Map(resources.map((resource) => [resource.urn, resource]));
}

function change(stack: string, action: Action, resource: ResourceSnapshot): ResourceChange {
  const { urn, type, name, within, protect } = resource;
  return { stack, action, urn, type, name, within, protect, properties: [] };
}

function changeOf(
  stack: string,
  before: ResourceSnapshot,
  after: ResourceSnapshot,
  properties: PropertyChange[],
): ResourceChange {
  const { protect } = before;
  return { ...change(stack, actionOf(properties), after), protect, properties };
}

/** One property that replaces is enough, and one that nobody knows leaves it open. */
function actionOf(properties: PropertyChange[]): Action {
  const has = (effect: Effect) => properties.some((property) => property.effect === effect);
  if (has("replaces")) return "replace";
  return has("unknown") ? "unsure" : "update";
}

function propertyChanges(before: ResourceSnapshot, after: ResourceSnapshot): PropertyChange[] {
  return differences(before.inputs, after.inputs)
    .filter(({ path }) => !ignores(after, path))
    .map((difference) => ({ ...difference, effect: effectAt(after, difference.path) }));
}

function ignores({ ignoreChanges }: ResourceSnapshot, path: string): boolean {
  return ignoreChanges.some((ignored) => ignored === "*" || isWithin(path, ignored));
}

function effectAt({ type, replaceOnChanges }: ResourceSnapshot, path: string): Effect {
  return effectOf(type, path, replaceOnChanges);
}

/**
 * What is replaced gets another id, and so do the inputs that are made from it: those of the resources that
 * need it, and so on, until nothing new is replaced. An evaluation alone would show the same ids.
 */
function followed(stack: string, changes: ResourceChange[], old: Resources, now: Resources) {
  const known = new Map(changes.map((one) => [one.urn, one]));
  for (let before = -1; before !== replaced(known).length; ) {
    before = replaced(known).length;
    for (const resource of now.values()) {
      const previous = old.get(resource.urn);
      if (previous === undefined) continue;
      const properties = known.get(resource.urn)?.properties ?? [];
      const more = following(resource, properties, known);
      if (more.length > 0)
        known.set(resource.urn, changeOf(stack, previous, resource, [...properties, ...more]));
    }
  }
  const order = [...now.keys(), ...old.keys()];
  const place = new Map([...new Set(order)].map((urn, index) => [urn, index]));
  return [...known.values()].sort((one, other) => at(place, one) - at(place, other));
}

function at(place: Map<string, number>, { urn }: ResourceChange): number {
  return place.get(urn) ?? 0;
}

function replaced(known: Map<string, ResourceChange>): ResourceChange[] {
  return [...known.values()].filter(({ action }) => action === "replace");
}

function following(
  resource: ResourceSnapshot,
  properties: PropertyChange[],
  known: Map<string, ResourceChange>,
): PropertyChange[] {
  return Object.entries(resource.madeFrom).flatMap(([path, urns]) => {
    if (ignores(resource, path)) return [];
    if (properties.some((property) => rootOf(property.path) === path)) return [];
    const source = urns.map((urn) => known.get(urn)).find((one) => one?.action === "replace");
    if (source === undefined || source.urn === resource.urn) return [];
    const effect = effectAt(resource, path);
    return [{ path, before: undefined, after: undefined, effect, follows: source.name }];
  });
}
