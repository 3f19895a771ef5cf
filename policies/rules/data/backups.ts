import { must } from "../../core/messages";
import { namesResource, ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackRule } from "../../core/rule";
import { at, canBe, canBeWithin, isMissing, items, UNKNOWN, type Value } from "../../core/values";

const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const CLUSTER = "aws:rds/cluster:Cluster";

/** A continuous backup goes back no further: AWS Backup's limit. */
const MOST_CONTINUOUS_DAYS = 35;
const LEAST_DAYS = 7;

export const backupPlan: ResourceRule = {
  id: "backup-plan-7d",
  title: "Backups are kept for seven days at least, where they can be had back at once",
  severity: "mandatory",
  controls: { other: ["AWS Backup user guide, continuous backups"] },
  types: [PLAN],
  check: ({ properties: { rules } }) =>
    rules === UNKNOWN
      ? []
      : [
          ...must(items(rules).length > 0, "rules", rules, "at least one", "Add one."),
          ...items(rules).flatMap(ruleMistakes),
        ],
};

function ruleMistakes(rule: Value): string[] {
  const who = String(at(rule, "ruleName") ?? "rule");
  const days = at(rule, "lifecycle", "deleteAfter");
  const cold = at(rule, "lifecycle", "coldStorageAfter");
  const continuous = at(rule, "enableContinuousBackup") === true;
  const most = continuous ? MOST_CONTINUOUS_DAYS : Number.POSITIVE_INFINITY;
  return [
    ...must(
      canBeWithin(days, LEAST_DAYS, most),
      `${who}: lifecycle.deleteAfter`,
      days,
      continuous ? `${LEAST_DAYS} to ${most}` : `at least ${LEAST_DAYS}`,
      "Set payments:backupRetentionDays.",
    ),
    ...must(
      canBe(cold, undefined, null, 0),
      `${who}: lifecycle.coldStorageAfter`,
      cold,
      "nothing",
      "Leave it out: what is cold takes hours to come back.",
    ),
  ];
}

export const backupElsewhere: StackRule = {
  id: "backup-copied",
  title: "A copy of every backup is kept in another Region, under a key of ours",
  severity: "mandatory-in-production",
  controls: { securityHub: ["RDS.26"] },
  types: [PLAN],
  checkStack: (resources) =>
    ofTypes(resources, PLAN)
      .filter(({ properties: { rules } }) => rules !== UNKNOWN)
      .filter((plan) => !items(plan.properties.rules).some((rule) => copiesAway(rule, resources)))
      .map((resource) => ({
        resource,
        message:
          "copyActions: got none to a vault of ours in another Region, allowed: one at least. Set payments:backupCopyRegion.",
      })),
};

function copiesAway(rule: Value, resources: readonly Resource[]): boolean {
  const targets = items(at(rule, "copyActions")).map((one) => at(one, "destinationVaultArn"));
  return targets.some((arn) => {
    const vault = ofTypes(resources, "aws:backup/vault:Vault").find(
      ({ outputs }) => typeof arn === "string" && outputs.arn === arn,
    );
    // A vault of another stack is that stack's concern.
    const own = vault === undefined ? false : isMissing(vault.properties.region);
    return arn === UNKNOWN || (typeof arn === "string" && !own);
  });
}

export const clustersBackedUp: StackRule = {
  id: "backup-covers-databases",
  title: "Every database is in the selection of a backup plan",
  severity: "mandatory",
  controls: {
    securityHub: ["RDS.26"],
    checkov: ["CKV2_AWS_8"],
    other: ["AWS Config AURORA_RESOURCES_PROTECTED_BY_BACKUP_PLAN"],
  },
  types: [CLUSTER],
  checkStack: (resources) => {
    const selections = ofTypes(resources, SELECTION);
    return ofTypes(resources, CLUSTER)
      .filter((cluster) => !selections.some((one) => selects(one, cluster)))
      .map((resource) => ({
        resource,
        message:
          "backup: got no selection that names it, allowed: one. Add the cluster to the resources of the backup plan's selection.",
      }));
  },
};

function selects(selection: Resource, cluster: Resource): boolean {
  const byTag = !isMissing(at(selection.properties.selectionTags, 0));
  return byTag || namesResource(selection, "resources", cluster) !== false;
}
