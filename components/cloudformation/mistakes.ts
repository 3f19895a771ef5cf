import { looksSecret, showsSecret } from "./secrets";
import type { Template, TemplateParameter } from "./template";

/** CloudFormation's limit for a template that is passed inline, in bytes (its quotas page). */
export const TEMPLATE_BYTES_MAX = 51_200;

export interface StackRequest {
  template: Template;
  /** Names of the parameters that are given. */
  given: string[];
  protectedResources: string[];
}

/** Everything that CloudFormation would refuse late, or take although it should not. */
export function mistakesIn({ template, given, protectedResources }: StackRequest): string[] {
  const { Parameters = {}, Outputs = {} } = template;
  return [
    ...sizeMistakes(template),
    ...parameterMistakes(Parameters, given),
    ...secretParameters(Parameters),
    ...secretOutputs(Outputs),
    ...protectionMistakes(template, protectedResources),
  ];
}

function sizeMistakes(template: Template): string[] {
  const bytes = templateBytes(template);
  if (bytes <= TEMPLATE_BYTES_MAX) return [];
  return [
    `template: got ${bytes} bytes, allowed are ${TEMPLATE_BYTES_MAX}. Split it into two nested stacks.`,
  ];
}

/** Size of the template as the provider sends it, which writes these characters as six each. */
export function templateBytes(template: Template): number {
  const text = JSON.stringify(template).replace(/[<>&\u2028\u2029]/g, "\\u0000");
  return Buffer.byteLength(text);
}

function parameterMistakes(
  declared: { [name: string]: TemplateParameter },
  given: string[],
): string[] {
  const unknown = given
    .filter((name) => !Object.hasOwn(declared, name))
    .map(
      (name) =>
        `parameter ${name}: got a value, but the template declares ${list(declared)}. Correct the name, or declare it.`,
    );
  const missing = Object.entries(declared)
    .filter(([name, { Default }]) => Default === undefined && !given.includes(name))
    .map(([name]) => `parameter ${name}: got nothing, and it has no Default. Give it a value.`);
  return [...unknown, ...missing];
}

/** NoEcho is no way out: the value would still stand in Pulumi's state and in the request. */
function secretParameters(declared: { [name: string]: TemplateParameter }): string[] {
  return Object.entries(declared)
    .filter(([name, { NoEcho }]) => NoEcho === true || looksSecret(name))
    .map(
      ([name]) =>
        `parameter ${name}: looks secret, and a parameter is no place for a secret. Pass the secret's ARN instead.`,
    );
}

function secretOutputs(outputs: NonNullable<Template["Outputs"]>): string[] {
  return Object.entries(outputs)
    .filter(([name, { Value }]) => looksSecret(name) || showsSecret(Value))
    .map(
      ([name]) =>
        `output ${name}: looks secret, but outputs are readable. Put out the secret's ARN instead.`,
    );
}

function protectionMistakes({ Resources }: Template, ids: string[]): string[] {
  return ids
    .filter((id) => !Object.hasOwn(Resources, id))
    .map(
      (id) =>
        `protected resource ${id}: not in the template, which defines ${list(Resources)}. Correct the name, or stop protecting it.`,
    );
}

function list(named: object): string {
  return Object.keys(named).join(", ") || "none";
}
