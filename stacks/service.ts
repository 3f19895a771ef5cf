import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { CutoverController } from "../components/cutover/controller";
import { ReleaseGate } from "../components/cutover/releaseGate";
import { alarmNames } from "../components/observability/alarmNames";
import type { Color } from "../lambdas/cutover/contract";
import { type Colors, createColors, createRefresh } from "./colors";
import { createEdge, type Edge, type ServiceSurroundings } from "./edge";
import type { Data, Foundation, Service } from "./layers";
import { watch } from "./observability";
import { createParameters } from "./parameters";
import type { Settings } from "./settings";
import { releaseGateTemplate } from "./templates/releaseGate";

/** The layer that every release touches: load balancer, colors, controller and its alarms. */
export function createService(
  settings: Settings,
  foundation: Foundation,
  data: Data,
  accountId: pulumi.Input<string>,
  parent: pulumi.Resource,
): Service {
  const around = { settings, foundation, accountId, parent };
  const edge = createEdge(around);
  const { balancer } = edge;
  const colors = createColors(data, balancer, around);
  const controller = createController(colors, data, edge, around);
  const refresh = createRefresh(colors, data, around);
  createParameters({ balancer, colors, controller, data }, around);
  const dashboard = watch({ balancer, colors, controller, refresh, data }, around);
  createGate(colors, controller, [balancer, dashboard], around);
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
  { services }: Colors,
  data: Data,
  { balancer, dns }: Edge,
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
      serviceArns: { blue: services.blue.serviceArn, green: services.green.serviceArn },
      alarmNames: {
        blue: alarmNames(environment, "blue"),
        green: alarmNames(environment, "green"),
      },
      // Clients are led only where there are two places to lead them to.
      ...(dns?.setIdentifiers.legacy && {
        dns: { zoneId: dns.zoneId, recordName: dns.recordName },
      }),
      switchoverFunctionArn: data.switchoverFunction.arn,
      stateTable: data.stateTable,
      keyArns: foundation.keyArns,
      accountId,
      region,
      logRetentionDays,
    },
    { parent },
  );
}

/** Last: a release begins when all that it needs, and all that judges it, is in place. */
function createGate(
  { images, services }: Colors,
  controller: CutoverController,
  after: pulumi.Resource[],
  { settings, foundation, parent }: ServiceSurroundings,
): void {
  const { environment, tags, live, releaseGate: mode } = settings;
  if (mode === "none") return;
  const released = (color: Color) => {
    const { serviceArn, taskArn } = services[color];
    return { image: images[color], serviceArn, taskArn };
  };
  new ReleaseGate(
    resourceName("release", environment),
    {
      environment,
      tags,
      template: releaseGateTemplate(environment),
      controllerArn: controller.functionArn,
      live,
      colors: { blue: released("blue"), green: released("green") },
      mode,
      alertsTopicArn: foundation.alertsTopicArn,
      after: [services.blue, services.green, controller, ...after],
    },
    { parent },
  );
}
