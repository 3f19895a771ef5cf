import { clientSettings } from "./client";

/** Has another invocation of a function begin with this event; rejects unless Lambda has taken it. */
export function waker(functionName: string, event: object): () => Promise<void> {
  const send = eventSender(functionName);
  return async () => {
    const status = await send(event);
    if (status !== 202) throw new Error(`Lambda did not take the event: ${status}`);
  };
}

/**
 * Sends events to a function, which Lambda keeps and hands over one by one.
 * @returns resolves to the status that Lambda answers: 202 when it has taken the event
 */
export function eventSender(functionName: string): (event: object) => Promise<number | undefined> {
  const lambda: typeof import("@aws-sdk/client-lambda") = require("@aws-sdk/client-lambda");
  const client = new lambda.LambdaClient(clientSettings());
  return async (event) => {
    const command = new lambda.InvokeCommand({
      FunctionName: functionName,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify(event)),
    });
    return (await client.send(command)).StatusCode;
  };
}
