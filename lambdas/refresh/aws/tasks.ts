import { clientSettings, outcomeIsUnknown } from "../../common/aws/client";
import { REFRESH_TAG } from "../contract";
import { type Known, known, type Outcome, type TaskFacts, type TaskPort, unknown } from "../ports";

/** Replication tasks of AWS DMS. */
export function dmsTasks(): TaskPort {
  const dms: typeof import("@aws-sdk/client-database-migration-service") = require("@aws-sdk/client-database-migration-service");
  const client = new dms.DatabaseMigrationServiceClient(clientSettings());

  async function read(taskArn: string): Promise<Known<TaskFacts>> {
    const Filters = [{ Name: "replication-task-arn", Values: [taskArn] }];
    const [{ ReplicationTasks }, { TagList }] = await Promise.all([
      client.send(new dms.DescribeReplicationTasksCommand({ Filters, WithoutSettings: true })),
      client.send(new dms.ListTagsForResourceCommand({ ResourceArn: taskArn })),
    ]);
    const task = ReplicationTasks?.find((one) => one.ReplicationTaskArn === taskArn);
    if (task?.Status === undefined) return unknown("the replication task is not there");
    const { FullLoadProgressPercent, StartDate } = task.ReplicationTaskStats ?? {};
    const tag = TagList?.find(({ Key }) => Key === REFRESH_TAG);
    return known({
      status: task.Status,
      startedAt: later(StartDate, task.ReplicationTaskStartDate),
      loading: task.MigrationType !== "cdc" && FullLoadProgressPercent !== 100,
      stopReason: [task.StopReason, task.LastFailureMessage].filter(Boolean).join(": "),
      markedAt: tag === undefined ? undefined : readTime(tag.Value),
    });
  }

  async function mark(taskArn: string, at: number): Promise<Outcome> {
    const Tags = [{ Key: REFRESH_TAG, Value: new Date(at).toISOString() }];
    const command = new dms.AddTagsToResourceCommand({ ResourceArn: taskArn, Tags });
    return outcomeOf(() => client.send(command));
  }

  async function unmark(taskArn: string): Promise<Outcome> {
    const TagKeys = [REFRESH_TAG];
    const command = new dms.RemoveTagsFromResourceCommand({ ResourceArn: taskArn, TagKeys });
    return outcomeOf(() => client.send(command));
  }

  async function stop(taskArn: string): Promise<Outcome> {
    const command = new dms.StopReplicationTaskCommand({ ReplicationTaskArn: taskArn });
    return outcomeOf(() => client.send(command));
  }

  async function resume(taskArn: string): Promise<Outcome> {
    const command = new dms.StartReplicationTaskCommand({
      ReplicationTaskArn: taskArn,
      // Any other type would copy the tables anew.
      StartReplicationTaskType: "resume-processing",
    });
    return outcomeOf(() => client.send(command));
  }

  return { read, mark, unmark, stop, resume };
}

async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    await call();
    return "done";
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidResourceStateFault") return "changed";
    if (outcomeIsUnknown(error)) return "unknown";
    throw error;
  }
}

/** The later of two dates, in epoch milliseconds: AWS documents only one of them for resumptions. */
function later(...dates: (Date | undefined)[]): number | undefined {
  const times = dates.flatMap((date) => (date === undefined ? [] : [date.getTime()]));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Epoch milliseconds; 0, so long ago, for a value that is no time: the tag is ours all the same. */
function readTime(text: string | undefined): number {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? 0 : time;
}
