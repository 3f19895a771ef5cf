import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { CutoverMemory } from "../components/cutover/memory";
import { AuroraCluster } from "../components/database/auroraCluster";
import type { Color } from "../lambdas/cutover/contract";
import type { Data, Foundation } from "./layers";
import type { Settings } from "./settings";

/** The layer that holds what must not be lost: databases and the controller's memory. */
export function createData(
  settings: Settings,
  foundation: Foundation,
  accountId: pulumi.Input<string>,
  parent: pulumi.Resource,
): Data {
  const { environment, tags, deletionProtection, live } = settings;
  const clusters = {
    blue: createCluster("blue", settings, foundation, accountId, parent),
    green: createCluster("green", settings, foundation, accountId, parent),
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
  return { clusters, stateTable: memory.stateTable, writerPointer: memory.writerPointer };
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
