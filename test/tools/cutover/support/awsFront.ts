import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { LocalServer } from "../../../support/localServer";
import type { Invoked } from "./warmFunction";

/** A refusal in the words of a service. */
export interface Refusal {
  /** Such as `AccessDeniedException`. */
  type: string;
  message: string;
  /** @default 400 */
  status?: number;
}

/** Runs one event of a function. */
export type Run = (event: unknown) => Promise<Invoked>;

/**
 * Stands before the emulator, which invokes no functions: serves Lambda's Invoke, refuses what it is told
 * to refuse, and passes everything else on.
 */
export class AwsFront extends LocalServer {
  /** By name. */
  readonly functions = new Map<string, Run>();
  /** Actions that are refused, and how often yet. */
  private readonly refusals: { action: string; refusal: Refusal; left: number }[] = [];

  constructor(private readonly target: string) {
    super();
  }

  /** Refuses an action, such as `GetCallerIdentity` or `invocations`. @default always, until `forgive` */
  refuse(action: string, refusal: Refusal, times = Number.POSITIVE_INFINITY): void {
    this.refusals.push({ action, refusal, left: times });
  }

  /** How often an action is refused yet. */
  left(action: string): number {
    return this.refusals.find((one) => one.action === action)?.left ?? 0;
  }

  forgive(): void {
    this.refusals.length = 0;
  }

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const action = actionOf(incoming, body.toString("latin1"));
    const rule = this.refusals.find((one) => one.action === action && one.left > 0);
    if (rule !== undefined) {
      rule.left--;
      refuse(incoming, outgoing, rule.refusal);
      return;
    }
    const [, named = ""] = (incoming.url ?? "").match(/\/functions\/([^/]+)\/invocations$/) ?? [];
    const name = decodeURIComponent(named).split(":").pop() ?? "";
    const run = this.functions.get(name);
    if (named === "") this.passOn(incoming, body, outgoing);
    else if (run === undefined)
      refuse(incoming, outgoing, {
        type: "ResourceNotFoundException",
        message: `Function not found: ${name}`,
        status: 404,
      });
    else await invoke(run, incoming, body, outgoing);
  }

  private passOn(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
    const { method, headers, url } = incoming;
    const onward = request(`${this.target}${url}`, { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    onward.end(body);
  }
}

/** As they came: some services speak no text. */
async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function invoke(
  run: Run,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): Promise<void> {
  const event: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
  if (incoming.headers["x-amz-invocation-type"] === "Event") {
    void run(event);
    outgoing.writeHead(202).end();
    return;
  }
  const { payload, failed } = await run(event);
  const headers = failed ? { "x-amz-function-error": "Unhandled" } : {};
  outgoing.writeHead(200, { "content-type": "application/json", ...headers });
  outgoing.end(typeof payload === "string" ? payload : JSON.stringify(payload));
}

/** JSON services name the action in a header, query services in the body, the others in the path. */
function actionOf(incoming: IncomingMessage, body: string): string {
  const [, named] = String(incoming.headers["x-amz-target"] ?? "").split(".");
  const inBody = new URLSearchParams(body).get("Action");
  return named ?? inBody ?? (incoming.url ?? "").split("/").pop() ?? "";
}

function refuse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { type, message, status = 400 }: Refusal,
): void {
  const isQuery = String(incoming.headers["content-type"]).includes("form-urlencoded");
  if (isQuery) {
    outgoing.writeHead(status, { "content-type": "text/xml" });
    outgoing.end(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${type}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
    );
    return;
  }
  outgoing.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
  outgoing.end(JSON.stringify({ __type: type, message, Message: message }));
}
