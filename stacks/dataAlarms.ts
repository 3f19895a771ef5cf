import * as pulumi from "@pulumi/pulumi";
import type { Backup } from "../components/backup/backup";
import { resourceName } from "../components/common";
import type { DatabaseBootstrap } from "../components/database/bootstrap";
import type { AlarmArgs } from "../components/observability/alarm";
import { DatabaseAlarms } from "../components/observability/databaseAlarms";
import { FailureEvents } from "../components/observability/failureEvents";
import { FunctionAlarms } from "../components/observability/functionAlarms";
import { ReplicationAlarms } from "../components/observability/replicationAlarms";
import { SwitchoverAlarms } from "../components/observability/switchoverAlarms";
import type { Replication } from "../components/replication/replication";
import type { SwitchoverController } from "../components/switchover/switchoverController";
import { COLORS, type Color } from "../lambdas/cutover/contract";
import { lastPart } from "./arns";
import type { Database, Surroundings } from "./databases";

/** What there is to watch in the data layer. */
interface Watched {
  databases: { [color in Color]: Database };
  bootstrap: DatabaseBootstrap;
  replication: Replication;
  backup: Backup;
  switchover: SwitchoverController;
}

/** What tells people that a database, replication, a backup or a rotation is not as it should be. */
export function createDataAlarms(watched: Watched, { settings, foundation, parent }: Surroundings) {
  const { environment, tags } = settings;
  const { instanceId, tasks } = watched.replication;
  const common = { environment, tags, topicArn: foundation.alertsTopicArn };
  const replication = new ReplicationAlarms(
    resourceName("replication-alarms", environment),
    { ...common, instanceId, tasks },
    { parent },
  );
  const all = [
    replication,
    watchDatabases(watched, settings.database.instancesPerCluster, common, parent),
    watchFunctions(watched, common, parent),
    new SwitchoverAlarms(resourceName("switchover-alarms", environment), common, { parent }),
    watchJobs(watched, common, parent),
  ];
  return {
    arns: pulumi.all(all.flatMap(({ alarmArns }) => alarmArns)),
    lagNames: pulumi.all(replication.lagAlarmNames),
  };
}

function watchDatabases(
  { databases }: Watched,
  instancesPerCluster: number,
  common: AlarmArgs,
  parent: pulumi.Resource,
) {
  const clusters = {
    blue: { identifier: lastPart(databases.blue.cluster.arn) },
    green: { identifier: lastPart(databases.green.cluster.arn) },
  };
  return new DatabaseAlarms(
    resourceName("database-alarms", common.environment),
    { ...common, clusters, instancesPerCluster },
    { parent },
  );
}

function watchFunctions(
  { bootstrap, switchover }: Watched,
  common: AlarmArgs,
  parent: pulumi.Resource,
) {
  const functions = {
    bootstrap: {
      functionName: bootstrap.functionName,
      consequence: "A deployment cannot prepare the databases.",
    },
    switchover: {
      functionName: switchover.functionName,
      consequence: "The database writer cannot be moved, nor a switchover be ended that has begun.",
      everyMinutes: 1,
    },
  };
  return new FunctionAlarms(
    resourceName("data-function-alarms", common.environment),
    { ...common, functions },
    { parent },
  );
}

/** What AWS does by itself, at night: backups and rotations. */
function watchJobs({ databases, backup }: Watched, common: AlarmArgs, parent: pulumi.Resource) {
  const secretArns = COLORS.flatMap((color) => {
    const { cluster, credentials } = databases[color];
    return [cluster.masterSecretArn, ...Object.values(credentials.secretArns)];
  });
  return new FailureEvents(
    resourceName("failure-events", common.environment),
    { ...common, backupVaultArns: [backup.vaultArn], secretArns },
    { parent },
  );
}
