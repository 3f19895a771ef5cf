import { asset } from "@pulumi/pulumi";
import { checkStack, type Report, unusedExemptions } from "../../policies/core/check";
import { type Exemption, exemptionMistakes } from "../../policies/core/exemptions";
import type { Resource } from "../../policies/core/resource";
import { dayOf, factsOf } from "../../policies/core/rule";
import { type Properties, UNKNOWN, type Value } from "../../policies/core/values";
import { EXEMPTIONS } from "../../policies/exemptions";
import { RULE_IDS, RULES } from "../../policies/rules";
import type { Evaluation } from "../evaluate/evaluate";
import type { RegisteredResource } from "../evaluate/registration";
import { reveal, UNKNOWN as UNKNOWN_TEXT } from "../evaluate/values";

/** What the policies say about some stacks, and about their own exemptions. */
export interface PolicyResult {
  /** One for each stack, in the order of the evaluations. */
  stacks: { stack: string; report: Report }[];
  /** Exemptions for an environment looked at that cover nothing in these stacks. */
  unused: Exemption[];
  /** What is wrong with the exemptions themselves; nothing passes with such mistakes. */
  mistakes: string[];
}

/** Runs the policy pack's rules in this process. @param now decides which exemptions have ended */
export function checkPolicies(
  evaluations: readonly Evaluation[],
  now: Date,
  exemptions: readonly Exemption[] = EXEMPTIONS,
): PolicyResult {
  const today = dayOf(now);
  const stacks = evaluations.map((evaluation) => {
    const facts = factsOf(environmentOf(evaluation), today);
    const resources = evaluation.resources.map(neutral);
    return {
      stack: evaluation.stack,
      report: checkStack(RULES, exemptions, resources, facts),
    };
  });
  const reports = stacks.map(({ report }) => report);
  return {
    stacks,
    unused: unusedExemptions(exemptions, reports),
    mistakes: exemptionMistakes(exemptions, RULE_IDS, today),
  };
}

/** Whether a deployment would be refused. */
export function violatesPolicies({ stacks, mistakes }: PolicyResult): boolean {
  const mandatory = stacks.some(({ report }) =>
    report.violations.some(({ level }) => level === "mandatory"),
  );
  return mandatory || mistakes.length > 0;
}

/** The environment that the stack's provider tags everything with. */
export function environmentOf({ resources }: Pick<Evaluation, "resources">): string | undefined {
  const provider = resources.find(({ type }) => type === "pulumi:providers:aws");
  const text = reveal<string | undefined>(provider?.inputs.defaultTags);
  if (typeof text !== "string") return undefined;
  const { tags } = JSON.parse(text) as { tags?: { Environment?: string } };
  return tags?.Environment;
}

/** The resource as rules see it. */
export function neutral(resource: RegisteredResource): Resource {
  const { type, name, urn, inputs, state, id, options, propertyDependencies, remote } = resource;
  const outputs = toValue(reveal(state)) as Properties;
  return {
    type,
    name,
    urn,
    properties: toValue(reveal(inputs)) as Properties,
    outputs: id === undefined ? outputs : { ...outputs, id },
    protect: options.protect,
    ignoreChanges: options.ignoreChanges,
    madeFrom: propertyDependencies,
    remote,
    template: undefined,
  };
}

function toValue(raw: unknown): Value {
  if (raw === UNKNOWN_TEXT) return UNKNOWN;
  if (typeof raw !== "object" || raw === null) return raw as Value;
  if (isFile(raw)) return {};
  if (Array.isArray(raw)) return (raw as unknown[]).map(toValue);
  return Object.fromEntries(Object.entries(raw).map(([name, item]) => [name, toValue(item)]));
}

/** Code and files: no rule looks into them. */
function isFile(value: unknown): boolean {
  return asset.Asset.isInstance(value) || asset.Archive.isInstance(value);
}
