import type { IncomingMessage, ServerResponse } from "node:http";
import type { Ports } from "../../../lambdas/bootstrap/ports";
import { bodyOf, LocalServer } from "../../support/localServer";

/** How a request goes wrong. */
export type Trouble =
  /** It is carried out, and no answer comes. */
  | "lose-answer"
  /** It is not carried out, and refused with this fault. */
  | { fault: string; message?: string; status?: number };

type Body = { [name: string]: unknown };

/** What the services' protocols call them, and what their IAM actions begin with. */
const SERVICES: { [protocolName: string]: string } = {
  secretsmanager: "secretsmanager",
  AmazonDMSv20160101: "dms",
};

/**
 * The parts of three AWS services that the function calls, on one port and in their wire protocols.
 * What is behind them are ports: of a world in memory, or of a database.
 */
export class FakeAws extends LocalServer {
  /** IAM actions of all requests and their bodies, in the order of their coming. */
  readonly requests: { action: string; body: Body }[] = [];
  /** Trouble for the next requests of an action, first come first served. */
  readonly troubles: { [action: string]: Trouble[] } = {};

  constructor(private readonly ports: Ports) {
    super();
  }

  /** The actions that were called, each once. */
  get actions(): string[] {
    return [...new Set(this.requests.map(({ action }) => action))].sort();
  }

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = JSON.parse(await bodyOf(incoming)) as Body;
    const action = actionOf(incoming);
    this.requests.push({ action, body });
    const trouble = this.troubles[action]?.shift();
    if (typeof trouble === "object") return refuse(outgoing, trouble);
    try {
      const answer = await this.answer(action, body);
      if (trouble === "lose-answer") outgoing.destroy();
      else reply(outgoing, 200, answer);
    } catch (error) {
      const { message } = error as Error;
      refuse(outgoing, { fault: "DatabaseErrorException", message });
    }
  }

  private async answer(action: string, body: Body): Promise<object> {
    switch (action) {
      case "rds-data:ExecuteStatement":
        return this.runStatement(body);
      case "secretsmanager:GetSecretValue":
        return { SecretString: await this.ports.secrets.read(String(body.SecretId)) };
      case "dms:DescribeReplicationTasks": {
        const [filter] = body.Filters as { Name: string; Values: string[] }[];
        if (filter?.Name !== "replication-task-arn") throw new Error(`no filter ${filter?.Name}`);
        const [arn = ""] = filter.Values;
        const Status = await this.ports.replication.status(arn);
        // A task that nobody knows is no fault: there are just none.
        return { ReplicationTasks: Status === "none" ? [] : [{ ReplicationTaskArn: arn, Status }] };
      }
      case "dms:StartReplicationTask":
        if (body.StartReplicationTaskType !== "start-replication") throw new Error("wrong type");
        await this.ports.replication.start(String(body.ReplicationTaskArn));
        return { ReplicationTask: { Status: "starting" } };
      default:
        throw new Error(`the fake knows no ${action}`);
    }
  }

  private async runStatement({ resourceArn, secretArn, sql }: Body): Promise<object> {
    // The secret of the cluster's own master user.
    if (!String(secretArn).endsWith(`${String(resourceArn).split(":").pop()}-master`))
      throw new Error("Database credentials do not match");
    const cluster = { clusterArn: String(resourceArn) } as Parameters<Ports["sql"]["execute"]>[0];
    const rows = await this.ports.sql.execute(cluster, String(sql));
    const records = rows.map((row) => row.map((stringValue) => ({ stringValue })));
    return { generatedFields: [], numberOfRecordsUpdated: 0, records };
  }
}

function actionOf({ headers, url }: IncomingMessage): string {
  // The RDS Data API goes by its paths, the others by a header.
  if (url === "/Execute") return "rds-data:ExecuteStatement";
  const [protocolName = "", operation = ""] = String(headers["x-amz-target"] ?? "").split(".");
  return `${SERVICES[protocolName] ?? protocolName}:${operation}`;
}

function refuse(outgoing: ServerResponse, trouble: Exclude<Trouble, string>): void {
  const { fault, message = "refused", status = 400 } = trouble;
  outgoing.setHeader("x-amzn-errortype", fault);
  reply(outgoing, status, { __type: fault, message });
}

function reply(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  outgoing.end(JSON.stringify(body));
}
