import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import type { CutoverController } from "../components/cutover/controller";
import type { LoadBalancer } from "../components/edge/loadBalancer";
import type { AlarmArgs } from "../components/observability/alarm";
import { ColorAlarms } from "../components/observability/colorAlarms";
import { Dashboard } from "../components/observability/dashboard";
import { EnvironmentAlarm } from "../components/observability/environmentAlarm";
import { FunctionAlarms } from "../components/observability/functionAlarms";
import { ServiceAlarms } from "../components/observability/serviceAlarms";
import { TrafficAlarms } from "../components/observability/trafficAlarms";
import {
  type CredentialRefresh,
  INTERVAL_MINUTES as REFRESH_INTERVAL_MINUTES,
} from "../components/refresh/credentialRefresh";
import type { Color } from "../lambdas/cutover/contract";
import { lastPart } from "./arns";
import type { Colors } from "./colors";
import type { ServiceSurroundings } from "./edge";
import type { Data } from "./layers";

/** What there is to watch in the service layer, and the data below it. */
interface Watched {
  balancer: LoadBalancer;
  colors: Colors;
  controller: CutoverController;
  refresh: CredentialRefresh;
  data: Data;
}

/** The alarms of the service layer, and the dashboard of the whole environment. */
export function watch(watched: Watched, around: ServiceSurroundings): Dashboard {
  const { settings, foundation, parent } = around;
  const { environment, tags } = settings;
  const common = { environment, tags, topicArn: foundation.alertsTopicArn };
  const colors = [watchColor("blue", watched, around), watchColor("green", watched, around)];
  const { alarms } = watched.data;
  const summary = new EnvironmentAlarm(
    resourceName("environment-alarm", environment),
    {
      ...common,
      alarmNames: joined(
        colors.map(({ alarmName }) => alarmName),
        alarms.lagNames,
      ),
    },
    { parent },
  );
  const all = [
    ...colors,
    watchServices(watched, common, parent),
    watchFunctions(watched, common, parent),
    watchTraffic(watched, common, around),
  ].flatMap(({ alarmArns }) => alarmArns);
  const alarmArns = joined([summary.alarmArn, ...all], alarms.arns);
  return createDashboard(watched, alarmArns, around);
}

/** Of this layer, and of the layer below. */
function joined(here: pulumi.Output<string>[], below: pulumi.Output<string[]>) {
  return pulumi.all([pulumi.all(here), below]).apply(([ours, theirs]) => [...ours, ...theirs]);
}

/** What speaks for a color, to people and to the controller. */
function watchColor(
  color: Color,
  { balancer, controller }: Watched,
  { settings, parent }: ServiceSurroundings,
): ColorAlarms {
  const { environment, tags, plan } = settings;
  return new ColorAlarms(
    resourceName("alarms", environment, color),
    {
      environment,
      tags,
      color,
      loadBalancer: balancer.dimension,
      targetGroup: balancer.targetGroups[color].dimension,
      limits: plan.limits,
      actions: [controller.topicArn, controller.functionArn],
    },
    { parent },
  );
}

/** Names as ECS's metrics have them. */
function ecsNames({ cluster, services }: Colors) {
  const clusterName = lastPart(cluster.arn);
  const nameOf = (color: Color) => ({ serviceName: lastPart(services[color].serviceArn) });
  return { clusterName, services: { blue: nameOf("blue"), green: nameOf("green") } };
}

function watchServices({ colors }: Watched, common: AlarmArgs, parent: pulumi.Resource) {
  return new ServiceAlarms(
    resourceName("service-alarms", common.environment),
    { ...common, ...ecsNames(colors) },
    { parent },
  );
}

function watchFunctions(
  { controller, refresh }: Watched,
  common: AlarmArgs,
  parent: pulumi.Resource,
) {
  return new FunctionAlarms(
    resourceName("service-function-alarms", common.environment),
    {
      ...common,
      functions: {
        cutover: {
          functionName: controller.functionName,
          consequence: "No payments are moved, and none are taken back by themselves.",
          everyMinutes: 1,
        },
        refresh: {
          functionName: refresh.functionName,
          consequence: "Rotated credentials do not reach a consumer; its log says which and why.",
          everyMinutes: REFRESH_INTERVAL_MINUTES,
        },
      },
    },
    { parent },
  );
}

function watchTraffic(
  { balancer }: Watched,
  common: AlarmArgs,
  { settings, parent }: ServiceSurroundings,
) {
  const { expectedPaymentsPerHour } = settings.observability;
  return new TrafficAlarms(
    resourceName("traffic-alarms", common.environment),
    {
      ...common,
      loadBalancer: balancer.dimension,
      ...(expectedPaymentsPerHour !== undefined && { expectedPaymentsPerHour }),
    },
    { parent },
  );
}

function createDashboard(
  { balancer, colors, controller, data }: Watched,
  alarmArns: pulumi.Output<string[]>,
  { settings, parent }: ServiceSurroundings,
): Dashboard {
  const { environment, region, observability, plan } = settings;
  const { expectedPaymentsPerHour } = observability;
  const { clusterName, services } = ecsNames(colors);
  const colorOf = (color: Color) => ({
    targetGroup: balancer.targetGroups[color].dimension,
    ...services[color],
  });
  const { functionName, logGroupName } = controller;
  return new Dashboard(
    resourceName("dashboard", environment),
    {
      environment,
      region,
      loadBalancer: balancer.dimension,
      colors: { blue: colorOf("blue"), green: colorOf("green") },
      clusterName,
      clusters: {
        blue: { identifier: lastPart(data.clusters.blue.arn) },
        green: { identifier: lastPart(data.clusters.green.arn) },
      },
      replication: data.replication,
      controller: { functionName, logGroupName },
      limits: {
        maxP99Milliseconds: plan.limits.maxP99Milliseconds,
        ...(expectedPaymentsPerHour !== undefined && { expectedPaymentsPerHour }),
      },
      alarmArns,
    },
    { parent },
  );
}
