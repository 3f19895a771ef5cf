import type { Charge, Surroundings } from "./cost";
import {
  AURORA_LARGE,
  FARGATE,
  FARGATE_SHARE,
  HOURLY,
  HOURS_PER_MONTH,
  hourlyOf,
  MONTHLY,
  REPLICATION_LARGE,
} from "./prices";
import type { ResourceSnapshot } from "./snapshot";

type Rule = (resource: ResourceSnapshot, around: Surroundings) => Charge[];

/** What costs something by being there, by type. */
export const PRICED: { [type: string]: Rule } = {
  "awsx:ec2:Vpc": ({ inputs }) => {
    const { strategy } = (inputs.natGateways ?? {}) as { strategy?: string };
    const zones = Number(inputs.numberOfAvailabilityZones ?? 3);
    const count = strategy === "None" ? 0 : strategy === "Single" ? 1 : zones;
    return [hourly("NAT gateways", HOURLY.natGateway * count)];
  },
  "AWS::EC2::VPCEndpoint": ({ inputs, name }, { all }) => {
    if (inputs.VpcEndpointType !== "Interface") return [];
    const zones = zonesOf(all.find((one) => one.name === name.split("/")[0]));
    return [hourly("interface endpoints", HOURLY.interfaceEndpoint * zones)];
  },
  "aws:lb/loadBalancer:LoadBalancer": () => [hourly("load balancer", HOURLY.loadBalancer)],
  "aws:ecs/service:Service": tasks,
  "aws:rds/clusterInstance:ClusterInstance": databaseInstance,
  "aws:dms/replicationInstance:ReplicationInstance": ({ inputs }) => {
    const instanceClass = String(inputs.replicationInstanceClass);
    const zones = inputs.multiAz === true ? 2 : 1;
    const price = times(hourlyOf(REPLICATION_LARGE, instanceClass), zones);
    return [hourly("AWS DMS instance", price, instanceClass)];
  },
  "aws:kms/key:Key": () => [monthly("KMS keys", MONTHLY.key)],
  "aws:secretsmanager/secret:Secret": () => [monthly("secrets", MONTHLY.secret)],
  "AWS::SecretsManager::Secret": () => [monthly("secrets", MONTHLY.secret)],
  "aws:wafv2/webAcl:WebAcl": ({ inputs }) => {
    const rules = Array.isArray(inputs.rules) ? inputs.rules.length : 0;
    return [monthly("firewall", MONTHLY.webAcl + MONTHLY.webAclRule * rules)];
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": () => [monthly("alarms", MONTHLY.metricAlarm)],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": () => [monthly("alarms", MONTHLY.compositeAlarm)],
  "aws:cloudwatch/dashboard:Dashboard": () => [monthly("dashboard", MONTHLY.dashboard)],
};

function monthly(item: string, usd: number | undefined, what = item): Charge {
  return { item, monthly: usd, what };
}

function hourly(item: string, usd: number | undefined, what = item): Charge {
  return monthly(item, times(usd, HOURS_PER_MONTH), what);
}

/** Undefined where either is not known. */
function times(price: number | undefined, count: number | undefined): number | undefined {
  return price === undefined || count === undefined ? undefined : price * count;
}

/** The stack of endpoints is told its subnets, one for each zone, as a list with commas. */
function zonesOf(stack: ResourceSnapshot | undefined): number {
  const { SubnetIds } = (stack?.inputs.parameters ?? {}) as { SubnetIds?: string };
  return SubnetIds?.split(",").length ?? 1;
}

/** As many tasks as there are without any load. */
function tasks(service: ResourceSnapshot, { sources }: Surroundings): Charge[] {
  const task = sources(service, "taskDefinition").find(({ type }) => type.includes("/taskDef"));
  if (task === undefined) return [];
  const { cpu, memory, runtimePlatform } = task.inputs;
  const { cpuArchitecture = "X86_64" } = (runtimePlatform ?? {}) as { cpuArchitecture?: string };
  const capacity = capacityOf(service);
  const price = FARGATE[cpuArchitecture];
  const full = price && (Number(cpu) * price.cpu + Number(memory) * price.gigabyte) / 1024;
  const each = times(FARGATE_SHARE[capacity], full);
  const count = Number(service.inputs.desiredCount ?? 1);
  return [hourly("Fargate tasks", times(each, count), `${capacity} on ${cpuArchitecture}`)];
}

/** The provider that gets most tasks. */
function capacityOf({ inputs }: ResourceSnapshot): string {
  const strategies = (inputs.capacityProviderStrategies ?? []) as Strategy[];
  const [first] = [...strategies].sort((one, other) => (other.weight ?? 0) - (one.weight ?? 0));
  return first?.capacityProvider ?? "FARGATE";
}

interface Strategy {
  capacityProvider: string;
  weight?: number;
}

/** A serverless one at its least capacity. */
function databaseInstance(instance: ResourceSnapshot, { sources }: Surroundings): Charge[] {
  const instanceClass = String(instance.inputs.instanceClass);
  if (instanceClass !== "db.serverless")
    return [hourly("Aurora instances", hourlyOf(AURORA_LARGE, instanceClass), instanceClass)];
  const [cluster] = sources(instance, "clusterIdentifier");
  const { minCapacity } = (cluster?.inputs.serverlessv2ScalingConfiguration ?? {}) as {
    minCapacity?: number;
  };
  const price = times(HOURLY.auroraCapacityUnit, minCapacity);
  return [hourly("Aurora instances", price, instanceClass)];
}
