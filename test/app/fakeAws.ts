import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What Parameter Store and Secrets Manager know, in their wire protocols. */
export class FakeAws {
  url = "";
  readonly parameters: { [name: string]: string } = {};
  readonly secrets: { [arn: string]: string } = {};
  /** Actions of all requests, in the order of their coming. */
  readonly actions: string[] = [];
  /** Whether it answers no request as asked. */
  isDown = false;
  private readonly server = createServer((incoming, outgoing) => this.serve(incoming, outgoing));

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { Name, SecretId } = JSON.parse(Buffer.concat(chunks).toString());
    const action = String(incoming.headers["x-amz-target"]);
    this.actions.push(action);
    const found =
      action === "AmazonSSM.GetParameter"
        ? wrap(this.parameters[Name], (Value) => ({ Parameter: { Name, Value } }))
        : wrap(this.secrets[SecretId], (SecretString) => ({ ARN: SecretId, SecretString }));
    const answer = this.isDown ? undefined : found;
    outgoing.writeHead(answer === undefined ? 400 : 200, {
      "Content-Type": "application/x-amz-json-1.1",
    });
    outgoing.end(JSON.stringify(answer ?? { __type: "AccessDeniedException", message: "no" }));
  }
}

function wrap(value: string | undefined, inAnswer: (value: string) => object): object | undefined {
  return value === undefined ? undefined : inAnswer(value);
}
