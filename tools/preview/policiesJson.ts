import type { Violation } from "../../policies/core/check";
import type { Exemption } from "../../policies/core/exemptions";
import type { Controls, Level } from "../../policies/core/rule";
import type { PolicyResult } from "./policies";

/** What the policies say, for machines. */
export interface PoliciesJson {
  rules: number;
  resources: number;
  /** In nested CloudFormation templates. */
  templateResources: number;
  violations: ViolationJson[];
  exempted: (ViolationJson & Pick<Exemption, "reason" | "until">)[];
  unusedExemptions: Exemption[];
  /** What is wrong with the exemptions themselves. */
  mistakes: string[];
  /** Components whose children only a provider makes. */
  notVisible: { stack: string; type: string; name: string }[];
}

export interface ViolationJson {
  stack: string;
  rule: string;
  level: Level;
  controls: Controls;
  type: string;
  /** Logical name; `<stack>/<logical id>` in a nested template. */
  name: string;
  urn: string;
  message: string;
}

export function policiesJson({ stacks, unused, mistakes }: PolicyResult): PoliciesJson {
  const sum = (of: "resources" | "templateResources") =>
    stacks.reduce((total, { report }) => total + report[of], 0);
  return {
    rules: Math.max(0, ...stacks.map(({ report }) => report.rules)),
    resources: sum("resources"),
    templateResources: sum("templateResources"),
    violations: stacks.flatMap(({ stack, report }) =>
      report.violations.map((violation) => violationJson(stack, violation)),
    ),
    exempted: stacks.flatMap(({ stack, report }) =>
      report.exempted.map(({ violation, exemption: { reason, until } }) => {
        return { ...violationJson(stack, violation), reason, until };
      }),
    ),
    unusedExemptions: unused,
    mistakes,
    notVisible: stacks.flatMap(({ stack, report }) =>
      report.hidden.map(({ type, name }) => ({ stack, type, name })),
    ),
  };
}

function violationJson(stack: string, { rule, level, resource, message }: Violation) {
  const { id, controls } = rule;
  const { type, name, urn } = resource;
  return { stack, rule: id, level, controls, type, name, urn, message };
}
