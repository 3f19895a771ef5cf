import { COLORS, type Color } from "../contract";
import { RELEASE_MODES, type ReleaseProperties } from "./contract";
import type { ReturnAddress, Wish } from "./memory";

/** A request of CloudFormation for the release gate. */
export interface GateEvent {
  address: ReturnAddress;
  /** Undefined where the resource goes, or where there are mistakes. */
  wish?: Wish;
  /** Why it cannot be understood, as sentences; empty when it can. */
  mistakes: string[];
}

/** Names of the properties that tell what runs in a color. */
const NAMES = {
  blue: { service: "BlueServiceArn", task: "BlueTaskArn" },
  green: { service: "GreenServiceArn", task: "GreenTaskArn" },
} as const;

type Properties = { [name in keyof ReleaseProperties]?: unknown };

/**
 * A request of CloudFormation; undefined for any other event. Throws where not even a refusal could be
 * sent. A resource that goes is never asked for its properties: what cannot be deleted stays for ever.
 * @param environment the one that this controller serves
 */
export function readGateEvent(event: unknown, environment: string): GateEvent | undefined {
  const fields = (event ?? {}) as { [name: string]: unknown };
  const { RequestType, ResponseURL } = fields;
  if (typeof RequestType !== "string" || typeof ResponseURL !== "string") return undefined;
  if (!ResponseURL.startsWith("https://") || !URL.canParse(ResponseURL))
    throw new Error("ResponseURL must be an address with https: nothing can be answered");
  const address = readAddress(fields, ResponseURL, environment);
  if (RequestType === "Delete") return { address, mistakes: [] };
  const mistakes = eventMistakes(fields, environment);
  if (mistakes.length > 0) return { address, mistakes };
  return { address, wish: readWish(fields, RequestType), mistakes };
}

/**
 * The resource keeps the name that it was once given, whatever changes: with another one
 * CloudFormation would take the old resource for replaced, and delete it.
 */
function readAddress(
  fields: { [name: string]: unknown },
  responseUrl: string,
  environment: string,
): ReturnAddress {
  const text = (name: string) => String(fields[name] ?? "");
  return {
    requestId: text("RequestId"),
    stackId: text("StackId"),
    logicalResourceId: text("LogicalResourceId"),
    physicalResourceId: text("PhysicalResourceId") || `payments-release-gate-${environment}`,
    responseUrl,
  };
}

function eventMistakes(fields: { [name: string]: unknown }, environment: string): string[] {
  const { RequestType } = fields;
  const properties = propertiesOf(fields.ResourceProperties);
  const { Environment, Live, Mode } = properties;
  const mistakes: string[] = [];
  for (const name of ["RequestId", "StackId", "LogicalResourceId"])
    if (!isText(fields[name])) mistakes.push(`${name} must be a text, got ${fields[name]}.`);
  if (RequestType !== "Create" && RequestType !== "Update")
    mistakes.push(`RequestType must be Create, Update or Delete, got ${RequestType}.`);
  if (Environment !== environment)
    mistakes.push(
      `Environment must be ${environment}, which this function serves, got ${Environment}.`,
    );
  if (!isColor(Live)) mistakes.push(`Live must be ${COLORS.join(" or ")}, got ${Live}.`);
  if (!isMode(Mode)) mistakes.push(`Mode must be ${RELEASE_MODES.join(" or ")}, got ${Mode}.`);
  for (const name of COLORS.flatMap((color) => Object.values(NAMES[color])))
    if (!isText(properties[name]))
      mistakes.push(`${name} must be an ARN, got ${properties[name]}.`);
  return mistakes;
}

/** Checked before. What the stack had before is not: an older program may have written it. */
function readWish(fields: { [name: string]: unknown }, requestType: string): Wish {
  const now = propertiesOf(fields.ResourceProperties);
  const before = propertiesOf(fields.OldResourceProperties);
  const kind = requestType === "Create" ? "create" : "update";
  const live = now.Live as Color;
  const { service, task } = NAMES[live];
  const changed = (color: Color) => {
    const name = NAMES[color].task;
    return isText(before[name]) && before[name] !== now[name];
  };
  return {
    kind,
    live,
    ...(isColor(before.Live) && { previousLive: before.Live }),
    mode: isMode(now.Mode) ? now.Mode : "attached",
    service: { serviceArn: String(now[service]), taskArn: String(now[task]) },
    changed: COLORS.filter(changed),
  };
}

function propertiesOf(value: unknown): Properties {
  return typeof value === "object" && value !== null ? value : {};
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isColor(value: unknown): value is Color {
  return (COLORS as readonly unknown[]).includes(value);
}

function isMode(value: unknown): value is Wish["mode"] {
  return (RELEASE_MODES as readonly unknown[]).includes(value);
}
