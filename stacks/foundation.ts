import * as pulumi from "@pulumi/pulumi";
import { Trail, trailArn } from "../components/audit/trail";
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
  "events.amazonaws.com",
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
  const recorded = settings.observability.auditTrail === "create";
  const keys = new Keys(
    resourceName("keys", environment),
    {
      ...common,
      context: caller.apply((context) => ({
        ...context,
        publishers: PUBLISHERS,
        ...(recorded && { trailArn: trailArn(environment, context.accountId, context.region) }),
      })),
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
  if (recorded) createTrail(keys, settings, caller, parent);
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

/** The least days that the trail's files are kept (PCI DSS 10.5.1); as long as logs, if that is longer. */
const TRAIL_RETENTION_DAYS = 365;

/**
 * Who did what, on record. The table and the functions belong to layers above: their names are known
 * by how they begin.
 */
function createTrail(
  keys: Keys,
  settings: Settings,
  caller: pulumi.Output<Caller>,
  parent: pulumi.Resource,
): void {
  const { environment, tags, region, deletionProtection, logRetentionDays } = settings;
  const named = (resource: string, ...kinds: string[]) =>
    kinds.map((kind) =>
      caller.apply(
        ({ partition, accountId }) =>
          `arn:${partition}:${resource.replace(":", `:${region}:${accountId}:`)}${resourceName(kind, environment)}-`,
      ),
    );
  new Trail(
    resourceName("audit-trail", environment),
    {
      environment,
      tags,
      trailKeyArn: keys.arns.logs,
      logsKeyArn: keys.arns.logs,
      data: {
        bucketArns: [],
        tableArns: named("dynamodb:table/", "cutover-state"),
        functionArns: named(
          "lambda:function:",
          "cutover-function",
          "refresh-function",
          "switchover-function",
          "db-bootstrap-function",
        ),
      },
      retentionDays: Math.max(TRAIL_RETENTION_DAYS, logRetentionDays),
      logRetentionDays,
      lock: deletionProtection ? "governance" : "none",
      accountId: caller.accountId,
      region,
      deletionProtection,
    },
    { parent },
  );
}
