import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, LocalServer } from "../../support/localServer";

type Json = { [field: string]: unknown };

/** A replication task, as AWS DMS tells of it. */
export interface Task {
  Status: string;
  MigrationType: string;
  CdcStartPosition?: string;
  /** Seconds since 1970. */
  ReplicationTaskStartDate?: number;
  ReplicationTaskStats?: { StartDate?: number; FreshStartDate?: number };
  tags: string[];
}

/** How a call goes wrong: it is refused with this error, or its answer is lost, done or not. */
export type Fault = { refused: string } | "lost" | "unanswered";

/**
 * What AWS DMS, Parameter Store, Lambda and DynamoDB know, in their wire protocols. The Data API refuses
 * each statement: what it does is tested on real databases.
 */
export class FakeAws extends LocalServer {
  readonly tasks: { [arn: string]: Task } = {};
  parameter: string | undefined;
  /** Items by their sort key, as DynamoDB holds them. */
  readonly items: { [sortKey: string]: Json } = {};
  /** Events that functions were invoked with, by function. */
  readonly events: { name: string; type: string; payload: unknown }[] = [];
  invocationStatus = 202;
  /** How tasks were started, such as `start-replication at bin.1:4`. */
  readonly starts: string[] = [];
  /** Operations in the order of their coming, such as `StopReplicationTask`. */
  readonly operations: string[] = [];
  /** What goes wrong, by operation. */
  faults: { [operation: string]: Fault } = {};

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url = "", headers } = incoming;
    const target = String(headers["x-amz-target"] ?? "");
    const byPath = url === "/Execute" ? "ExecuteStatement" : "Invoke";
    const operation = target === "" ? byPath : (target.split(".").pop() ?? "");
    const text = await bodyOf(incoming);
    this.operations.push(operation);
    const fault = this.faults[operation];
    if (fault === "lost") {
      outgoing.destroy();
      return;
    }
    const refusal = typeof fault === "object" ? fault.refused : undefined;
    const [error, answer] =
      refusal === undefined ? this.answer(operation, JSON.parse(text), url) : [refusal, {}];
    if (fault === "unanswered") {
      outgoing.destroy();
      return;
    }
    const status = error !== undefined ? 400 : operation === "Invoke" ? this.invocationStatus : 200;
    outgoing.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" });
    outgoing.end(JSON.stringify(error === undefined ? answer : { __type: error, message: "no" }));
  }

  private answer(operation: string, body: Json, url: string): [string | undefined, Json] {
    switch (operation) {
      case "Invoke": {
        const name = decodeURIComponent(url.split("/")[3] ?? "");
        this.events.push({ name, type: "Event", payload: body });
        return [undefined, {}];
      }
      case "ExecuteStatement":
        return ["BadRequestException", {}];
      case "GetParameter":
        return this.parameter === undefined
          ? ["ParameterNotFound", {}]
          : [undefined, { Parameter: { Name: body.Name, Value: this.parameter } }];
      case "PutParameter":
        this.parameter = String(body.Value);
        return [undefined, { Version: 2 }];
      case "GetItem": {
        const Item = this.items[sortKeyOf(body.Key as Json)];
        return [undefined, Item === undefined ? {} : { Item }];
      }
      case "TransactWriteItems":
        for (const { Put } of body.TransactItems as { Put: { Item: Json } }[])
          this.items[sortKeyOf(Put.Item)] = Put.Item;
        return [undefined, {}];
      default:
        return this.ofReplication(operation, body);
    }
  }

  private ofReplication(operation: string, body: Json): [string | undefined, Json] {
    if (operation === "DescribeReplicationTasks") {
      const [{ Values = [] } = {}] = body.Filters as { Values?: string[] }[];
      const found = Values.flatMap((arn) => {
        const { tags: _, ...task } = this.tasks[arn] ?? { tags: [] };
        return arn in this.tasks ? [{ ReplicationTaskArn: arn, ...task }] : [];
      });
      return [undefined, { ReplicationTasks: found }];
    }
    const task = this.tasks[String(body.ReplicationTaskArn ?? body.ResourceArn)];
    if (task === undefined) return ["ResourceNotFoundFault", {}];
    const isStanding = ["ready", "stopped", "failed"].includes(task.Status);
    switch (operation) {
      case "RemoveTagsFromResource":
        task.tags = task.tags.filter((tag) => !(body.TagKeys as string[]).includes(tag));
        return [undefined, {}];
      case "StopReplicationTask":
        if (task.Status !== "running") return ["InvalidResourceStateFault", {}];
        task.Status = "stopping";
        return [undefined, {}];
      case "ModifyReplicationTask":
        if (!isStanding) return ["InvalidResourceStateFault", {}];
        task.Status = "modifying";
        task.MigrationType = String(body.MigrationType);
        task.CdcStartPosition = String(body.CdcStartPosition);
        return [undefined, {}];
      case "StartReplicationTask":
        if (!isStanding) return ["InvalidResourceStateFault", {}];
        task.Status = "starting";
        this.starts.push(
          [body.StartReplicationTaskType, body.CdcStartPosition]
            .filter((part) => part !== undefined)
            .join(" at "),
        );
        return [undefined, {}];
      default:
        return ["UnknownOperationException", {}];
    }
  }
}

function sortKeyOf(key: Json): string {
  return String((key.sk as { S: string }).S);
}
