import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { AuroraCluster } from "../components/database/auroraCluster";
import { DatabaseBootstrap } from "../components/database/bootstrap";
import { CredentialRotation, DatabaseCredentials } from "../components/database/credentials";
import type { Color } from "../lambdas/cutover/contract";
import type { Foundation } from "./layers";
import type { Settings } from "./settings";
import { credentialsTemplate } from "./templates/credentials";
import { rotationTemplate } from "./templates/rotation";

/** What the parts of a database are made from. */
export interface Surroundings {
  settings: Settings;
  foundation: Foundation;
  accountId: pulumi.Input<string>;
  parent: pulumi.Resource;
}

/** One color's database, with its users. */
export interface Database {
  cluster: AuroraCluster;
  credentials: DatabaseCredentials;
}

/** Both colors' databases, each with the same users, and passwords that change every 30 days. */
export function createDatabases(around: Surroundings) {
  const databases = {
    blue: createDatabase("blue", around),
    green: createDatabase("green", around),
  };
  const bootstrap = createBootstrap(databases, around);
  const rotations = {
    blue: createRotation("blue", databases.blue, bootstrap, around),
    green: createRotation("green", databases.green, bootstrap, around),
  };
  return { databases, bootstrap, rotations };
}

function createDatabase(color: Color, around: Surroundings): Database {
  const cluster = createCluster(color, around);
  const { settings, foundation, parent } = around;
  const { environment, tags, deletionProtection } = settings;
  const credentials = new DatabaseCredentials(
    resourceName("database-credentials", environment, color),
    {
      environment,
      tags,
      color,
      template: credentialsTemplate(environment, color),
      host: cluster.writerEndpoint,
      port: cluster.port,
      secretsKeyArn: foundation.keyArns.secrets,
      alertsTopicArn: foundation.alertsTopicArn,
      deletionProtection,
    },
    { parent },
  );
  return { cluster, credentials };
}

function createCluster(color: Color, around: Surroundings): AuroraCluster {
  const { settings, foundation, accountId, parent } = around;
  const { environment, tags, database, backup, deletionProtection, logRetentionDays } = settings;
  return new AuroraCluster(
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
      backupRetentionDays: backup.retentionDays,
      deletionProtection,
      logRetentionDays,
    },
    { parent },
  );
}

function createBootstrap(
  databases: { [color in Color]: Database },
  { settings, foundation, parent }: Surroundings,
): DatabaseBootstrap {
  const { environment, tags, region, logRetentionDays } = settings;
  const { keyArns } = foundation;
  const clusterOf = (color: Color) => {
    const { cluster, credentials } = databases[color];
    const { arn, masterSecretArn, instances } = cluster;
    const template = JSON.stringify(credentialsTemplate(environment, color));
    const credentialsVersion = createHash("sha256").update(template).digest("hex");
    const userSecretArns = credentials.secretArns;
    return { arn, masterSecretArn, userSecretArns, credentialsVersion, instances };
  };
  return new DatabaseBootstrap(
    resourceName("database-bootstrap", environment),
    {
      environment,
      tags,
      clusters: { blue: clusterOf("blue"), green: clusterOf("green") },
      keyArns,
      region,
      logRetentionDays,
    },
    { parent },
  );
}

function createRotation(
  color: Color,
  { credentials }: Database,
  users: DatabaseBootstrap,
  { settings, foundation, parent }: Surroundings,
): CredentialRotation {
  const { environment, tags, logRetentionDays } = settings;
  return new CredentialRotation(
    resourceName("credential-rotation", environment, color),
    {
      environment,
      tags,
      color,
      template: rotationTemplate(environment, color, logRetentionDays),
      secretArns: credentials.secretArns,
      subnetIds: foundation.privateSubnetIds,
      securityGroupId: foundation.securityGroupIds.rotation,
      secretsKeyArn: foundation.keyArns.secrets,
      logsKeyArn: foundation.keyArns.logs,
      alertsTopicArn: foundation.alertsTopicArn,
      users,
    },
    { parent },
  );
}
