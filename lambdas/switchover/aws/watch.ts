import { clientSettings } from "../../common/aws/client";
import { WATCH_EVENT } from "../contract";

/** Wakes another invocation of this function; rejects unless Lambda has taken the event. */
export function lambdaWatch(functionName: string): () => Promise<void> {
  const lambda: typeof import("@aws-sdk/client-lambda") = require("@aws-sdk/client-lambda");
  const client = new lambda.LambdaClient(clientSettings());
  return async () => {
    const command = new lambda.InvokeCommand({
      FunctionName: functionName,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify(WATCH_EVENT)),
    });
    const { StatusCode } = await client.send(command);
    if (StatusCode !== 202) throw new Error(`Lambda did not take the watch's event: ${StatusCode}`);
  };
}
