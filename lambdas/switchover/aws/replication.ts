import type { ReplicationTask } from "@aws-sdk/client-database-migration-service";
import { clientSettings, outcomeIsUnknown } from "../../common/aws/client";
import type { Color } from "../../cutover/contract";
import { REFRESH_TAG } from "../../refresh/contract";
import type { SwitchoverClusters } from "../contract";
import { known, type Outcome, type Replication, unknown } from "../ports";

/** Statuses in which AWS DMS takes a change or a start. */
const STANDS = ["ready", "stopped", "failed"];

/** The tasks of AWS DMS between the clusters, by the cluster that they read. */
export function dmsReplication(clusters: SwitchoverClusters): Replication {
  const dms: typeof import("@aws-sdk/client-database-migration-service") = require("@aws-sdk/client-database-migration-service");
  const reads = new dms.DatabaseMigrationServiceClient(clientSettings());
  // A second attempt would hide that the first may have been carried out.
  const writes = new dms.DatabaseMigrationServiceClient({ ...clientSettings(), maxAttempts: 1 });
  const arnOf = (from: Color) => clusters[from].taskArn;

  async function describe(from: Color) {
    const Filters = [{ Name: "replication-task-arn", Values: [arnOf(from)] }];
    const command = new dms.DescribeReplicationTasksCommand({ Filters, WithoutSettings: true });
    const { ReplicationTasks } = await reads.send(command);
    return ReplicationTasks?.find((one) => one.ReplicationTaskArn === arnOf(from));
  }

  async function statusOf(from: Color): Promise<string> {
    const status = (await describe(from))?.Status;
    if (status === undefined) throw new Error(`the replication task ${arnOf(from)} is not there`);
    return status;
  }

  /** The other function that moves tasks starts what it stopped itself, which its tag says. */
  async function disown(from: Color): Promise<void> {
    const what = { ResourceArn: arnOf(from), TagKeys: [REFRESH_TAG] };
    await writes.send(new dms.RemoveTagsFromResourceCommand(what));
  }

  return {
    async readStatus(from) {
      const status = (await describe(from))?.Status;
      return status === undefined ? unknown("the replication task is not there") : known(status);
    },
    async stop(from) {
      const task = arnOf(from);
      return outcomeOf(`stop ${task}`, async () => {
        if ((await statusOf(from)) !== "running") return;
        await disown(from);
        await writes.send(new dms.StopReplicationTaskCommand({ ReplicationTaskArn: task }));
      });
    },
    async start(from, { file, offset }, since) {
      const [task, position] = [arnOf(from), `${file}:${offset}`];
      return outcomeOf(`start ${task}`, async () => {
        const found = await describe(from);
        if (!STANDS.includes(found?.Status ?? "")) return;
        if (lastStart(found) > since) return begin(task, { type: "resume-processing" });
        // The guide has a start position fixed in the task, the API takes one at a start: so it gets both.
        if (found?.MigrationType === "cdc" && found.CdcStartPosition === position)
          return begin(task, { type: "start-replication", position });
        const change = { MigrationType: "cdc" as const, CdcStartPosition: position };
        await writes.send(
          new dms.ModifyReplicationTaskCommand({ ReplicationTaskArn: task, ...change }),
        );
      });
    },
  };

  async function begin(
    task: string,
    { type, position }: { type: "resume-processing" | "start-replication"; position?: string },
  ): Promise<void> {
    await writes.send(
      new dms.StartReplicationTaskCommand({
        ReplicationTaskArn: task,
        StartReplicationTaskType: type,
        ...(position !== undefined && { CdcStartPosition: position }),
      }),
    );
  }
}

/**
 * When it was last started or resumed, in epoch milliseconds; never: 0. AWS documents only one of these
 * for resumptions, and none for each kind of task.
 */
function lastStart(task: ReplicationTask | undefined): number {
  const { StartDate, FreshStartDate } = task?.ReplicationTaskStats ?? {};
  const dates = [StartDate, FreshStartDate, task?.ReplicationTaskStartDate];
  return Math.max(0, ...dates.flatMap((date) => (date === undefined ? [] : [date.getTime()])));
}

/** A task that is on its way somewhere takes nothing, and the next pass sees where it has come. */
async function outcomeOf(what: string, call: () => Promise<void>): Promise<Outcome> {
  try {
    await call();
    return "done";
  } catch (error) {
    const { name, message } = Object(error) as { name?: string; message?: string };
    if (name === "InvalidResourceStateFault" || outcomeIsUnknown(error)) return "unknown";
    throw new Error(`could not ${what}: ${name}: ${message}`);
  }
}
