import { clientSettings } from "../../common/aws/client";
import type { Clock, Ports, Replication, Secrets } from "../ports";
import { dataApi } from "./sql";

/** Milliseconds that a call of these services may take. */
const CALL_MILLISECONDS = 10_000;

/** The bootstrap's ports, on AWS. */
export function awsPorts(timeLeft: () => number): Ports {
  const clock: Clock = {
    timeLeft,
    sleep: (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)),
  };
  return { sql: dataApi(clock), secrets: secretsManager(), replication: dms(), clock };
}

function secretsManager(): Secrets {
  const secrets: typeof import("@aws-sdk/client-secrets-manager") = require("@aws-sdk/client-secrets-manager");
  const client = new secrets.SecretsManagerClient(clientSettings(CALL_MILLISECONDS));
  return {
    async read(arn) {
      const command = new secrets.GetSecretValueCommand({ SecretId: arn });
      return (await client.send(command)).SecretString ?? "";
    },
  };
}

function dms(): Replication {
  const service: typeof import("@aws-sdk/client-database-migration-service") = require("@aws-sdk/client-database-migration-service");
  const client = new service.DatabaseMigrationServiceClient(clientSettings(CALL_MILLISECONDS));
  return {
    async status(taskArn) {
      const command = new service.DescribeReplicationTasksCommand({
        Filters: [{ Name: "replication-task-arn", Values: [taskArn] }],
        WithoutSettings: true,
      });
      const [task] = (await client.send(command)).ReplicationTasks ?? [];
      if (task?.Status === undefined) throw new Error(`there is no replication task ${taskArn}`);
      return task.Status;
    },
    async start(taskArn) {
      const command = new service.StartReplicationTaskCommand({
        ReplicationTaskArn: taskArn,
        StartReplicationTaskType: "start-replication",
      });
      await client.send(command);
    },
  };
}
