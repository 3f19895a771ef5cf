import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName, trustPolicy } from "../common";
import type { ReplicationArgs } from "./replication";

/** Roles that AWS DMS looks for by exactly these names, once in each account, and what they may do. */
const ACCOUNT_ROLES = {
  "dms-vpc-role": "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole",
  "dms-cloudwatch-logs-role": "arn:aws:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole",
};

/** The machine that replicates, with its place in the network and its log. */
export function createInstance(args: ReplicationArgs, parent: pulumi.Resource) {
  const { environment, tags, deletionProtection } = args;
  const permissions = args.accountRoles === "create" ? createAccountRoles(args, parent) : [];
  const subnets = new aws.dms.ReplicationSubnetGroup(
    resourceName("replication-subnets", environment),
    {
      replicationSubnetGroupId: `payments-${environment}`,
      replicationSubnetGroupDescription: `payments ${environment}`,
      subnetIds: args.subnetIds,
      tags,
    },
    // AWS DMS looks at the network as dms-vpc-role, and refuses a role that may not do so yet.
    { parent, dependsOn: permissions },
  );
  const replicationInstanceId = `payments-${environment}`;
  const log = createLog(replicationInstanceId, args, parent);
  return new aws.dms.ReplicationInstance(
    resourceName("replication-instance", environment),
    {
      replicationInstanceId,
      replicationInstanceClass: args.instance.class,
      engineVersion: args.instance.engineVersion,
      multiAz: args.instance.multiAz,
      allocatedStorage: 100,
      publiclyAccessible: false,
      replicationSubnetGroupId: subnets.id,
      vpcSecurityGroupIds: [args.securityGroupId],
      kmsKeyArn: args.keyArns.data,
      // An upgrade restarts every task: not by itself, and not while payments are switched over.
      autoMinorVersionUpgrade: false,
      allowMajorVersionUpgrade: false,
      applyImmediately: false,
      // Aurora's own window is on the same day, two hours later.
      preferredMaintenanceWindow: "sun:03:00-sun:04:00",
      tags,
    },
    { parent, protect: deletionProtection, dependsOn: [log] },
  );
}

/**
 * Made where the account has none yet. They stay when the environment goes: whatever else in the
 * account uses AWS DMS needs the same ones.
 */
function createAccountRoles(args: ReplicationArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const { environment, tags } = args;
  return Object.entries(ACCOUNT_ROLES).map(([name, policyArn]) => {
    const role = new aws.iam.Role(
      resourceName(name, environment),
      {
        name,
        assumeRolePolicy: pulumi
          .output(args.accountId)
          .apply((accountId) => trustPolicy("dms.amazonaws.com", accountId)),
        tags,
      },
      { parent, retainOnDelete: true },
    );
    return new aws.iam.RolePolicyAttachment(
      resourceName(`${name}-policy`, environment),
      { role: role.name, policyArn },
      { parent, retainOnDelete: true },
    );
  });
}

/** Made beforehand: AWS DMS would make it without a key of ours and without an end. */
function createLog(instanceId: string, args: ReplicationArgs, parent: pulumi.Resource) {
  return new aws.cloudwatch.LogGroup(
    resourceName("replication-logs", args.environment),
    {
      name: `dms-tasks-${instanceId}`,
      kmsKeyId: args.keyArns.logs,
      retentionInDays: args.logRetentionDays,
      tags: args.tags,
    },
    { parent },
  );
}
