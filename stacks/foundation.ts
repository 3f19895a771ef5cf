import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { DATABASE_PORT } from "../components/database/auroraCluster";
import { Keys } from "../components/keys/keys";
import { Network } from "../components/network/network";
import { AlertsTopic } from "../components/observability/alertsTopic";
import type { Caller, Foundation } from "./layers";
import { legacyWay } from "./references";
import type { Settings } from "./settings";
import { endpointsTemplate } from "./templates/endpoints";

/** Services that publish to our topics with credentials of their own. */
const PUBLISHERS = [
  "backup.amazonaws.com",
  // A safeguard: AWS does not say whether events of a stack come as the service or as who deploys.
  "cloudformation.amazonaws.com",
  "cloudwatch.amazonaws.com",
  "dms.amazonaws.com",
  "events.rds.amazonaws.com",
] as const;

/** The layer that is changed least: network, keys, and the topic for alerts. */
export function createFoundation(
  settings: Settings,
  caller: pulumi.Output<Caller>,
  parent: pulumi.Resource,
): Foundation {
  const { environment, tags, deletionProtection } = settings;
  const common = { environment, tags };
  const ports = { listener: settings.listener.port, application: settings.service.port };
  const keys = new Keys(
    resourceName("keys", environment),
    {
      ...common,
      context: caller.apply((context) => ({ ...context, publishers: PUBLISHERS })),
      deletionProtection,
    },
    { parent },
  );
  const alerts = new AlertsTopic(
    resourceName("alerts", environment),
    {
      ...common,
      messagingKeyArn: keys.arns.messaging,
      accountId: caller.accountId,
      publishers: PUBLISHERS,
    },
    { parent },
  );
  const network = new Network(
    resourceName("network", environment),
    {
      ...common,
      ...settings.network,
      flows: {
        ports: { ...ports, database: DATABASE_PORT },
        interfaceEndpoints: settings.network.interfaceEndpoints,
        ...(settings.legacy && { legacy: settings.legacy }),
      },
      endpointsTemplate: endpointsTemplate(settings.network.interfaceEndpoints),
      accountId: caller.accountId,
      logsKeyArn: keys.arns.logs,
      logRetentionDays: settings.logRetentionDays,
      alertsTopicArn: alerts.arn,
    },
    { parent },
  );
  const { vpcId, publicSubnetIds, privateSubnetIds, isolatedSubnetIds, securityGroupIds } = network;
  return {
    vpcId,
    publicSubnetIds,
    privateSubnetIds,
    isolatedSubnetIds,
    securityGroupIds,
    keyArns: keys.arns,
    alertsTopicArn: alerts.arn,
    ports: {
      listener: pulumi.output(ports.listener),
      application: pulumi.output(ports.application),
    },
    legacyWay: pulumi.output(legacyWay(settings)),
  };
}
