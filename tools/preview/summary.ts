import type { Evaluation } from "../evaluate/evaluate";
import { type Colors, PLAIN } from "./colors";
import type { PolicyResult } from "./policies";
import { policiesSummary } from "./policiesText";
import { nestedTemplates } from "./templates";
import { countTiers, sumOf, type Tier } from "./tiers";

/** The plan of some stacks in a dozen lines each, and what the policies say where they were asked. */
export function previewSummary(
  evaluations: Evaluation[],
  colors: Colors = PLAIN,
  policies?: PolicyResult,
): string {
  const lines = evaluations.flatMap((evaluation) => stackSummary(evaluation, colors));
  return [...lines, ...(policies ? [policiesSummary(policies, colors)] : [])].join("\n");
}

function stackSummary({ stack, resources }: Evaluation, colors: Colors): string[] {
  const tiers = countTiers(resources);
  const width = Math.max(...tiers.map(({ name }) => name.length));
  const templates = nestedTemplates(resources);
  const names = templates.map(({ name }) => name).join(", ");
  return [
    `${colors.bold(`Stack ${stack}`)}: ${counts(total(tiers))}`,
    ...tiers.map((tier) => `  ${tier.name.padEnd(width)}  ${counts(tier)}`),
    ...(templates.length > 0 ? [`  nested CloudFormation templates: ${names}`] : []),
  ];
}

function total(tiers: Tier[]): Tier {
  return {
    name: "all",
    custom: sumOf(tiers, "custom"),
    components: sumOf(tiers, "components"),
    remote: sumOf(tiers, "remote"),
    protected: sumOf(tiers, "protected"),
  };
}

/** Leaves out what there is none of. */
function counts(tier: Tier): string {
  return [
    counted(tier.custom, "resource"),
    counted(tier.components, "component"),
    counted(tier.remote, "remote component"),
    tier.protected === 0 ? "" : `${tier.protected} protected`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function counted(count: number, noun: string): string {
  if (count === 0) return "";
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
