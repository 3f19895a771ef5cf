import { digits } from "./arn";
import { routeTableIdOf } from "./invokes";
import type { Properties } from "./values";

const KINDS = ["public", "private", "isolated"] as const;

/** What the awsx component makes of a VPC: subnets of each kind in each zone, and their routes. */
export function vpcOutputs(inputs: Properties, urn: string, region: string): Properties {
  const zones = zonesOf(inputs, region);
  const vpcId = `vpc-${digits(urn, 17)}`;
  const specs = inputs.subnetSpecs as { type: string }[] | undefined;
  const wanted = specs?.map(({ type }) => type.toLowerCase()) ?? ["public", "private"];
  const subnets = KINDS.filter((kind) => wanted.includes(kind)).flatMap((kind) =>
    zones.map((zone) => subnet(kind, zone, vpcId, urn)),
  );
  const ids = (kind: string) => subnets.filter((one) => one.kind === kind).map(({ id }) => id);
  const strategy = (inputs.natGateways as { strategy?: string } | undefined)?.strategy;
  const gateways = { None: 0, Single: 1 }[strategy ?? ""] ?? zones.length;
  return {
    vpcId,
    vpc: { id: vpcId, vpcId, cidrBlock: inputs.cidrBlock ?? "10.0.0.0/16" },
    publicSubnetIds: ids("public"),
    privateSubnetIds: ids("private"),
    isolatedSubnetIds: ids("isolated"),
    subnets,
    routeTables: subnets.map(({ id }) => ({ id: routeTableIdOf(id), vpcId })),
    internetGateway: { id: `igw-${digits(urn, 17)}` },
    natGateways: zones.slice(0, gateways).map((zone) => ({ id: `nat-${digits(urn + zone, 17)}` })),
    vpcEndpoints: [],
  };
}

function zonesOf(inputs: Properties, region: string): string[] {
  const names = inputs.availabilityZoneNames as string[] | undefined;
  const count = Number(inputs.numberOfAvailabilityZones ?? 3);
  return names ?? [..."abcdef"].slice(0, count).map((letter) => `${region}${letter}`);
}

function subnet(kind: string, availabilityZone: string, vpcId: string, urn: string) {
  const id = `subnet-${digits(`${urn}${kind}${availabilityZone}`, 17)}`;
  return { id, kind, availabilityZone, vpcId };
}
