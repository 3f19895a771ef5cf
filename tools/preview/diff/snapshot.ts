import { readConfiguration } from "../../evaluate/configuration";
import { type Evaluation, evaluateWithUpstream } from "../../evaluate/evaluate";
import { readProject, stackNames } from "../../evaluate/project";
import type { RegisteredResource } from "../../evaluate/registration";
import type { Properties } from "../../evaluate/values";
import { checkPolicies } from "../policies";
import { policiesJson, type ViolationJson } from "../policiesJson";
import { mask } from "./mask";

/** What one revision would deploy, as plain data that travels between processes. No secret is in it. */
export interface Snapshot {
  /** Stacks that others read from come first. Empty: the revision has no such stack. */
  stacks: StackSnapshot[];
  violations: ViolationJson[];
  /** What is wrong with the policies' exemptions. */
  mistakes: string[];
}

export interface StackSnapshot {
  stack: string;
  /** The project's own configuration, as text, without the project's name in front. */
  settings: { [key: string]: string };
  resources: ResourceSnapshot[];
}

export interface ResourceSnapshot {
  /** What Pulumi knows a resource by; for a template's resource that of its stack, `/` and its id. */
  urn: string;
  /** Pulumi's type token; CloudFormation's for a template's resource. */
  type: string;
  /** Logical name; `<stack>/<logical id>` for a template's resource. */
  name: string;
  /** Names of the components around it, outermost first. */
  within: string[];
  /** False for a component: nothing in AWS is one. */
  made: boolean;
  inputs: Properties;
  protect: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  /** URNs that each input is made from. */
  madeFrom: { [input: string]: string[] };
}

export interface SnapshotRequest {
  /** Holds Pulumi.yaml. */
  directory: string;
  stack: string;
  /** For the marks that stand for secrets; the same for both revisions. */
  key: string;
}

/** Evaluates a stack, what it reads from, and what the policies say. Rejects with the program's error. */
export async function takeSnapshot({ directory, stack, key }: SnapshotRequest): Promise<Snapshot> {
  const project = readProject(directory);
  if (!stackNames(directory).includes(stack)) return { stacks: [], violations: [], mistakes: [] };
  const evaluations = await evaluateWithUpstream({ directory, stack });
  const { violations, mistakes } = policiesJson(checkPolicies(evaluations, new Date()));
  const stacks = evaluations.map((evaluation) => ({
    stack: evaluation.stack,
    settings: settingsOf(evaluation, directory),
    resources: resourcesOf(evaluation, (value) => mask(value, key, project.directory)),
  }));
  return { stacks, violations, mistakes };
}

function settingsOf({ stack, project }: Evaluation, directory: string): { [key: string]: string } {
  const { values, secretKeys } = readConfiguration(readProject(directory), stack);
  const own = Object.entries(values).filter(([key]) => key.startsWith(`${project}:`));
  return Object.fromEntries(
    own.map(([key, value]) => [
      key.slice(project.length + 1),
      secretKeys.includes(key) ? "[secret]" : value,
    ]),
  );
}

function resourcesOf({ resources }: Evaluation, masked: (value: unknown) => unknown) {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources.flatMap((resource) => {
    const { urn, type, name, custom, remote, inputs, options, propertyDependencies } = resource;
    return withTemplate({
      ...{ urn, type, name },
      within: around(resource, byUrn),
      made: custom || remote,
      inputs: masked(inputs) as Properties,
      protect: options.protect,
      ignoreChanges: options.ignoreChanges,
      replaceOnChanges: options.replaceOnChanges,
      madeFrom: propertyDependencies,
    });
  });
}

function around({ parent }: RegisteredResource, byUrn: Map<string, RegisteredResource>): string[] {
  const names: string[] = [];
  for (let urn = parent; urn !== undefined; urn = byUrn.get(urn)?.parent)
    names.unshift(byUrn.get(urn)?.name ?? urn);
  return names;
}

interface Template {
  Resources?: { [id: string]: { Type: string; Properties?: Properties } };
}

/** A CloudFormation stack, and what its template makes as resources of their own. */
export function withTemplate(stack: ResourceSnapshot): ResourceSnapshot[] {
  if (stack.type !== "aws:cloudformation/stack:Stack") return [stack];
  const { Resources = {}, ...rest } = parsed(stack.inputs.templateBody);
  const made = Object.entries(Resources).map(([id, { Type, Properties = {}, ...attributes }]) => ({
    ...stack,
    urn: `${stack.urn}/${id}`,
    type: Type,
    name: `${stack.name}/${id}`,
    within: [...stack.within, stack.name],
    inputs: { ...Properties, ...attributes },
    ...{ protect: false, ignoreChanges: [], replaceOnChanges: [], madeFrom: {} },
  }));
  const inputs = made.length > 0 ? { ...stack.inputs, templateBody: rest } : stack.inputs;
  return [{ ...stack, inputs }, ...made];
}

/** The body is unknown where it depends on something not yet made. */
function parsed(body: unknown): Template {
  try {
    return typeof body === "string" ? (JSON.parse(body) as Template) : {};
  } catch {
    return {};
  }
}
