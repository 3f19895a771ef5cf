import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, LocalServer } from "../support/localServer";
import { type AwsRequest, operationOf } from "./needs";

/**
 * Stands in for all of AWS, notes every request, and answers that there is nothing: adapters then
 * call all that they call without looking at an answer.
 */
export class Recorder extends LocalServer {
  readonly requests: AwsRequest[] = [];
  /** Other answers than that there is nothing, in the operation's own format, by its name. */
  readonly answers: { [operation: string]: string } = {};

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: await bodyOf(incoming) };
    this.requests.push(request);
    const [type, answer] = nothing(request);
    // What a client of CBOR expects to find, and no other looks at.
    outgoing.setHeader("smithy-protocol", "rpc-v2-cbor");
    outgoing.writeHead(200, { "content-type": type });
    outgoing.end(this.answers[operationOf(request)?.name ?? ""] ?? answer);
  }
}

/** Content type and body of an empty answer, in the protocol that the request speaks. */
function nothing(request: AwsRequest): [type: string, answer: string | Buffer] {
  const type = request.headers["content-type"] ?? "";
  if (type.includes("json")) return [type, "{}"];
  if (type.includes("cbor")) return [type, Buffer.from([0xa0])];
  const name = operationOf(request)?.name;
  return ["text/xml", `<${name}Response><${name}Result/></${name}Response>`];
}
