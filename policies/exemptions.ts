import type { Exemption } from "./core/exemptions";

/**
 * Violations that are accepted for a while. Each is printed with every result; from the day after
 * `until` on it is a violation again.
 */
export const EXEMPTIONS: readonly Exemption[] = [
  {
    rule: "dms-auto-upgrade",
    type: "aws:dms/replicationInstance:ReplicationInstance",
    name: "replication-instance-*",
    environments: ["dev", "prod"],
    reason:
      "An upgrade restarts every task, and none may stop by itself while the databases are switched over. People upgrade instead, by payments:replicationEngineVersion; dms-supported-version tells when it is time.",
    until: "2027-04-30",
  },
  {
    rule: "rds-group-event-subscriptions",
    type: "aws:rds/cluster:Cluster",
    name: "blue-db-cluster-*",
    environments: ["prod"],
    reason:
      "There is no group of either kind that could change: the clusters' parameter groups are of a kind of their own, and the databases' security groups are the VPC's, whose changes are in the audit trail.",
    until: "2027-06-30",
  },
];
