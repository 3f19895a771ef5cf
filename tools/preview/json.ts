import type { Evaluation } from "../evaluate/evaluate";
import type { RegisteredResource } from "../evaluate/registration";
import { type Properties, redact, secret } from "../evaluate/values";
import type { PolicyResult } from "./policies";
import { type PoliciesJson, policiesJson } from "./policiesJson";

/** The plan for machines: what `--json` prints. Secrets are left out. */
export interface PreviewJson {
  /** Stacks that others read from come first. */
  stacks: StackJson[];
  /** Left out where nobody asked the policies. */
  policies?: PoliciesJson;
}

export interface StackJson {
  stack: string;
  resources: ResourceJson[];
  outputs: Properties;
}

export interface ResourceJson {
  urn: string;
  type: string;
  name: string;
  /** URN of the component; null directly under the stack. */
  parent: string | null;
  custom: boolean;
  remote: boolean;
  inputs: Properties;
  options: {
    protect: boolean;
    ignoreChanges: string[];
    dependsOn: string[];
    provider: string;
  };
}

export function previewJson(evaluations: Evaluation[], policies?: PolicyResult): PreviewJson {
  return {
    stacks: evaluations.map((evaluation) => ({
      stack: evaluation.stack,
      resources: evaluation.resources.map(resourceJson),
      outputs: shownOutputs(evaluation),
    })),
    ...(policies && { policies: policiesJson(policies) }),
  };
}

/** A stack's outputs with `[secret]` in the place of each secret. */
export function shownOutputs({ outputs, secretOutputs }: Evaluation): Properties {
  const entries = Object.entries(outputs).map(([name, value]) => [
    name,
    redact(secretOutputs.includes(name) ? secret(value) : value),
  ]);
  return Object.fromEntries(entries);
}

function resourceJson(resource: RegisteredResource): ResourceJson {
  const { urn, type, name, parent, custom, remote, inputs } = resource;
  const { protect, ignoreChanges, dependsOn, provider } = resource.options;
  return {
    urn,
    type,
    name,
    parent: parent ?? null,
    custom,
    remote,
    inputs: redact(inputs) as Properties,
    options: { protect, ignoreChanges, dependsOn, provider },
  };
}
