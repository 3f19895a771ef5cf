import type { IncomingMessage, ServerResponse } from "node:http";
import { REFRESH_TAG } from "../../../lambdas/refresh/contract";
import { SWITCHOVER_STATE } from "../../../lambdas/switchover/contract";
import { bodyOf, LocalServer } from "../../support/localServer";

/** Body of a request or an answer. */
type Json = { [name: string]: unknown };

/** How a request goes wrong. */
export type Trouble =
  /** It is carried out, and no answer comes. */
  | "lose-answer"
  /** It is not carried out, and refused with this fault. */
  | { fault: string; status?: number };

interface FakeTask {
  Status: string;
  /** Epoch seconds, as AWS sends them. */
  StartDate?: number;
  tags: { Key: string; Value: string }[];
  /** Beside what every task has. */
  others?: Json;
}

/** What the services' protocols call them, and what their IAM actions begin with. */
const SERVICES: { [protocolName: string]: string } = {
  secretsmanager: "secretsmanager",
  AmazonEC2ContainerServiceV20141113: "ecs",
  AmazonDMSv20160101: "dms",
  DynamoDB_20120810: "dynamodb",
};

/**
 * The parts of five AWS services that the function calls, on one port and in their wire protocols.
 * No emulator has AWS DMS in a form that the SDK understands. Tasks go on by themselves: each
 * description of one that stops or starts finds it a step further.
 */
export class FakeAws extends LocalServer {
  /** IAM actions of all requests, in the order of their coming. */
  readonly actions: string[] = [];
  readonly bodies: { [action: string]: Json[] } = {};
  readonly published: { [name: string]: string }[] = [];
  /** Trouble for the next requests of an action, first come first served. */
  readonly troubles: { [action: string]: Trouble[] } = {};
  /** Answers of DescribeSecret, by ARN. */
  readonly secrets: { [arn: string]: Json } = {};
  /** Entries of DescribeServices, by ARN. */
  readonly services: { [arn: string]: Json } = {};
  readonly tasks: { [arn: string]: FakeTask } = {};
  /** The controller's state item, in DynamoDB's notation. */
  stateItem: Json | undefined;
  switchoverItem: Json | undefined;

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const text = await bodyOf(incoming);
    const target = String(incoming.headers["x-amz-target"] ?? "");
    if (target === "") return this.publish(new URLSearchParams(text), outgoing);
    const [protocolName = "", operation = ""] = target.split(".");
    const action = `${SERVICES[protocolName] ?? protocolName}:${operation}`;
    const body = JSON.parse(text) as Json;
    this.note(action, body);
    const trouble = this.troubles[action]?.shift();
    const [status, answer] = this.answer(action, body, trouble);
    if (trouble === "lose-answer") outgoing.destroy();
    else reply(outgoing, status, "application/x-amz-json-1.1", JSON.stringify(answer));
  }

  /** SNS speaks the query protocol: parameters in, XML out. */
  private publish(parameters: URLSearchParams, outgoing: ServerResponse): void {
    const message = Object.fromEntries(parameters);
    this.note(`sns:${message.Action}`, message);
    this.published.push(message);
    const result = "<PublishResult><MessageId>1</MessageId></PublishResult>";
    reply(outgoing, 200, "text/xml", `<PublishResponse>${result}</PublishResponse>`);
  }

  private note(action: string, body: Json): void {
    this.actions.push(action);
    this.bodies[action] = [...(this.bodies[action] ?? []), body];
  }

  private answer(action: string, body: Json, trouble?: Trouble): [status: number, answer: Json] {
    if (typeof trouble === "object") return refusal(trouble.fault, trouble.status);
    switch (action) {
      case "secretsmanager:DescribeSecret": {
        const secret = this.secrets[String(body.SecretId)];
        return secret ? [200, secret] : refusal("ResourceNotFoundException");
      }
      case "dynamodb:GetItem":
        return [200, this.item(body.Key as Json)];
      case "ecs:DescribeServices":
        return [200, this.describeServices(body.services as string[])];
      case "ecs:UpdateService":
        return this.updateService(String(body.service));
      case "dms:DescribeReplicationTasks":
        return this.describeTask(body);
      default:
        return this.changeTask(action, body);
    }
  }

  private item({ sk }: Json): Json {
    const isSwitchovers = (sk as Json).S === SWITCHOVER_STATE;
    const Item = isSwitchovers ? this.switchoverItem : this.stateItem;
    return Item === undefined ? {} : { Item };
  }

  private describeServices(arns: string[]): Json {
    const found = arns.flatMap((arn) => this.services[arn] ?? []);
    const missing = arns.filter((arn) => this.services[arn] === undefined);
    return { services: found, failures: missing.map((arn) => ({ arn, reason: "MISSING" })) };
  }

  private updateService(arn: string): [number, Json] {
    const service = this.services[arn];
    if (service === undefined) return refusal("ServiceNotFoundException");
    const old = (service.deployments as Json[]).map((one) => ({ ...one, status: "ACTIVE" }));
    const primary = { status: "PRIMARY", rolloutState: "IN_PROGRESS", createdAt: seconds() };
    service.deployments = [primary, ...old];
    return [200, { service }];
  }

  private describeTask({ Filters }: Json): [number, Json] {
    const [filter] = Filters as { Name: string; Values: string[] }[];
    const [arn = ""] = filter?.Values ?? [];
    const task = this.tasks[arn];
    if (filter?.Name !== "replication-task-arn" || task === undefined)
      return refusal("ResourceNotFoundFault");
    if (task.Status === "starting") task.Status = "running";
    if (task.Status === "stopping") task.Status = "stopped";
    const described = {
      ReplicationTaskArn: arn,
      Status: task.Status,
      MigrationType: "full-load-and-cdc",
      ReplicationTaskStats: { FullLoadProgressPercent: 100, StartDate: task.StartDate },
      ...task.others,
    };
    return [200, { ReplicationTasks: [described] }];
  }

  private changeTask(action: string, body: Json): [number, Json] {
    const task = this.tasks[String(body.ResourceArn ?? body.ReplicationTaskArn)];
    if (task === undefined) return refusal("ResourceNotFoundFault");
    switch (action) {
      case "dms:ListTagsForResource":
        return [200, { TagList: task.tags }];
      case "dms:AddTagsToResource": {
        const added = body.Tags as FakeTask["tags"];
        const kept = task.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
        task.tags = [...kept, ...added];
        return [200, {}];
      }
      case "dms:RemoveTagsFromResource":
        task.tags = task.tags.filter(({ Key }) => !(body.TagKeys as string[]).includes(Key));
        return [200, {}];
      case "dms:StopReplicationTask":
        if (task.Status !== "running") return refusal("InvalidResourceStateFault");
        task.Status = "stopping";
        return [200, { ReplicationTask: { Status: task.Status } }];
      case "dms:StartReplicationTask":
        if (task.Status !== "stopped") return refusal("InvalidResourceStateFault");
        Object.assign(task, { Status: "starting", StartDate: seconds() });
        return [200, { ReplicationTask: { Status: task.Status } }];
      default:
        throw new Error(`the fake knows no ${action}`);
    }
  }

  /** The value of our tag on a task. */
  markOf(arn: string): string | undefined {
    return this.tasks[arn]?.tags.find(({ Key }) => Key === REFRESH_TAG)?.Value;
  }
}

function refusal(fault: string, status = 400): [number, Json] {
  return [status, { __type: fault, message: "refused" }];
}

function reply(outgoing: ServerResponse, status: number, type: string, text: string): void {
  outgoing.writeHead(status, { "content-type": type }).end(text);
}

/** AWS's JSON protocols tell time in seconds since 1970, with a fraction. */
function seconds(): number {
  return Date.now() / 1000;
}
