import type { Facts, Resource } from "./resource";

/** A violation stops a deployment, or is only shown. */
export type Level = "mandatory" | "advisory";

/**
 * How much a rule weighs, by environment. `mandatory-in-production` advises in the environments for
 * development and is mandatory in every other.
 */
export type Severity = "mandatory" | "mandatory-in-production" | "advisory";

/** Where a rule comes from, so that an auditor finds it again. */
export interface Controls {
  /** Requirements of PCI DSS v4.0.1. */
  pci?: readonly string[];
  /** Controls of AWS Security Hub. */
  securityHub?: readonly string[];
  /** Checks of checkov. */
  checkov?: readonly string[];
  /** Anything else, in words. */
  other?: readonly string[];
}

interface RuleHead {
  /** Stable: exemptions name it. */
  id: string;
  /** What holds where the rule is kept, as a sentence. */
  title: string;
  severity: Severity;
  controls: Controls;
}

/** Looks at one resource at a time, as the program declares it. */
export interface ResourceRule extends RuleHead {
  types: readonly string[] | "every AWS type";
  /**
   * A message for each violation: what is wrong with which value, what is allowed, what to change.
   * Unknown values violate nothing, missing ones do.
   */
  check(resource: Resource, facts: Facts): string[];
}

export interface StackFinding {
  resource: Resource;
  message: string;
}

/** Looks at how the resources of one stack belong together. */
export interface StackRule extends RuleHead {
  /** Types whose resources the rule can speak about. */
  types: readonly string[];
  checkStack(resources: readonly Resource[], facts: Facts): StackFinding[];
}

export type Rule = ResourceRule | StackRule;

/** Whether a rule has something to say about resources of the type. */
export function isAbout({ types }: Rule, type: string): boolean {
  return types === "every AWS type" ? type.startsWith("aws:") : types.includes(type);
}

export function isStackRule(rule: Rule): rule is StackRule {
  return "checkStack" in rule;
}

/** Environments for development: every other is taken for production. */
const RELAXED_ENVIRONMENTS: readonly string[] = ["dev"];

/** The date as rules and exemptions have it, such as `2026-11-28`; in UTC. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

export function factsOf(environment: string | undefined, today: string): Facts {
  const relaxed = environment !== undefined && RELAXED_ENVIRONMENTS.includes(environment);
  return { environment, relaxed, today };
}

export function levelOf(severity: Severity, { relaxed }: Facts): Level {
  if (severity === "mandatory-in-production") return relaxed ? "advisory" : "mandatory";
  return severity;
}
