import type { IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Position } from "../../../lambdas/switchover/statements";
import { JsonService, ServiceError } from "../jsonService";
import type { Carrier } from "./carrier";

/** How long a task is `starting`, `stopping` or `modifying`, in milliseconds. */
const SETTLE_MILLISECONDS = 1_000;

type Status = "ready" | "starting" | "running" | "stopping" | "stopped" | "failed" | "modifying";

/** One task as AWS DMS keeps it. */
export interface Task {
  arn: string;
  carrier: Carrier;
  /** Where the source's log stands now, for a task that begins with all there is. */
  sourcePosition(): Promise<Position>;
  /** Whether the source has no rows yet: the stand-in copies none. */
  sourceIsEmpty(): Promise<boolean>;
}

interface Kept extends Task {
  status: Status;
  migrationType: string;
  cdcStartPosition?: string;
  startType?: string;
  /** Epoch milliseconds of its last start or resumption. */
  startedAt?: number;
  tags: Set<string>;
}

/** Statuses in which a task can be started or modified. */
const STANDS_STILL: Status[] = ["ready", "stopped", "failed"];

/** AWS DMS's API, in its wire protocol, over tasks that really carry rows. */
export class Dms extends JsonService {
  private readonly tasks = new Map<string, Kept>();

  /** A new task, which has never run. */
  add(task: Task, migrationType: "full-load-and-cdc" | "cdc"): void {
    this.tasks.set(task.arn, { ...task, status: "ready", migrationType, tags: new Set() });
  }

  /** What the bootstrap does: starts a task for the first time. */
  begin(arn: string): Promise<object> {
    return this.startTask(this.task(arn), { StartReplicationTaskType: "start-replication" });
  }

  /** The carrier of this task has ended by itself. */
  noteFailure(arn: string): void {
    this.task(arn).status = "failed";
  }

  statusOf(arn: string): Status {
    return this.task(arn).status;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the service is asked
  protected async answer(incoming: IncomingMessage, body: any): Promise<object> {
    const action = String(incoming.headers["x-amz-target"]).split(".")[1];
    switch (action) {
      case "DescribeReplicationTasks":
        return { ReplicationTasks: this.described(body.Filters ?? []) };
      case "StartReplicationTask":
        return this.startTask(this.task(body.ReplicationTaskArn), body);
      case "StopReplicationTask":
        return this.stopTask(this.task(body.ReplicationTaskArn));
      case "ModifyReplicationTask":
        return this.modifyTask(this.task(body.ReplicationTaskArn), body);
      case "ListTagsForResource":
        return {
          TagList: [...this.task(body.ResourceArn).tags].map((Key) => ({ Key, Value: "" })),
        };
      case "RemoveTagsFromResource":
        for (const key of body.TagKeys) this.task(body.ResourceArn).tags.delete(key);
        return {};
      default:
        throw new ServiceError("UnknownOperationException", `${action} is not served`);
    }
  }

  private described(filters: { Name: string; Values: string[] }[]): object[] {
    const [arns] = filters.filter(({ Name }) => Name === "replication-task-arn");
    const found = [...this.tasks.values()].filter(({ arn }) => arns?.Values.includes(arn) ?? true);
    if (found.length === 0) throw new ServiceError("ResourceNotFoundFault", "no such task");
    return found.map(describe);
  }

  private async startTask(
    task: Kept,
    given: { StartReplicationTaskType: string; CdcStartPosition?: string },
  ): Promise<object> {
    requireStandstill(task);
    const { StartReplicationTaskType: type, CdcStartPosition } = given;
    if (
      type === "start-replication" &&
      task.startType !== undefined &&
      task.migrationType !== "cdc"
    )
      throw new ServiceError("InvalidParameterCombinationException", "the task has run before");
    const position = await this.startPosition(task, type, CdcStartPosition);
    task.startType = type;
    task.startedAt = Date.now();
    settle(task, "starting", "running", () => task.carrier.run(position));
    return { ReplicationTask: describe(task) };
  }

  private async startPosition(
    task: Kept,
    type: string,
    given: string | undefined,
  ): Promise<Position | undefined> {
    if (type === "resume-processing") return undefined;
    if (type !== "start-replication")
      throw new ServiceError("InvalidParameterValueException", `${type} is not served`);
    if (task.migrationType === "cdc") {
      const text = given ?? task.cdcStartPosition;
      if (text !== undefined) return parsePosition(text);
      throw new ServiceError(
        "InvalidParameterValueException",
        "a position to start from is missing",
      );
    }
    if (given !== undefined)
      throw new ServiceError("InvalidParameterCombinationException", "it begins with all rows");
    if (!(await task.sourceIsEmpty()))
      throw new ServiceError("InvalidParameterValueException", "the stand-in copies no rows");
    return task.sourcePosition();
  }

  private stopTask(task: Kept): object {
    if (task.status !== "running")
      throw new ServiceError("InvalidResourceStateFault", `the task is ${task.status}`);
    task.status = "stopping";
    void Promise.all([task.carrier.stop(), pause(SETTLE_MILLISECONDS)]).then(() => {
      if (task.status === "stopping") task.status = "stopped";
    });
    return { ReplicationTask: describe(task) };
  }

  private modifyTask(
    task: Kept,
    given: { MigrationType?: string; CdcStartPosition?: string },
  ): object {
    requireStandstill(task);
    if (given.MigrationType !== undefined) task.migrationType = given.MigrationType;
    if (given.CdcStartPosition !== undefined) task.cdcStartPosition = given.CdcStartPosition;
    settle(task, "modifying", task.status, () => {});
    return { ReplicationTask: describe(task) };
  }

  private task(arn: string): Kept {
    const task = this.tasks.get(arn);
    if (task === undefined) throw new ServiceError("ResourceNotFoundFault", `no task ${arn}`);
    return task;
  }
}

function requireStandstill({ status }: Kept): void {
  if (!STANDS_STILL.includes(status))
    throw new ServiceError("InvalidResourceStateFault", `the task is ${status}`);
}

function settle(task: Kept, meanwhile: Status, then: Status, done: () => void): void {
  task.status = meanwhile;
  void pause(SETTLE_MILLISECONDS).then(() => {
    if (task.status !== meanwhile) return;
    task.status = then;
    done();
  });
}

function describe(task: Kept): object {
  return {
    ReplicationTaskArn: task.arn,
    ReplicationTaskIdentifier: task.carrier.name,
    Status: task.status,
    MigrationType: task.migrationType,
    ...(task.startedAt !== undefined && { ReplicationTaskStartDate: task.startedAt / 1000 }),
    ...(task.cdcStartPosition !== undefined && { CdcStartPosition: task.cdcStartPosition }),
    ...(task.carrier.failure && { LastFailureMessage: task.carrier.failure.message }),
  };
}

function parsePosition(text: string): Position {
  const [, file = "", offset] = text.match(/^([^:]+):(\d+)$/) ?? [];
  if (offset === undefined)
    throw new ServiceError("InvalidParameterValueException", `${text} is no position`);
  return { file, offset: Number(offset) };
}
