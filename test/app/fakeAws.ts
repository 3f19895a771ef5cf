import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, LocalServer } from "../support/localServer";

/** What Parameter Store and Secrets Manager know, in their wire protocols. */
export class FakeAws extends LocalServer {
  readonly parameters: { [name: string]: string } = {};
  readonly secrets: { [arn: string]: string } = {};
  /** Actions of all requests, in the order of their coming. */
  readonly actions: string[] = [];
  /** Whether it answers no request as asked. */
  isDown = false;

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { Name, SecretId } = JSON.parse(await bodyOf(incoming));
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
