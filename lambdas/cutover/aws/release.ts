import { clientSettings } from "../../common/aws/client";
import { type Known, known, type ReleaseSource, type ServiceState, unknown } from "../ports";

/** Longest wait for the confirmation of an answer, in milliseconds; the next pass tries again. */
const ANSWER_MILLISECONDS = 5_000;

/**
 * CloudFormation's side of a custom resource, and the services that its stack tells of. Everything is
 * loaded where it is needed: most invocations serve no release, and begin sooner without.
 */
export function cloudformationRelease(): ReleaseSource {
  async function readStatus(stackId: string): Promise<Known<string>> {
    const cloudformation: typeof import("@aws-sdk/client-cloudformation") = require("@aws-sdk/client-cloudformation");
    const client = new cloudformation.CloudFormationClient(clientSettings());
    const command = new cloudformation.DescribeStacksCommand({ StackName: stackId });
    const status = (await client.send(command)).Stacks?.[0]?.StackStatus;
    return status === undefined ? unknown(`no status of ${stackId}`) : known(status);
  }

  async function readService(serviceArn: string): Promise<Known<ServiceState>> {
    const ecs: typeof import("@aws-sdk/client-ecs") = require("@aws-sdk/client-ecs");
    const client = new ecs.ECSClient(clientSettings());
    // An ARN names the cluster before the service.
    const cluster = serviceArn.split("/").at(-2);
    const command = new ecs.DescribeServicesCommand({ cluster, services: [serviceArn] });
    const { services } = await client.send(command);
    const primary = services?.[0]?.deployments?.find(({ status }) => status === "PRIMARY");
    const { taskDefinition, rolloutState } = primary ?? {};
    if (taskDefinition === undefined || rolloutState === undefined)
      return unknown(`${serviceArn} has no PRIMARY deployment whose state is told`);
    return known({ taskArn: taskDefinition, rollout: rolloutState });
  }

  /** Says nothing of an error: its words might hold the address. */
  function answer(responseUrl: string, body: string): Promise<"answered" | "unknown"> {
    const https: typeof import("node:https") = require("node:https");
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

  return { readStatus, readService, answer };
}
