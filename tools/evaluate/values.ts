import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

const {
  specialSigKey: MARK,
  specialSecretSig: SECRET,
  specialAssetSig: ASSET,
  specialArchiveSig: ARCHIVE,
  specialResourceSig: RESOURCE,
} = pulumi.runtime;

/** Stands for a value that is known only after the deployment (previews only). */
export const UNKNOWN: string = pulumi.runtime.unknownValue;

/** Properties of a resource. Secrets in them are wrapped: see `isSecret` and `reveal`. */
export type Properties = { [name: string]: unknown };

/** A value that Pulumi keeps encrypted. */
export interface Secret {
  value: unknown;
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}

export function isSecret(value: unknown): value is Secret {
  return isObject(value) && value[MARK] === SECRET;
}

export function secret(value: unknown): Secret {
  return { [MARK]: SECRET, value } as unknown as Secret;
}

/** Whether there is a secret anywhere in the value. */
export function holdsSecret(value: unknown): boolean {
  if (!isObject(value) || isAssetOrArchive(value)) return false;
  return isSecret(value) || Object.values(value).some(holdsSecret);
}

function isAssetOrArchive(value: unknown): boolean {
  return pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value);
}

/** Copies the value; `replace` may put something else in the place of an object. */
function transform(value: unknown, replace: (object: Properties) => unknown): unknown {
  if (!isObject(value)) return value;
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((item) => transform(item, replace));
  const entries = Object.entries(value).map(([name, item]) => [name, transform(item, replace)]);
  return Object.fromEntries(entries);
}

/** Texts that stand for assets and archives where people read them. */
const descriptions = new WeakMap<object, string>();

/** Reads a value as it travels between program and engine. */
export function decode<T = unknown>(wire: T): T {
  return transform(wire, (object) => {
    switch (object[MARK]) {
      case ASSET:
      case ARCHIVE: {
        const asset = pulumi.runtime.deserializeProperty(object) as object;
        descriptions.set(asset, describeFiles(object));
        return asset;
      }
      case RESOURCE:
        return object.id || object.urn;
      default:
        return undefined;
    }
  }) as T;
}

function describeFiles(wire: Properties): string {
  const files = isObject(wire.assets) ? Object.keys(wire.assets) : [];
  const hash = createHash("sha256").update(JSON.stringify(wire)).digest("hex").slice(0, 12);
  return `[files${files.map((name) => ` ${name}`).join("")} sha256:${hash}]`;
}

/** The value with every secret unwrapped. */
export function reveal<T = unknown>(value: unknown): T {
  return transform(value, (object) => {
    if (isAssetOrArchive(object)) return object;
    return isSecret(object) ? reveal(object.value) : undefined;
  }) as T;
}

/** The value for people and files: no secret in it, and files as a short text. */
export function redact(value: unknown): unknown {
  const shown = transform(value, (object) => {
    if (isSecret(object)) return "[secret]";
    if (isAssetOrArchive(object)) return descriptions.get(object) ?? "[files]";
    return undefined;
  });
  return markUnknown(shown);
}

function markUnknown(value: unknown): unknown {
  if (value === UNKNOWN) return "[unknown]";
  if (Array.isArray(value)) return value.map(markUnknown);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, markUnknown(item)]));
}
