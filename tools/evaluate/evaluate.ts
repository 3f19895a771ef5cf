import * as pulumi from "@pulumi/pulumi";
import { type Configuration, readConfiguration } from "./configuration";
import { loadProgram } from "./load";
import { inQuietProcess } from "./process";
import { type Project, readProject, UsageError } from "./project";
import { type Call, Recorder, type StackOutputs } from "./recorder";
import type { RegisteredResource } from "./registration";
import {
  answerCallbacksLocally,
  replaceMonitorMethods,
  unary,
  untilQuiet,
  withOwnRuntime,
} from "./sdk";

/** Everything that a stack's program would tell the Pulumi engine. */
export interface Evaluation extends StackOutputs {
  organization: string;
  project: string;
  stack: string;
  /** In the order of registration; the stack itself is not among them. */
  resources: RegisteredResource[];
  /** Questions to providers, such as for the account's id. */
  calls: Call[];
}

export interface EvaluateOptions {
  /** Holds Pulumi.yaml. */
  directory: string;
  stack: string;
  /** @default "organization", as with backends that have none */
  organization?: string;
  /** Answers as `pulumi preview` would: ids and computed outputs are unknown. @default false */
  preview?: boolean;
  /** Configuration that stands above the stack's file; lists and maps as data. */
  overrides?: { [key: string]: unknown };
  /** Evaluations of the stacks that this one reads from. */
  upstream?: Evaluation[];
}

/**
 * Runs a stack's program in this process, without Pulumi's engine or AWS. Rejects with the
 * program's own error.
 */
export async function evaluateStack(options: EvaluateOptions): Promise<Evaluation> {
  const project = readProject(options.directory);
  const configuration = readConfiguration(project, options.stack, options.overrides);
  return evaluateProgram(() => loadProgram(project), {
    ...options,
    directory: project.directory,
    project: project.name,
    configuration,
  });
}

/**
 * Evaluates the stacks that a stack reads from, lowest first, and then the stack itself. Overrides
 * are for the last one alone.
 */
export async function evaluateWithUpstream(options: EvaluateOptions): Promise<Evaluation[]> {
  const evaluations: Evaluation[] = [];
  for (const link of upstreamChain(options)) {
    const upstream = [...(options.upstream ?? []), ...evaluations];
    evaluations.push(await evaluateStack({ ...options, ...link, upstream }));
  }
  return evaluations;
}

type Link = Pick<EvaluateOptions, "stack" | "organization" | "overrides">;

/** The stack and all below it, lowest first. */
function upstreamChain(options: EvaluateOptions): Link[] {
  const project = readProject(options.directory);
  const { stack, organization, overrides } = options;
  const chain: Link[] = [];
  let link: Link | undefined = { stack, organization, overrides };
  while (link !== undefined) {
    const next: Link = link;
    const circle = chain.some((one) => one.stack === next.stack);
    chain.unshift(next);
    if (circle) {
      const names = chain.map((one) => one.stack).join(" <- ");
      throw new UsageError(`The stacks read from each other in a circle: ${names}.`);
    }
    const { values } = readConfiguration(project, next.stack, next.overrides);
    link = upstreamOf(values[`${project.name}:upstream`] ?? "", project, next);
  }
  return chain;
}

/** Reads `stack`, `project/stack` or `organization/project/stack`. */
function upstreamOf(name: string, project: Project, reader: Link): Link | undefined {
  if (name === "") return undefined;
  const [stack = "", owner = project.name, organization = reader.organization] = name
    .split("/")
    .reverse();
  if (owner !== project.name)
    throw new UsageError(
      `Stack ${reader.stack} reads from ${name}, which belongs to another project: its program is not here to evaluate.`,
    );
  return { stack, organization, overrides: undefined };
}

export interface ProgramOptions {
  project: string;
  stack: string;
  configuration: Configuration;
  organization?: string;
  preview?: boolean;
  upstream?: Evaluation[];
  directory?: string;
}

/** Runs any function as a Pulumi program. What it returns are the stack's outputs. */
export function evaluateProgram(
  program: () => unknown,
  options: ProgramOptions,
): Promise<Evaluation> {
  const { project, stack, configuration, preview = false, organization = "organization" } = options;
  const upstream = Object.fromEntries(
    (options.upstream ?? []).map((one) => [`${one.organization}/${one.project}/${one.stack}`, one]),
  );
  const region = configuration.values["aws:region"] ?? "us-east-1";
  const recorder = new Recorder({ project, stack, region, preview, upstream });
  const run = () =>
    withOwnRuntime(async () => {
      pulumi.runtime.setAllConfig(configuration.values, configuration.secretKeys);
      await pulumi.runtime.setMocks(NO_MOCKS, project, stack, preview, organization);
      answerCallbacksLocally();
      attach(recorder);
      await pulumi.runtime.runInPulumiStack(async () => program());
      await settle(recorder);
    });
  return inQuietProcess(options.directory, run).then(() => {
    const { resources, outputs, secretOutputs, calls } = recorder;
    return { organization, project, stack, resources, outputs, secretOutputs, calls };
  });
}

/** The SDK wants mocks, but every call that would reach them is the recorder's. */
const NO_MOCKS: pulumi.runtime.Mocks = {
  newResource: () => unreachable(),
  call: () => unreachable(),
};

function unreachable(): never {
  throw new Error("an offline evaluation has no answer to this call");
}

function attach(recorder: Recorder): void {
  replaceMonitorMethods({
    registerResource: unary(recorder.register.bind(recorder)),
    readResource: unary(recorder.read.bind(recorder)),
    invoke: unary(recorder.invoke.bind(recorder)),
    registerResourceOutputs: unary(recorder.complete.bind(recorder)),
  });
}

/** Waits for registrations that started late, until a round brings no new one. */
async function settle(recorder: Recorder): Promise<void> {
  let seen = -1;
  while (seen !== recorder.resources.length) {
    seen = recorder.resources.length;
    await untilQuiet();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
