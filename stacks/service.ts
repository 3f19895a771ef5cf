import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { CutoverController } from "../components/cutover/controller";
import type { LoadBalancer } from "../components/edge/loadBalancer";
import { alarmNames } from "../components/observability/alarmNames";
import { createColors, createRefresh } from "./colors";
import { createEdge, type ServiceSurroundings } from "./edge";
import type { Data, Foundation, Service } from "./layers";
import { watch } from "./observability";
import { createParameters } from "./parameters";
import type { Settings } from "./settings";

/** The layer that every release touches: load balancer, colors, controller and its alarms. */
export function createService(
  settings: Settings,
  foundation: Foundation,
  data: Data,
  accountId: pulumi.Input<string>,
  parent: pulumi.Resource,
): Service {
  const around = { settings, foundation, accountId, parent };
  const balancer = createEdge(around);
  const colors = createColors(data, balancer, around);
  const controller = createController(data, balancer, around);
  const refresh = createRefresh(colors, data, around);
  createParameters({ balancer, colors, controller, data }, around);
  const dashboard = watch({ balancer, colors, controller, refresh, data }, around);
  return {
    albDnsName: balancer.dnsName,
    albZoneId: balancer.zoneId,
    cutoverFunctionName: controller.functionName,
    cutoverTopicArn: controller.topicArn,
    dashboardName: dashboard.name,
    refreshFunctionName: refresh.functionName,
  };
}

function createController(
  data: Data,
  balancer: LoadBalancer,
  { settings, foundation, accountId, parent }: ServiceSurroundings,
): CutoverController {
  const { environment, tags, live, plan, tickSeconds, region, logRetentionDays } = settings;
  const { blue, green } = balancer.targetGroups;
  return new CutoverController(
    resourceName("cutover", environment),
    {
      environment,
      tags,
      live,
      plan,
      tickSeconds,
      weightsRuleArn: balancer.weightsRuleArn,
      loadBalancer: balancer.dimension,
      targetGroupArns: { blue: blue.arn, green: green.arn },
      alarmNames: {
        blue: alarmNames(environment, "blue"),
        green: alarmNames(environment, "green"),
      },
      stateTable: data.stateTable,
      keyArns: foundation.keyArns,
      accountId,
      region,
      logRetentionDays,
    },
    { parent },
  );
}
