import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, LocalServer } from "../../../support/localServer";

/** The part of ECS that the operator's commands call, in its wire protocol; the emulator has none that works. */
export class EcsFake extends LocalServer {
  /** How far the deployment of every service is. */
  rolloutState = "COMPLETED";
  /** What a task definition's one container is made of, by its name. */
  readonly images = new Map<string, string>();

  protected async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = JSON.parse(await bodyOf(incoming)) as {
      services?: string[];
      taskDefinition?: string;
    };
    const target = String(incoming.headers["x-amz-target"] ?? "");
    const answer = target.endsWith(".DescribeServices")
      ? {
          services: [
            { status: "ACTIVE", deployments: [this.deploymentOf(body.services?.[0] ?? "")] },
          ],
        }
      : {
          taskDefinition: {
            containerDefinitions: [{ image: this.images.get(body.taskDefinition ?? "") }],
          },
        };
    outgoing.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    outgoing.end(JSON.stringify(answer));
  }

  /** Each service runs the task definition that is named like it. */
  private deploymentOf(serviceArn: string) {
    const { rolloutState } = this;
    return { status: "PRIMARY", taskDefinition: serviceArn.split("/").at(-1), rolloutState };
  }
}
