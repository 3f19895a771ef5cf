import type * as pulumi from "@pulumi/pulumi";
import { Backup } from "../components/backup/backup";
import { policyDocument, resourceName } from "../components/common";
import { CutoverMemory } from "../components/cutover/memory";
import { type DatabaseBootstrap, ReplicationStart } from "../components/database/bootstrap";
import { keyPolicy } from "../components/keys/policies";
import { Replication } from "../components/replication/replication";
import { SwitchoverController } from "../components/switchover/switchoverController";
import { MASTER_USERNAME, USER_NAMES } from "../lambdas/bootstrap/contract";
import type { Color } from "../lambdas/cutover/contract";
import { createDataAlarms } from "./dataAlarms";
import { createDatabases, type Database, type Surroundings } from "./databases";
import type { Caller, Data, Foundation } from "./layers";
import type { Settings } from "./settings";

/** The layer that holds what must not be lost: databases and the controller's memory. */
export function createData(
  settings: Settings,
  foundation: Foundation,
  caller: pulumi.Output<Caller>,
  parent: pulumi.Resource,
): Data {
  const { accountId } = caller;
  const around = { settings, foundation, accountId, parent };
  const { databases, bootstrap, rotations } = createDatabases(around);
  const replication = createReplication(databases, around);
  const rotated = [rotations.blue, rotations.green];
  const started = startReplication(replication, bootstrap, rotated, around);
  const memory = createMemory(databases, around);
  const { blue, green } = databases;
  const clusterArns = [blue.cluster.arn, green.cluster.arn];
  const backup = createBackup(clusterArns, settings, foundation, caller, parent);
  const switchover = createSwitchover(databases, replication, memory, started, around);
  const alarms = createDataAlarms(
    { databases, bootstrap, replication, backup, switchover },
    around,
  );
  const { instanceId, tasks } = replication;
  return {
    clusters: { blue: clusterOutputs(blue), green: clusterOutputs(green) },
    replication: { instanceId, tasks },
    alarms,
    stateTable: memory.stateTable,
    writerPointer: memory.writerPointer,
    switchoverFunction: { name: switchover.functionName, arn: switchover.functionArn },
  };
}

function clusterOutputs({ cluster, credentials }: Database) {
  const { arn, writerEndpoint, readerEndpoint, port } = cluster;
  return { arn, writerEndpoint, readerEndpoint, port, secretArns: credentials.secretArns };
}

function createMemory(
  databases: { [color in Color]: Database },
  { settings, foundation, parent }: Surroundings,
): CutoverMemory {
  const { environment, tags, deletionProtection, live } = settings;
  const { cluster, credentials } = databases[live];
  return new CutoverMemory(
    resourceName("cutover-memory", environment),
    {
      environment,
      tags,
      deletionProtection,
      dataKeyArn: foundation.keyArns.data,
      firstWriter: {
        color: live,
        endpoint: cluster.writerEndpoint,
        secretArn: credentials.secretArns.application,
      },
    },
    { parent },
  );
}

function createReplication(
  databases: { [color in Color]: Database },
  { settings, foundation, accountId, parent }: Surroundings,
): Replication {
  const { environment, tags, replication, legacy, live } = settings;
  const secretsOf = ({ credentials }: Database) => ({
    sourceSecretArn: credentials.secretArns.replicationSource,
    targetSecretArn: credentials.secretArns.replicationTarget,
  });
  return new Replication(
    resourceName("replication", environment),
    {
      environment,
      tags,
      clusters: { blue: secretsOf(databases.blue), green: secretsOf(databases.green) },
      firstWriter: live,
      subnetIds: foundation.privateSubnetIds,
      securityGroupId: foundation.securityGroupIds.replication,
      keyArns: foundation.keyArns,
      alertsTopicArn: foundation.alertsTopicArn,
      accountId,
      region: settings.region,
      instance: {
        class: replication.instanceClass,
        engineVersion: replication.engineVersion,
        multiAz: replication.multiAz,
      },
      accountRoles: replication.accountRoles,
      // It writes as the user of the way back, which is not needed before the first switchover.
      ...(legacy && {
        legacy: { ...legacy, targetSecretArn: secretsOf(databases[live]).targetSecretArn },
      }),
      deletionProtection: settings.deletionProtection,
      logRetentionDays: settings.logRetentionDays,
    },
    { parent },
  );
}

function createSwitchover(
  databases: { [color in Color]: Database },
  { tasks }: Replication,
  { stateTable, writerPointer }: CutoverMemory,
  started: pulumi.Resource,
  { settings, foundation, accountId, parent }: Surroundings,
): SwitchoverController {
  const { environment, tags, region, logRetentionDays } = settings;
  const clusterOf = (color: Color) => {
    const { cluster, credentials } = databases[color];
    return {
      clusterArn: cluster.arn,
      administratorSecretArn: credentials.secretArns.administrator,
      endpoint: cluster.writerEndpoint,
      applicationSecretArn: credentials.secretArns.application,
      taskArn: tasks[color].arn,
    };
  };
  return new SwitchoverController(
    resourceName("switchover", environment),
    {
      environment,
      tags,
      clusters: { blue: clusterOf("blue"), green: clusterOf("green") },
      administrators: [USER_NAMES.administrator, MASTER_USERNAME],
      stateTable,
      writerPointer,
      topicArn: foundation.alertsTopicArn,
      keyArns: foundation.keyArns,
      accountId,
      region,
      logRetentionDays,
    },
    // Before it is settled who comes first, it would settle that itself.
    { parent, dependsOn: [started] },
  );
}

/** Once everything is in place; who comes first is settled there. */
function startReplication(
  { tasks, legacyTask }: Replication,
  bootstrap: DatabaseBootstrap,
  after: pulumi.Resource[],
  { settings, parent }: Surroundings,
): ReplicationStart {
  const { environment, tags, live } = settings;
  return new ReplicationStart(
    resourceName("replication-start", environment),
    {
      environment,
      tags,
      bootstrap,
      firstWriter: live,
      taskArns: { blue: tasks.blue.arn, green: tasks.green.arn },
      ...(legacyTask && { legacyTaskArn: legacyTask.arn }),
      after,
    },
    { parent },
  );
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
  return new Backup(
    resourceName("backup", environment),
    {
      environment,
      tags,
      clusterArns,
      retentionDays: backup.retentionDays,
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
