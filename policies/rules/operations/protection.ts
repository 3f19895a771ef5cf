import { when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";

/** What holds data, or the keys to it. */
const STATEFUL = [
  "aws:backup/vault:Vault",
  "aws:dynamodb/table:Table",
  "aws:kms/key:Key",
  "aws:rds/cluster:Cluster",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:s3/bucket:Bucket",
];

export const statefulProtected: ResourceRule = {
  id: "stateful-protected",
  title: "Pulumi refuses to delete what holds data, or the keys to it",
  severity: "mandatory-in-production",
  controls: { other: ["Pulumi resource option protect"] },
  types: STATEFUL,
  check: ({ protect }) =>
    when(!protect, "protect: got false, allowed: true. Set payments:deletionProtection true."),
};

export const tableKept: ResourceRule = {
  id: "dynamodb-deletion-protection",
  title: "AWS refuses to delete a table",
  severity: "mandatory-in-production",
  controls: { securityHub: ["DynamoDB.6"] },
  types: ["aws:dynamodb/table:Table"],
  check: ({ properties: { deletionProtectionEnabled } }) =>
    when(
      deletionProtectionEnabled === undefined || deletionProtectionEnabled === false,
      "deletionProtectionEnabled: got no true, allowed: true. Set payments:deletionProtection true.",
    ),
};
