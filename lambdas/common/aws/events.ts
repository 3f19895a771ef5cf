import { clientSettings } from "./client";

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
