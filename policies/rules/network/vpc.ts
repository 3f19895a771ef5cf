import { must, when } from "../../core/messages";
import { ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackRule } from "../../core/rule";
import { canBe, items, numberOf, UNKNOWN, type Value } from "../../core/values";
import { isCovered } from "./securityGroups";

const VPCS = ["aws:ec2/vpc:Vpc", "awsx:ec2:Vpc"];

export const subnetsWithoutPublicAddresses: ResourceRule = {
  id: "subnet-no-public-ip",
  title: "Nothing gets a public address for being in a subnet",
  severity: "mandatory",
  controls: { securityHub: ["EC2.15"], checkov: ["CKV_AWS_130"] },
  types: ["aws:ec2/subnet:Subnet"],
  check: ({ properties: { mapPublicIpOnLaunch } }) =>
    when(
      mapPublicIpOnLaunch === true,
      "mapPublicIpOnLaunch: got true, allowed: false. Set it; a load balancer brings its own addresses.",
    ),
};

export const flowLogs: StackRule = {
  id: "flow-logs",
  title: "All traffic of every VPC is on record",
  severity: "mandatory",
  controls: { pci: ["10.2.1"], securityHub: ["EC2.6"], checkov: ["CKV2_AWS_11"] },
  types: VPCS,
  checkStack: (resources) => {
    const all = ofTypes(resources, "aws:ec2/flowLog:FlowLog").filter(({ properties }) =>
      canBe(properties.trafficType, "ALL"),
    );
    return ofTypes(resources, ...VPCS)
      .filter((vpc) => !isCovered(vpc, resources, all))
      .map((resource) => ({
        resource,
        message:
          "flow log: got none of all traffic, allowed: a FlowLog with trafficType ALL. Add it.",
      }));
  },
};

const SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";

/** Zones that production's databases may move between; RDS itself asks for two. */
const LEAST_SUBNETS = { production: 3, development: 2 };

export const databaseSubnetsIsolated: StackRule = {
  id: "db-subnets-isolated",
  title: "Databases live in subnets without a way to the internet, in three zones",
  severity: "mandatory",
  controls: { pci: ["1.4.4"], securityHub: ["RDS.46"] },
  types: [SUBNET_GROUP],
  checkStack: (resources, { relaxed }) => {
    const least = relaxed ? LEAST_SUBNETS.development : LEAST_SUBNETS.production;
    return ofTypes(resources, SUBNET_GROUP).flatMap((group) => {
      const { subnetIds } = group.properties;
      const few = must(
        subnetIds === UNKNOWN || items(subnetIds).length >= least,
        "subnetIds",
        items(subnetIds).length,
        `at least ${least}, each in a zone of its own`,
        "Give it the isolated subnets.",
      );
      return [...few, ...waysOut(group, resources)].map((message) => ({
        resource: group,
        message,
      }));
    });
  },
};

function waysOut(group: Resource, resources: readonly Resource[]): string[] {
  const ids = items(group.properties.subnetIds).filter((id) => typeof id === "string");
  return [
    ...ids.filter((id) => isPublicByComponent(id, resources)),
    ...ids.filter((id) => hasDefaultRoute(id, resources)),
  ].map(
    (id) =>
      `subnetIds: got ${id}, which has a way to the internet, allowed: isolated subnets. Give it those.`,
  );
}

/** A component tells which of its subnets are isolated before anybody sees their routes. */
function isPublicByComponent(id: string, resources: readonly Resource[]): boolean {
  return ofTypes(resources, "awsx:ec2:Vpc").some(({ outputs }) =>
    [...items(outputs.publicSubnetIds), ...items(outputs.privateSubnetIds)].includes(id),
  );
}

function isEverywhere(block: Value): boolean {
  return block === "0.0.0.0/0" || block === "::/0";
}

function hasDefaultRoute(subnetId: string, resources: readonly Resource[]): boolean {
  const tables = ofTypes(resources, "aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter(({ properties }) => properties.subnetId === subnetId)
    .map(({ properties }) => properties.routeTableId);
  return ofTypes(resources, "aws:ec2/route:Route").some(({ properties }) => {
    const { destinationCidrBlock, destinationIpv6CidrBlock, routeTableId } = properties;
    const everywhere = isEverywhere(destinationCidrBlock) || isEverywhere(destinationIpv6CidrBlock);
    return everywhere && typeof routeTableId === "string" && tables.includes(routeTableId);
  });
}

/** Ports by which people administer machines. */
const ADMIN_PORTS = [22, 3389];

const ACL_RULES = ["aws:ec2/networkAclRule:NetworkAclRule"];
const ACLS = ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"];

export const aclWithoutAdminPorts: ResourceRule = {
  id: "nacl-no-admin-ports",
  title: "No network access list lets the internet to the ports of SSH and RDP",
  severity: "mandatory",
  controls: { securityHub: ["EC2.21"], checkov: ["CKV_AWS_231", "CKV_AWS_232"] },
  types: [...ACL_RULES, ...ACLS],
  check: ({ type, properties }) => {
    const rules = ACL_RULES.includes(type)
      ? properties.egress === true
        ? []
        : [properties]
      : items(properties.ingress).map(asRule);
    return rules.flatMap((rule) =>
      ADMIN_PORTS.filter((port) => admits(rule, port)).map(
        (port) =>
          `ingress: got port ${port} from everywhere, allowed: no such rule. Name the network that may come.`,
      ),
    );
  },
};

interface AclRule {
  readonly [name: string]: Value;
}

/** Inside a list, a rule calls its action by another name. */
function asRule(inline: Value): AclRule {
  const rule = (typeof inline === "object" && inline !== null ? inline : {}) as AclRule;
  return { ...rule, ruleAction: rule.action };
}

function admits(rule: AclRule, port: number): boolean {
  const everywhere = isEverywhere(rule.cidrBlock) || isEverywhere(rule.ipv6CidrBlock);
  const [from, to] = [numberOf(rule.fromPort), numberOf(rule.toPort)];
  const allPorts = String(rule.protocol) === "-1" || from === undefined || to === undefined;
  return rule.ruleAction === "allow" && everywhere && (allPorts || (from <= port && port <= to));
}
