import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";
import {
  allowedFlows,
  type FlowArgs,
  GROUPS,
  type Group,
  isGroup,
  type Place,
  type Rule,
  rulesOf,
} from "./flows";

export interface SecurityGroupsArgs extends CommonArgs {
  vpcId: pulumi.Input<string>;
  flows: FlowArgs;
}

const GROUP_NAMES: { [group in Group]: string } = {
  loadBalancer: "alb-sg",
  application: "app-sg",
  database: "db-sg",
  replication: "replication-sg",
  rotation: "rotation-sg",
  endpoints: "endpoints-sg",
};

/** The security groups of all tiers, and one rule resource for each end of each allowed flow. */
export class SecurityGroups extends pulumi.ComponentResource {
  public readonly ids: { readonly [group in Group]: pulumi.Output<string> };

  constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:network:SecurityGroups", name, {}, opts);
    this.ids = Object.fromEntries(
      GROUPS.map((group) => [group, this.createGroup(group, args)]),
    ) as typeof this.ids;
    for (const rule of rulesOf(allowedFlows(args.flows))) this.createRule(rule, args);
    this.registerOutputs({ ids: this.ids });
  }

  private createGroup(group: Group, args: SecurityGroupsArgs): pulumi.Output<string> {
    const name = resourceName(GROUP_NAMES[group], args.environment);
    const { id } = new aws.ec2.SecurityGroup(
      name,
      {
        vpcId: args.vpcId,
        description: `payments ${args.environment}: ${group}. Rules are resources of their own.`,
        tags: { ...args.tags, Name: name },
      },
      { parent: this },
    );
    return id;
  }

  private createRule(rule: Rule, args: SecurityGroupsArgs) {
    const { direction, group, peer, port, description } = rule;
    const preposition = direction === "ingress" ? "from" : "to";
    const name = resourceName(
      `${GROUP_NAMES[group]}-${port}-${preposition}-${isGroup(peer) ? GROUP_NAMES[peer] : peer}`,
      args.environment,
    );
    const ends = {
      securityGroupId: this.ids[group],
      ...this.end(peer, args),
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description,
      tags: args.tags,
    };
    const options = { parent: this };
    if (direction === "ingress") new aws.vpc.SecurityGroupIngressRule(name, ends, options);
    else new aws.vpc.SecurityGroupEgressRule(name, ends, options);
  }
  private end(peer: Place, { flows }: SecurityGroupsArgs) {
    if (isGroup(peer)) return { referencedSecurityGroupId: this.ids[peer] };
    return { cidrIpv4: peer === "legacy" && flows.legacy ? flows.legacy.cidr : "0.0.0.0/0" };
  }
}
