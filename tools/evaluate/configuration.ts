import * as fs from "node:fs";
import * as path from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { type Path, valueAt, withValueAt } from "./paths";
import { type Declaration, type ItemType, type Project, stackNames, UsageError } from "./project";

/** The configuration that a program sees: `namespace:key` to text. */
export interface Configuration {
  values: { [key: string]: string };
  /** Keys whose values are secret. */
  secretKeys: string[];
}

/**
 * Merges the stack's file with what Pulumi.yaml declares, as the Pulumi command does. `overrides`
 * stand above the stack's file, as `pulumi config set` would. Secrets stay encrypted in the file;
 * the program sees a placeholder.
 */
export function readConfiguration(
  project: Project,
  stack: string,
  overrides: { [key: string]: unknown } = {},
): Configuration {
  const values = readStackFile(project, stack);
  for (const [key, value] of Object.entries(overrides)) values.set(fullKey(project, key), value);
  rejectShadowed(project, stack, values);
  applyDeclarations(project, stack, values);
  const secretKeys = [...values].filter(([, value]) => hasSecret(value)).map(([key]) => key);
  const texts = [...values].map(([key, value]) => [key, asText(unlock(value, key))]);
  return { values: Object.fromEntries(texts), secretKeys };
}

/** Texts as they are written (`1.10` stays that), everything else as data. */
function readStackFile(project: Project, stack: string): Map<string, unknown> {
  const file = path.join(project.directory, `Pulumi.${stack}.yaml`);
  if (!fs.existsSync(file)) {
    const known = stackNames(project.directory).join(", ") || "none";
    throw new UsageError(`There is no stack ${stack}. Known stacks: ${known}.`);
  }
  const document = parseDocument(fs.readFileSync(file, "utf8"));
  const problem = document.errors[0];
  if (problem !== undefined) throw new UsageError(`Pulumi.${stack}.yaml: ${problem.message}`);
  const values = new Map<string, unknown>();
  const config = document.get("config");
  if (!isMap(config)) return values;
  for (const { key, value } of config.items) {
    const data = isScalar(value)
      ? typeof value.value === "string"
        ? value.value
        : (value.source ?? "")
      : (value as { toJSON(): unknown } | null)?.toJSON();
    values.set(fullKey(project, String(key)), data ?? "");
  }
  return values;
}

/** Keys without a namespace belong to the project. */
function fullKey(project: Project, key: string): string {
  return key.includes(":") ? key : `${project.name}:${key}`;
}

/**
 * Pulumi would take such a key for two: it gives the program the declared default at the path, and
 * the stack's value under the flat name, and checks only the former. Nobody means that.
 */
function rejectShadowed(project: Project, stack: string, values: Map<string, unknown>) {
  const shadowed = project.declarations.filter(({ namespace, path: place }) => {
    return place.length > 1 && values.has(`${namespace}:${place.join(".")}`);
  });
  if (shadowed.length === 0) return;
  const names = shadowed.map(({ name }) => name).join(", ");
  throw new UsageError(
    `Pulumi.yaml declares ${names}. Pulumi reads a dot in a declared key as a path into an object, so it overlooks the keys of these names in Pulumi.${stack}.yaml and passes the defaults beside them. Name the keys without a dot.`,
  );
}

function applyDeclarations(project: Project, stack: string, values: Map<string, unknown>) {
  const missing: string[] = [];
  for (const declared of project.declarations) {
    const [root, rest] = rootOf(declared);
    if (valueAt(values.get(root), rest) !== undefined) continue;
    const { fallback } = declared;
    if (fallback !== undefined && fallback !== null)
      values.set(
        root,
        withValueAt(values.get(root), rest, rest.length > 0 ? fallback : toData(fallback)),
      );
    else if (declared.namespace === project.name) missing.push(declared.name);
  }
  if (missing.length > 0)
    throw new UsageError(
      `Stack '${stack}' is missing configuration ${missing.length === 1 ? "value" : "values"} ${listed(missing)}.`,
    );
  for (const declared of project.declarations) checkType(declared, stack, values);
}

function rootOf({ namespace, path: place }: Declaration): [string, Path] {
  const [first, ...rest] = place;
  return [`${namespace}:${first}`, rest];
}

/** Top-level values travel as text; only objects and arrays stay data. */
function toData(value: unknown): unknown {
  return typeof value === "object" ? value : String(value);
}

function listed(names: string[]): string {
  const quoted = names.sort().map((name) => `'${name}'`);
  const last = quoted.pop();
  return quoted.length === 0 ? `${last}` : `${quoted.join(", ")} and ${last}`;
}

function checkType(declared: Declaration, stack: string, values: Map<string, unknown>) {
  const { name, type, items, secret } = declared;
  if (type === undefined) return;
  const [root, rest] = rootOf(declared);
  const value = valueAt(values.get(root), rest);
  if (secret && !hasSecret(value))
    throw new UsageError(
      `Stack '${stack}' with configuration key '${name}' must be encrypted as it's secret.`,
    );
  if (!hasType(unlock(value, name), type, items))
    throw new UsageError(
      `Stack '${stack}' with configuration key '${name}' must be of type '${typeName(type, items)}'.`,
    );
}

function typeName(type: string, items: ItemType | undefined): string {
  return items === undefined ? type : `array<${typeName(items.type, items.items)}>`;
}

function hasType(value: unknown, type: string, items: ItemType | undefined): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value) || (typeof value === "string" && /^[+-]?\d+$/.test(value));
    case "boolean":
      return value === true || value === false || value === "true" || value === "false";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      if (!Array.isArray(value) || items === undefined) return false;
      return value.every((item) => hasType(item, items.type, items.items));
  }
}

function isSecret(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as { secure?: unknown }).secure === "string"
  );
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSecret(value) || Object.values(value).some(hasSecret);
}

/** The value with a placeholder for each secret in it. */
function unlock(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return `decrypted-value-of-${key.replaceAll(":", "-")}`;
  if (Array.isArray(value)) return value.map((item) => unlock(item, key));
  const entries = Object.entries(value).map(([name, item]) => [name, unlock(item, key)]);
  return Object.fromEntries(entries);
}

function asText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
