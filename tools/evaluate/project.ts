import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { type Path, parsePath } from "./paths";

/** What was asked for cannot be done as asked: the message says why, and no stack trace helps. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A configuration key as Pulumi.yaml declares it. */
export interface Declaration {
  /** As written in Pulumi.yaml. */
  name: string;
  namespace: string;
  /** Where in the namespace the value belongs: Pulumi reads a dot in a declared name as a path. */
  path: Path;
  type: string | undefined;
  items: ItemType | undefined;
  secret: boolean;
  /** Used where the stack gives nothing; undefined: the stack must give it, if the key is our own. */
  fallback: unknown;
}

export interface ItemType {
  type: string;
  items?: ItemType;
}

/** What Pulumi.yaml says. */
export interface Project {
  directory: string;
  name: string;
  /** The program's file or folder, absolute. */
  main: string;
  /** Arguments that the Node process of the program gets. */
  nodeArguments: string[];
  declarations: Declaration[];
}

interface ProjectFile {
  name?: string;
  main?: string;
  runtime?: string | { options?: { nodeargs?: string } };
  config?: { [key: string]: unknown };
}

export function readProject(directory: string): Project {
  const file = path.join(directory, "Pulumi.yaml");
  if (!fs.existsSync(file)) throw new UsageError(`There is no Pulumi.yaml in ${directory}.`);
  const content = (parse(fs.readFileSync(file, "utf8")) ?? {}) as ProjectFile;
  const { name, runtime } = content;
  if (!name) throw new UsageError(`${file} gives the project no name.`);
  const options = typeof runtime === "object" ? runtime.options : undefined;
  return {
    directory: path.resolve(directory),
    name,
    main: path.resolve(directory, content.main ?? "index.ts"),
    nodeArguments: options?.nodeargs?.split(/\s+/).filter(Boolean) ?? [],
    declarations: Object.entries(content.config ?? {}).map(([key, value]) =>
      declaration(name, key, value),
    ),
  };
}

/** The stacks that have a configuration file. */
export function stackNames(directory: string): string[] {
  return fs
    .readdirSync(directory)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

function declaration(project: string, name: string, value: unknown): Declaration {
  const separator = name.indexOf(":");
  const namespace = separator < 0 ? project : name.slice(0, separator);
  const place = parsePath(name.slice(separator + 1));
  if (place === undefined || typeof place[0] !== "string")
    throw new UsageError(`Pulumi.yaml: ${name} is not a configuration key.`);
  const details = detailsOf(name, namespace === project, value);
  return { name, namespace, path: place, ...details };
}

/** A declaration without details is the value itself; Pulumi tells the two apart by their type. */
function detailsOf(name: string, own: boolean, value: unknown) {
  const shorthand = typeof value !== "object" || value === null || Array.isArray(value);
  if (shorthand) return { type: undefined, items: undefined, secret: false, fallback: value };
  const details = value as {
    type?: string;
    items?: ItemType;
    secret?: boolean;
    default?: unknown;
    value?: unknown;
  };
  if (!own && details.value === undefined)
    throw new UsageError(
      `Pulumi.yaml: ${name} belongs to another namespace, so it needs "value" and nothing else.`,
    );
  const { type, items, secret = false } = details;
  return { type, items, secret, fallback: details.default ?? details.value };
}
