/** The repository's own stacks, evaluated once for all tests, and ways to find a resource in them. */
import * as assert from "node:assert/strict";
import * as path from "node:path";
import { distance } from "fastest-levenshtein";
import { type Evaluation, evaluateWithUpstream } from "../../tools/evaluate/evaluate";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { isSecret, reveal } from "../../tools/evaluate/values";

/** The repository. */
export const DIRECTORY = path.resolve(__dirname, "../..");

const evaluated = new Map<string, Promise<Evaluation[]>>();

/** A stack with the stacks that it reads from, lowest first. Evaluated once: don't change it. */
export function evaluations(stack: string): Promise<Evaluation[]> {
  const known = evaluated.get(stack) ?? evaluateWithUpstream({ directory: DIRECTORY, stack });
  evaluated.set(stack, known);
  return known;
}

/** A stack alone. Evaluated once: don't change it. */
export async function evaluation(stack: string): Promise<Evaluation> {
  const last = (await evaluations(stack)).at(-1);
  assert.ok(last !== undefined);
  return last;
}

/** All resources of a type, such as `aws:lb/listenerRule:ListenerRule`. */
export function byType(resources: RegisteredResource[], type: string): RegisteredResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** The one resource of a type. */
export function onlyOfType(resources: RegisteredResource[], type: string): RegisteredResource {
  const found = byType(resources, type);
  const names = found.map(({ name }) => name).join(", ");
  assert.equal(found.length, 1, `expected one ${type}, got ${names || "none"}`);
  return found[0] as RegisteredResource;
}

/** The resource of a logical name; give the type where several share the name. */
export function byName(
  resources: RegisteredResource[],
  name: string,
  type?: string,
): RegisteredResource {
  const found = resources.filter(
    (resource) => resource.name === name && (type === undefined || resource.type === type),
  );
  const [first, second] = found;
  if (first === undefined)
    throw new Error(`no resource ${name}; near: ${near(resources, name).join(", ")}`);
  if (second !== undefined)
    throw new Error(`${name} names several: ${found.map((one) => one.type).join(", ")}`);
  return first;
}

function near(resources: RegisteredResource[], name: string): string[] {
  return resources
    .map((resource) => ({ text: resource.name, away: distance(resource.name, name) }))
    .sort((one, other) => one.away - other.away)
    .slice(0, 5)
    .map(({ text }) => text);
}

/** Resources directly under a component; under the stack when none is given. */
export function childrenOf(
  resources: RegisteredResource[],
  parent?: RegisteredResource,
): RegisteredResource[] {
  return resources.filter((resource) => resource.parent === parent?.urn);
}

/** Everything under a component, at any depth. */
export function descendantsOf(
  resources: RegisteredResource[],
  parent: RegisteredResource,
): RegisteredResource[] {
  return childrenOf(resources, parent).flatMap((child) => [
    child,
    ...descendantsOf(resources, child),
  ]);
}

/** The value inside a secret; fails when the value is none. */
export function secretValue(value: unknown): unknown {
  assert.ok(isSecret(value), `expected a secret, got ${JSON.stringify(value)}`);
  return reveal(value);
}
