import { attemptWrite, clientSettings } from "../../common/aws/client";
import type { ServiceConsumer } from "../contract";
import {
  type Known,
  known,
  type Outcome,
  type ServiceFacts,
  type ServicePort,
  unknown,
} from "../ports";

/** Services on ECS. */
export function ecsServices(): ServicePort {
  const ecs: typeof import("@aws-sdk/client-ecs") = require("@aws-sdk/client-ecs");
  const client = new ecs.ECSClient(clientSettings());

  async function read({ clusterArn, serviceArn }: ServiceConsumer): Promise<Known<ServiceFacts>> {
    const { services, failures } = await client.send(
      new ecs.DescribeServicesCommand({ cluster: clusterArn, services: [serviceArn] }),
    );
    const [service] = services ?? [];
    if (service?.status !== "ACTIVE")
      return unknown(`the service is ${service?.status ?? failures?.[0]?.reason ?? "not there"}`);
    const { deployments = [], runningCount, desiredCount } = service;
    const primary = deployments.find(({ status }) => status === "PRIMARY");
    const { createdAt, rolloutState } = primary ?? {};
    if (!createdAt || !rolloutState || runningCount === undefined || desiredCount === undefined)
      return unknown("the service has no PRIMARY deployment whose state and date are told");
    return known({
      startedAt: createdAt.getTime(),
      rollout: rolloutState,
      deployments: deployments.length,
      running: runningCount,
      desired: desiredCount,
    });
  }

  async function restart(clusterArn: string, serviceArn: string): Promise<Outcome> {
    const command = new ecs.UpdateServiceCommand({
      cluster: clusterArn,
      service: serviceArn,
      forceNewDeployment: true,
    });
    return attemptWrite(() => client.send(command), "done");
  }

  return { read, restart };
}
