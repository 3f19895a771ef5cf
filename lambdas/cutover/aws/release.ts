import { clientSettings } from "../../common/aws/client";
import { type Known, known, type ReleaseSource, unknown } from "../ports";

/** Longest wait for the confirmation of an answer, in milliseconds; the next pass tries again. */
const ANSWER_MILLISECONDS = 5_000;

/** CloudFormation's side of a custom resource: the stack's status, and the address for the answer. */
export function cloudformationRelease(): ReleaseSource {
  const https: typeof import("node:https") = require("node:https");
  const cloudformation: typeof import("@aws-sdk/client-cloudformation") = require("@aws-sdk/client-cloudformation");
  const client = new cloudformation.CloudFormationClient(clientSettings());

  async function readStatus(stackId: string): Promise<Known<string>> {
    const command = new cloudformation.DescribeStacksCommand({ StackName: stackId });
    const status = (await client.send(command)).Stacks?.[0]?.StackStatus;
    return status === undefined ? unknown(`no status of ${stackId}`) : known(status);
  }

  /** Says nothing of an error: its words might hold the address. */
  function answer(responseUrl: string, body: string): Promise<"answered" | "unknown"> {
    return new Promise((resolve) => {
      const options = {
        method: "PUT",
        // The signature of the address is made for no content type.
        headers: { "content-type": "", "content-length": Buffer.byteLength(body) },
        signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
      };
      const sending = https.request(responseUrl, options, (reply) => {
        const status = reply.statusCode ?? 0;
        // Nothing is read of what else it says; the connection is free when it has been taken.
        reply.on("error", () => undefined).resume();
        resolve(status >= 200 && status < 300 ? "answered" : "unknown");
      });
      sending.on("error", () => resolve("unknown"));
      sending.end(body);
    });
  }

  return { readStatus, answer };
}
