import { type CfnResource, type CfnTag, Fn } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";

const ZONES = ["a", "b", "c"] as const;

/**
 * What `awsx.ec2.Vpc` makes with our arguments: three zones with a public, a private and an
 * isolated subnet each, every one with its own route table, and a NAT gateway in each zone.
 * Returns the VPC and then its subnets, the public ones first.
 */
export function vpc(scope: Construct, id: string, tags: CfnTag[]): CfnResource[] {
  const network = new ec2.CfnVPC(scope, id, {
    cidrBlock: "10.20.0.0/16",
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags,
  });
  const vpcId = network.ref;
  const gateway = new ec2.CfnInternetGateway(scope, `${id}-igw`, { tags });
  new ec2.CfnVPCGatewayAttachment(scope, `${id}-igw-attachment`, {
    vpcId,
    internetGatewayId: gateway.ref,
  });
  const nats: CfnResource[] = [];
  return [
    network,
    ...(["public", "private", "isolated"] as const).flatMap((kind, block) =>
      ZONES.map((zone, index) => {
        const name = `${id}-${kind}-${zone}`;
        const subnet = new ec2.CfnSubnet(scope, name, {
          vpcId,
          cidrBlock: `10.20.${(block * 3 + index) * 16}.0/${kind === "private" ? 20 : 24}`,
          availabilityZone: Fn.select(index, Fn.getAzs()),
          mapPublicIpOnLaunch: false,
          tags,
        });
        const table = new ec2.CfnRouteTable(scope, `${name}-table`, { vpcId, tags });
        new ec2.CfnSubnetRouteTableAssociation(scope, `${name}-association`, {
          subnetId: subnet.ref,
          routeTableId: table.ref,
        });
        const route = { routeTableId: table.ref, destinationCidrBlock: "0.0.0.0/0" };
        if (kind === "public") {
          new ec2.CfnRoute(scope, `${name}-route`, { ...route, gatewayId: gateway.ref });
          const address = new ec2.CfnEIP(scope, `${name}-eip`, { domain: "vpc", tags });
          const allocationId = address.attrAllocationId;
          nats.push(
            new ec2.CfnNatGateway(scope, `${name}-nat`, {
              subnetId: subnet.ref,
              allocationId,
              tags,
            }),
          );
        }
        const natGatewayId = nats[index]?.ref ?? "";
        if (kind === "private")
          new ec2.CfnRoute(scope, `${name}-route`, { ...route, natGatewayId });
        return subnet;
      }),
    ),
  ];
}
