import { COLORS, type Color, type Plan, planMistakes } from "../../lambdas/cutover/contract";
import { UsageError } from "../evaluate/project";
import { type Properties, reveal } from "../evaluate/values";

/** What an environment's controller is told, as far as a rehearsal needs it. */
export interface CutoverSettings {
  plan: Plan;
  /** The color that carries everything when the environment is made. */
  live: Color;
  tickSeconds: number;
}

/** The part of a recorded resource that is read here. */
export interface RecordedResource {
  type: string;
  inputs: Properties;
}

const FUNCTION_TYPE = "aws:lambda/function:Function";

/**
 * The settings that the evaluated program gives its cutover function; undefined when the stack has
 * none. Read from the function itself, so that what is rehearsed is what would be deployed.
 */
export function cutoverSettings(resources: RecordedResource[]): CutoverSettings | undefined {
  const variables = resources
    .filter(({ type }) => type === FUNCTION_TYPE)
    .map(variablesOf)
    .find((found) => found.PAYMENTS_PLAN !== undefined);
  if (variables === undefined) return undefined;
  return {
    plan: readPlan(variables.PAYMENTS_PLAN),
    live: readColor(variables.PAYMENTS_INITIAL_LIVE),
    tickSeconds: readTickSeconds(variables.PAYMENTS_TICK_SECONDS),
  };
}

function variablesOf({ inputs }: RecordedResource): Properties {
  const environment = reveal(inputs.environment) as { variables?: Properties } | undefined;
  return environment?.variables ?? {};
}

function readPlan(text: unknown): Plan {
  const plan = parse(text);
  const mistakes = planMistakes(plan);
  if (mistakes.length > 0)
    throw new UsageError(`The cutover's plan cannot run: ${mistakes.join("; ")}.`);
  return plan;
}

function parse(text: unknown): Plan {
  try {
    return JSON.parse(String(text)) as Plan;
  } catch {
    throw new UsageError(`The cutover function's PAYMENTS_PLAN must be JSON, got ${text}.`);
  }
}

function readColor(text: unknown): Color {
  const color = COLORS.find((known) => known === text);
  if (color !== undefined) return color;
  throw new UsageError(
    `The cutover function's PAYMENTS_INITIAL_LIVE must be blue or green, got ${text}.`,
  );
}

function readTickSeconds(text: unknown): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new UsageError(
    `The cutover function's PAYMENTS_TICK_SECONDS must be a number above 0, got ${text}.`,
  );
}
