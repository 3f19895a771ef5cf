import { clientSettings } from "../../common/aws/client";
import type { Clock, Ports, Replication, Secrets } from "../ports";
import { patiently } from "./patience";
import { dataApi } from "./sql";

/** Milliseconds that an attempt may take; the SDK makes two. */
const ATTEMPT_MILLISECONDS = 10_000;
const CALL_MILLISECONDS = 2 * ATTEMPT_MILLISECONDS;

/** The bootstrap's ports, on AWS. */
export function awsPorts(clock: Clock): Ports {
  return { sql: dataApi(clock), secrets: secretsManager(clock), replication: dms(clock), clock };
}

function secretsManager(clock: Clock): Secrets {
  const secrets: typeof import("@aws-sdk/client-secrets-manager") = require("@aws-sdk/client-secrets-manager");
  const client = new secrets.SecretsManagerClient(clientSettings(ATTEMPT_MILLISECONDS));
  return {
    async read(arn) {
      const command = new secrets.GetSecretValueCommand({ SecretId: arn });
      const send = () => client.send(command);
      return (await patiently(clock, CALL_MILLISECONDS, send)).SecretString ?? "";
    },
  };
}

function dms(clock: Clock): Replication {
  const service: typeof import("@aws-sdk/client-database-migration-service") = require("@aws-sdk/client-database-migration-service");
  const client = new service.DatabaseMigrationServiceClient(clientSettings(ATTEMPT_MILLISECONDS));
  return {
    async status(taskArn) {
      const command = new service.DescribeReplicationTasksCommand({
        Filters: [{ Name: "replication-task-arn", Values: [taskArn] }],
        WithoutSettings: true,
      });
      const send = () => client.send(command);
      const [task] = (await patiently(clock, CALL_MILLISECONDS, send)).ReplicationTasks ?? [];
      if (task?.Status === undefined) throw new Error(`there is no replication task ${taskArn}`);
      return task.Status;
    },
    async start(taskArn) {
      const command = new service.StartReplicationTaskCommand({
        ReplicationTaskArn: taskArn,
        StartReplicationTaskType: "start-replication",
      });
      await patiently(clock, CALL_MILLISECONDS, () => client.send(command));
    },
  };
}
