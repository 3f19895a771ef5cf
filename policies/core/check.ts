import { templateResources } from "../cloudformation/adapter";
import { covers, type Exemption, hasExpired, type Subject } from "./exemptions";
import type { Facts, Resource } from "./resource";
import { isAbout, isStackRule, type Level, levelOf, type ResourceRule, type Rule } from "./rule";

export interface Violation {
  rule: Rule;
  level: Level;
  resource: Resource;
  message: string;
}

export interface Exempted {
  violation: Violation;
  exemption: Exemption;
}

/** What the rules say about one stack. */
export interface Report {
  facts: Facts;
  rules: number;
  /** Resources that Pulumi makes, components not counted. */
  resources: number;
  /** Resources that CloudFormation templates make. */
  templateResources: number;
  /** What an expired exemption covered is among them. */
  violations: Violation[];
  exempted: Exempted[];
  /** Components whose children only a provider makes: no rule sees those before a deployment. */
  hidden: Resource[];
}

/** The stack's resources, and those that its CloudFormation templates make. */
export function withTemplates(resources: readonly Resource[]): Resource[] {
  return resources.flatMap((resource) => [resource, ...templateResources(resource)]);
}

/** Runs every rule over the resources of one stack. */
export function checkStack(
  rules: readonly Rule[],
  exemptions: readonly Exemption[],
  resources: readonly Resource[],
  facts: Facts,
): Report {
  const all = withTemplates(resources);
  const found = rules.flatMap((rule) => violationsOf(rule, all, facts));
  const templates = all.filter(({ template }) => template !== undefined).length;
  return {
    facts,
    rules: rules.length,
    resources: resources.filter(({ type }) => isMade(type)).length,
    templateResources: templates,
    ...sortOut(found, exemptions, facts),
    hidden: resources.filter(({ remote }) => remote),
  };
}

/** Not a component of ours, nor one of Pulumi's own resources. */
function isMade(type: string): boolean {
  return /^aws:/.test(type);
}

function violationsOf(rule: Rule, resources: readonly Resource[], facts: Facts): Violation[] {
  const level = levelOf(rule.severity, facts);
  const findings = isStackRule(rule)
    ? rule.checkStack(resources, facts)
    : resources.flatMap((resource) => findingsOf(rule, resource, facts));
  return findings.map(({ resource, message }) => ({ rule, level, resource, message }));
}

function findingsOf(rule: ResourceRule, resource: Resource, facts: Facts) {
  return messagesOf(rule, resource, facts).map((message) => ({ resource, message }));
}

/** What a rule says about one resource; nothing where it is about other types. */
export function messagesOf(rule: ResourceRule, resource: Resource, facts: Facts): string[] {
  return isAbout(rule, resource.type) ? rule.check(resource, facts) : [];
}

/** Tells violations from what is exempt. */
export function sortOut(
  found: readonly Violation[],
  exemptions: readonly Exemption[],
  facts: Facts,
): Pick<Report, "violations" | "exempted"> {
  const violations: Violation[] = [];
  const exempted: Exempted[] = [];
  for (const violation of found) {
    const exemption = exemptions.find((one) => covers(one, subjectOf(violation), facts));
    if (exemption === undefined) violations.push(violation);
    else if (hasExpired(exemption, facts)) violations.push(expired(violation, exemption));
    else exempted.push({ violation, exemption });
  }
  return { violations, exempted };
}

export function subjectOf({ rule, resource }: Violation): Subject {
  return { rule: rule.id, type: resource.type, name: resource.name };
}

function expired(violation: Violation, { until }: Exemption): Violation {
  const message = `${violation.message} Its exemption ended on ${until}: mend it, or renew the exemption with a reason.`;
  return { ...violation, message };
}

/** Exemptions of the environments looked at that cover nothing in them. */
export function unusedExemptions(
  exemptions: readonly Exemption[],
  reports: readonly Report[],
): Exemption[] {
  const used = new Set(reports.flatMap(({ exempted }) => exempted.map((one) => one.exemption)));
  const seen = reports.map(({ facts }) => facts.environment ?? "");
  return exemptions.filter(
    (one) => !used.has(one) && one.environments.some((environment) => seen.includes(environment)),
  );
}
