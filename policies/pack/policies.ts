import type {
  Policies,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { templateResources } from "../cloudformation/adapter";
import { checkStack, messagesOf, sortOut, type Violation } from "../core/check";
import { type Exemption, exemptionMistakes } from "../core/exemptions";
import type { Facts, Resource } from "../core/resource";
import {
  type Controls,
  isStackRule,
  levelOf,
  type ResourceRule,
  type Rule,
  type StackRule,
} from "../core/rule";
import { declaredResource, deployedResource } from "./resources";

/** The rules as Pulumi takes them: one policy each, and two about their exemptions. */
export function policiesFor(
  rules: readonly Rule[],
  exemptions: readonly Exemption[],
  facts: Facts,
): Policies {
  const policies = rules.map((rule) =>
    isStackRule(rule)
      ? stackPolicy(rule, exemptions, facts)
      : resourcePolicy(rule, exemptions, facts),
  );
  return [
    ...policies,
    exemptionsShown(rules, exemptions, facts),
    exemptionsValid(rules, exemptions, facts),
  ];
}

function head({ id, title, severity, controls }: Rule, facts: Facts) {
  return {
    name: id,
    description: title,
    enforcementLevel: levelOf(severity, facts),
    tags: controlNames(controls),
  };
}

function controlNames({ pci = [], securityHub = [], checkov = [] }: Controls): string[] {
  return [...pci.map((one) => `PCI DSS ${one}`), ...securityHub, ...checkov];
}

function resourcePolicy(
  rule: ResourceRule,
  exemptions: readonly Exemption[],
  facts: Facts,
): ResourceValidationPolicy {
  return {
    ...head(rule, facts),
    validateResource: (args, report) => {
      const declared = declaredResource(args);
      const found = [declared, ...templateResources(declared)].flatMap((resource) =>
        messagesOf(rule, resource, facts).map((message) =>
          violationOf(rule, resource, message, facts),
        ),
      );
      reportAll(sortOut(found, exemptions, facts).violations, report);
    },
  };
}

function violationOf(rule: Rule, resource: Resource, message: string, facts: Facts): Violation {
  return { rule, level: levelOf(rule.severity, facts), resource, message };
}

function stackPolicy(
  rule: StackRule,
  exemptions: readonly Exemption[],
  facts: Facts,
): StackValidationPolicy {
  return {
    ...head(rule, facts),
    validateStack: ({ resources }, report) => {
      const deployed = resources.map(deployedResource);
      reportAll(checkStack([rule], exemptions, deployed, facts).violations, report);
    },
  };
}

function reportAll(violations: readonly Violation[], report: ReportViolation): void {
  for (const { resource, message } of violations) report(located(resource, message), resource.urn);
}

/** Pulumi names the CloudFormation stack; this names the resource inside. */
function located({ template, name }: Resource, message: string): string {
  return template === undefined ? message : `${name}: ${message}`;
}

/** Tells what is exempt, why and until when, with every preview and every deployment. */
function exemptionsShown(
  rules: readonly Rule[],
  exemptions: readonly Exemption[],
  facts: Facts,
): StackValidationPolicy {
  return {
    name: "exemptions",
    description: "Violations that are accepted for a while",
    enforcementLevel: "advisory",
    validateStack: ({ resources }, report) => {
      const deployed = resources.map(deployedResource);
      for (const { violation, exemption } of checkStack(rules, exemptions, deployed, facts)
        .exempted)
        report(
          `${violation.rule.id} is exempt until ${exemption.until}: ${exemption.reason}`,
          violation.resource.urn,
        );
    },
  };
}

/** An exemption that is none stops a deployment. */
function exemptionsValid(
  rules: readonly Rule[],
  exemptions: readonly Exemption[],
  facts: Facts,
): StackValidationPolicy {
  const ids = rules.map(({ id }) => id);
  return {
    name: "exemptions-valid",
    description:
      "Every exemption names a rule, a resource, a reason and an end within twelve months",
    enforcementLevel: "mandatory",
    validateStack: (_, report) => {
      for (const mistake of exemptionMistakes(exemptions, ids, facts.today)) report(mistake);
    },
  };
}
