import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/common";
import { DATABASE_PORT } from "../components/database/auroraCluster";
import { Keys } from "../components/keys/keys";
import type { KeyPolicyContext } from "../components/keys/policies";
import { Network } from "../components/network/network";
import type { Foundation } from "./layers";
import type { Settings } from "./settings";
import { endpointsTemplate } from "./templates/endpoints";

/** The layer that is changed least: network and keys. */
export function createFoundation(
  settings: Settings,
  caller: pulumi.Output<KeyPolicyContext>,
  parent: pulumi.Resource,
): Foundation {
  const { environment, tags, deletionProtection } = settings;
  const common = { environment, tags };
  const ports = { listener: settings.listener.port, application: settings.service.port };
  const keys = new Keys(
    resourceName("keys", environment),
    { ...common, context: caller, deletionProtection },
    { parent },
  );
  const network = new Network(
    resourceName("network", environment),
    {
      ...common,
      ...settings.network,
      ports: { ...ports, database: DATABASE_PORT },
      endpointsTemplate: endpointsTemplate(settings.network.interfaceEndpoints),
      accountId: caller.accountId,
      logsKeyArn: keys.arns.logs,
      logRetentionDays: settings.logRetentionDays,
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
    ports: {
      listener: pulumi.output(ports.listener),
      application: pulumi.output(ports.application),
    },
  };
}
