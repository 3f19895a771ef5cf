import type * as pulumi from "@pulumi/pulumi";
import { Backup } from "../components/backup/backup";
import { policyDocument, resourceName } from "../components/common";
import { CutoverMemory } from "../components/cutover/memory";
import { AuroraCluster } from "../components/database/auroraCluster";
import { keyPolicy } from "../components/keys/policies";
import type { Color } from "../lambdas/cutover/contract";
import type { Caller, Data, Foundation } from "./layers";
import type { Settings } from "./settings";

/** The layer that holds what must not be lost: databases and the controller's memory. */
export function createData(
  settings: Settings,
  foundation: Foundation,
  caller: pulumi.Output<Caller>,
  parent: pulumi.Resource,
): Data {
  const { environment, tags, deletionProtection, live } = settings;
  const clusters = {
    blue: createCluster("blue", settings, foundation, caller.accountId, parent),
    green: createCluster("green", settings, foundation, caller.accountId, parent),
  };
  const memory = new CutoverMemory(
    resourceName("cutover-memory", environment),
    {
      environment,
      tags,
      deletionProtection,
      dataKeyArn: foundation.keyArns.data,
      firstWriter: { color: live, endpoint: clusters[live].writerEndpoint },
    },
    { parent },
  );
  const clusterArns = [clusters.blue.arn, clusters.green.arn];
  createBackup(clusterArns, settings, foundation, caller, parent);
  return { clusters, stateTable: memory.stateTable, writerPointer: memory.writerPointer };
}

function createBackup(
  clusterArns: pulumi.Input<string>[],
  settings: Settings,
  foundation: Foundation,
  caller: pulumi.Output<Caller>,
  parent: pulumi.Resource,
) {
  const { environment, tags, deletionProtection, backup } = settings;
  const { lock, copyRegion } = backup;
  new Backup(
    resourceName("backup", environment),
    {
      environment,
      tags,
      clusterArns,
      dataKeyArn: foundation.keyArns.data,
      lock,
      ...(copyRegion !== undefined && {
        copy: { region: copyRegion, keyPolicy: copyKeyPolicy(copyRegion, caller) },
      }),
      alertsTopicArn: foundation.alertsTopicArn,
      accountId: caller.accountId,
      deletionProtection,
    },
    { parent },
  );
}

/** The key beside the copy is a key for data like the one here. */
function copyKeyPolicy(region: string, caller: pulumi.Output<Caller>): pulumi.Output<string> {
  return caller.apply((context) =>
    policyDocument(keyPolicy("data", { ...context, region, publishers: [] })),
  );
}

function createCluster(
  color: Color,
  settings: Settings,
  foundation: Foundation,
  accountId: pulumi.Input<string>,
  parent: pulumi.Resource,
) {
  const { environment, tags, database, deletionProtection, logRetentionDays } = settings;
  const { arn, writerEndpoint, readerEndpoint, port } = new AuroraCluster(
    resourceName("database", environment, color),
    {
      environment,
      tags,
      color,
      subnetIds: foundation.isolatedSubnetIds,
      securityGroupId: foundation.securityGroupIds.database,
      accountId,
      dataKeyArn: foundation.keyArns.data,
      secretsKeyArn: foundation.keyArns.secrets,
      logsKeyArn: foundation.keyArns.logs,
      alertsTopicArn: foundation.alertsTopicArn,
      engineVersion: database.engineVersion,
      instanceClass: database.instanceClass,
      instanceCount: database.instancesPerCluster,
      capacity: { min: database.minCapacity, max: database.maxCapacity },
      deletionProtection,
      logRetentionDays,
    },
    { parent },
  );
  return { arn, writerEndpoint, readerEndpoint, port };
}
