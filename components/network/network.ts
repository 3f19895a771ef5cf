import * as aws from "@pulumi/aws";
// The part alone: the whole package takes a tenth of a second longer to load.
import * as awsx from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { Template } from "../cloudformation/template";
import { type CommonArgs, resourceName } from "../common";
import { DatabaseAcl } from "./databaseAcl";
import { createEndpoints } from "./endpoints";
import { FlowLogs } from "./flowLogs";
import type { FlowArgs, Group } from "./flows";
import { SecurityGroups } from "./securityGroups";

export interface NetworkArgs extends CommonArgs {
  /** Address range, /16 or /17: each zone needs 4,608 addresses. */
  cidr: string;
  /** Three keep a majority when one is lost. */
  availabilityZones: number;
  /** `single` is for development: the loss of its zone takes all zones offline. */
  natGateways: "single" | "one-per-zone";
  flows: FlowArgs;
  /** Template of the private endpoints; its parameters are described in endpoints.ts. */
  endpointsTemplate: Template;
  accountId: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
  /** Told of everything that happens to the endpoints. */
  alertsTopicArn: pulumi.Input<string>;
}

/**
 * A VPC over several zones with three kinds of subnets: public for the load balancer, private with
 * NAT for tasks, isolated without any way out for databases.
 */
export class Network extends pulumi.ComponentResource {
  public readonly vpcId: pulumi.Output<string>;
  public readonly publicSubnetIds: pulumi.Output<string[]>;
  public readonly privateSubnetIds: pulumi.Output<string[]>;
  public readonly isolatedSubnetIds: pulumi.Output<string[]>;
  public readonly securityGroupIds: { readonly [group in Group]: pulumi.Output<string> };

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:network:Network", name, {}, opts);
    const { environment, tags, flows } = args;
    const vpc = createVpc(args, this);
    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.isolatedSubnetIds = vpc.isolatedSubnetIds;
    const lockedName = resourceName("default-sg", environment);
    // Adopted without rules: what forgets to name its group gets one that lets nothing through.
    new aws.ec2.DefaultSecurityGroup(
      lockedName,
      { vpcId: vpc.vpcId, ingress: [], egress: [], tags: { ...tags, Name: lockedName } },
      { parent: this },
    );
    const groups = new SecurityGroups(
      resourceName("security-groups", environment),
      { environment, tags, vpcId: vpc.vpcId, flows },
      { parent: this },
    );
    this.securityGroupIds = groups.ids;
    this.guard(args);
    createEndpoints(
      "endpoints",
      {
        environment,
        tags,
        template: args.endpointsTemplate,
        vpcId: vpc.vpcId,
        privateSubnetIds: vpc.privateSubnetIds,
        securityGroupId: groups.ids.endpoints,
        vpc,
        alertsTopicArn: args.alertsTopicArn,
      },
      this,
    );
    this.registerOutputs({ vpcId: this.vpcId });
  }

  /** What watches and closes the network beyond its security groups. */
  private guard(args: NetworkArgs): void {
    const { environment, tags, accountId, logsKeyArn, logRetentionDays } = args;
    new FlowLogs(
      resourceName("vpc-flow-logs", environment),
      { environment, tags, vpcId: this.vpcId, accountId, logsKeyArn, logRetentionDays },
      { parent: this },
    );
    new DatabaseAcl(
      resourceName("database-acl", environment),
      {
        environment,
        tags,
        vpcId: this.vpcId,
        cidr: args.cidr,
        subnetIds: this.isolatedSubnetIds,
        databasePort: args.flows.ports.database,
      },
      { parent: this },
    );
  }
}

function createVpc(args: NetworkArgs, parent: pulumi.Resource): awsx.Vpc {
  return new awsx.Vpc(
    resourceName("vpc", args.environment),
    {
      cidrBlock: args.cidr,
      numberOfAvailabilityZones: args.availabilityZones,
      natGateways: { strategy: args.natGateways === "single" ? "Single" : "OnePerAz" },
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Private", name: "private", cidrMask: 20 },
        { type: "Public", name: "public", cidrMask: 24 },
        { type: "Isolated", name: "isolated", cidrMask: 24 },
      ],
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: args.tags,
    },
    { parent, transforms: [withoutPublicAddresses] },
  );
}

/**
 * awsx gives every instance in a public subnet a public address. Only the load balancer lives
 * there, and it brings its own addresses (Security Hub EC2.15).
 */
export function withoutPublicAddresses(
  resource: pulumi.ResourceTransformArgs,
): pulumi.ResourceTransformResult | undefined {
  if (resource.type !== "aws:ec2/subnet:Subnet") return undefined;
  return { props: { ...resource.props, mapPublicIpOnLaunch: false }, opts: resource.opts };
}
