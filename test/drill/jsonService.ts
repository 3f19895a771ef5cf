import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, LocalServer } from "../support/localServer";

/** A refusal in the words of a service. */
export class ServiceError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** A service of AWS that speaks JSON: one answer, or one refusal, for each request. */
export abstract class JsonService extends LocalServer {
  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const respond = (status: number, answer: object, errorType?: string) => {
      const headers = {
        "Content-Type": "application/x-amz-json-1.1",
        ...(errorType !== undefined && { "x-amzn-errortype": errorType }),
      };
      if (!outgoing.destroyed) outgoing.writeHead(status, headers).end(JSON.stringify(answer));
    };
    try {
      const text = await bodyOf(incoming);
      const answer = await this.answer(incoming, text === "" ? {} : JSON.parse(text));
      if (answer === undefined) outgoing.destroy();
      else respond(this.successStatus, answer);
    } catch (error) {
      const { name, message } = error as Error;
      const status = error instanceof ServiceError ? error.status : 500;
      respond(status, { __type: name, message }, name);
    }
  }

  protected get successStatus(): number {
    return 200;
  }

  /** Undefined: the connection breaks without an answer. */
  protected abstract answer(
    incoming: IncomingMessage,
    // biome-ignore lint/suspicious/noExplicitAny: each service knows its own requests
    body: any,
  ): Promise<object | undefined>;
}
