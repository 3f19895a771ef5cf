import { mistake, must, when } from "../../core/messages";
import { namesResource, ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackFinding, StackRule } from "../../core/rule";
import { at, isMissing, items, numberOf, UNKNOWN, type Value } from "../../core/values";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const CLASSIC_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const VPCS = ["aws:ec2/vpc:Vpc", "awsx:ec2:Vpc"];

/** One direction of traffic that a resource allows. */
interface Opening {
  resource: Resource;
  from: Value;
  to: Value;
  protocol: Value;
  description: Value;
}

/** What lets everybody in, or out to everybody, whatever resource says so. */
function openings(resources: readonly Resource[], direction: "ingress" | "egress"): Opening[] {
  const ruleType = direction === "ingress" ? INGRESS : EGRESS;
  const rules = ofTypes(resources, ruleType).filter(
    ({ properties: { cidrIpv4, cidrIpv6 } }) => isWorld(cidrIpv4) || isWorld(cidrIpv6),
  );
  const classic = ofTypes(resources, CLASSIC_RULE).filter(
    ({ properties }) => properties.type === direction && reachesWorld(properties),
  );
  const inline = ofTypes(resources, GROUP).flatMap((resource) =>
    items(resource.properties[direction])
      .filter(reachesWorld)
      .map((rule) => opening(resource, rule)),
  );
  return [
    ...rules.map((resource) => ({
      ...opening(resource, resource.properties),
      ...ofRule(resource),
    })),
    ...classic.map((resource) => opening(resource, resource.properties)),
    ...inline,
  ];
}

function isWorld(cidr: Value): boolean {
  return cidr === "0.0.0.0/0" || cidr === "::/0";
}

function reachesWorld(rule: Value): boolean {
  return [at(rule, "cidrBlocks"), at(rule, "ipv6CidrBlocks")].flatMap(items).some(isWorld);
}

function opening(resource: Resource, rule: Value): Opening {
  return {
    resource,
    from: at(rule, "fromPort"),
    to: at(rule, "toPort"),
    protocol: at(rule, "protocol"),
    description: at(rule, "description"),
  };
}

function ofRule({ properties }: Resource): Pick<Opening, "protocol"> {
  return { protocol: properties.ipProtocol };
}

function isPort({ from, to }: Opening, port: number): boolean {
  return numberOf(from) === port && numberOf(to) === port;
}

function isNotKnown({ from, to }: Opening): boolean {
  return from === UNKNOWN || to === UNKNOWN;
}

function ports({ from, to, protocol }: Opening): string {
  if (String(protocol) === "-1" || isMissing(from)) return "every port";
  return numberOf(from) === numberOf(to)
    ? `port ${numberOf(from)}`
    : `ports ${numberOf(from)} to ${numberOf(to)}`;
}

/** Logical names that a load balancer's group goes by. */
const LOAD_BALANCER_GROUP = /^(alb|load-balancer)-/;

export const noOpenIngress: StackRule = {
  id: "no-open-ingress",
  title:
    "The internet reaches the load balancer's HTTPS port and nothing else; in development, its HTTP port too",
  severity: "mandatory",
  controls: {
    pci: ["1.3.1"],
    securityHub: ["EC2.13", "EC2.14", "EC2.18", "EC2.19", "EC2.53", "EC2.54"],
    checkov: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277"],
  },
  types: [GROUP, INGRESS, CLASSIC_RULE],
  checkStack: (resources, { relaxed }) => {
    const allowed = relaxed ? [443, 80] : [443];
    return openings(resources, "ingress")
      .filter((one) => !isNotKnown(one))
      .filter(
        (one) => !(allowed.some((port) => isPort(one, port)) && isOfLoadBalancer(one, resources)),
      )
      .map((one) => ({
        resource: one.resource,
        message: `ingress: got ${ports(one)} from everywhere, allowed: port ${allowed.join(" or ")} of the load balancer's security group. Name the group or the network that may come.`,
      }));
  },
};

/** Whether the group that the opening belongs to is the load balancer's, or may turn out to be. */
function isOfLoadBalancer({ resource }: Opening, resources: readonly Resource[]): boolean {
  if (resource.type === GROUP) return LOAD_BALANCER_GROUP.test(resource.name);
  const groups = ofTypes(resources, GROUP).filter(
    (group) => namesResource(resource, "securityGroupId", group) !== false,
  );
  return groups.some(({ name }) => LOAD_BALANCER_GROUP.test(name));
}

export const noOpenEgress: StackRule = {
  id: "no-all-egress",
  title: "Nothing may call every port of the internet; HTTPS where the rule says why",
  severity: "mandatory-in-production",
  controls: { pci: ["1.3.2"], checkov: ["CKV_AWS_382"] },
  types: [GROUP, EGRESS, CLASSIC_RULE],
  checkStack: (resources) =>
    openings(resources, "egress")
      .filter((one) => !isNotKnown(one))
      .filter((one) => !(isPort(one, 443) && !isMissing(one.description)))
      .map((one) => ({
        resource: one.resource,
        message: `egress: got ${ports(one)} to everywhere, allowed: port 443 with a description that says why. Name the group or the network that is called.`,
      })),
};

export const rulesDescribed: ResourceRule = {
  id: "sg-rule-described",
  title: "Every security group and every rule says what it is for",
  severity: "mandatory",
  controls: { checkov: ["CKV_AWS_23"], other: ["pulumi missingDescription"] },
  types: [GROUP, INGRESS, EGRESS, CLASSIC_RULE],
  check: ({ properties: { description } }) =>
    must(
      !isMissing(description) && description !== "Managed by Pulumi",
      "description",
      description,
      "why the traffic is allowed",
      "Say it: people read it in the console.",
    ),
};

export const noInlineRules: ResourceRule = {
  id: "no-inline-sg-rules",
  title: "Rules are resources of their own: those inside a group would take them away",
  severity: "mandatory",
  controls: { other: ["awsguard security-group-no-rule-management-conflicts"] },
  types: [GROUP],
  check: ({ properties }) =>
    (["ingress", "egress"] as const).flatMap((name) => {
      const count = items(properties[name]).length;
      return when(
        count > 0,
        `${name}: got ${count} inside the group, allowed: none. Make each a SecurityGroup${name === "ingress" ? "Ingress" : "Egress"}Rule.`,
      );
    }),
};

export const defaultGroupLocked: StackRule = {
  id: "default-sg-locked",
  title: "What forgets to name its security group gets one that lets nothing through",
  severity: "mandatory",
  controls: { securityHub: ["EC2.2"], checkov: ["CKV2_AWS_12"] },
  types: VPCS,
  checkStack: (resources) => {
    const defaults = ofTypes(resources, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    const missing = ofTypes(resources, ...VPCS)
      .filter((vpc) => !isCovered(vpc, resources, defaults))
      .map((resource) => ({
        resource,
        message:
          "default security group: got AWS's, which lets its members talk, allowed: a DefaultSecurityGroup without rules. Add it.",
      }));
    return [...missing, ...defaults.flatMap(openDefault)];
  },
};

/** A component's own VPC is seen beside the component once it is deployed: either counts for both. */
export function isCovered(
  vpc: Resource,
  resources: readonly Resource[],
  others: readonly Resource[],
): boolean {
  const same = ofTypes(resources, ...VPCS).filter((one) => one === vpc || sharesId(one, vpc));
  return same.some((one) => others.some((other) => namesResource(other, "vpcId", one) !== false));
}

function sharesId(one: Resource, other: Resource): boolean {
  const ids = [one, other].map(({ outputs }) => outputs.vpcId ?? outputs.id);
  return typeof ids[0] === "string" && ids[0] === ids[1];
}

function openDefault(resource: Resource): StackFinding[] {
  const open = (["ingress", "egress"] as const).filter(
    (name) => items(resource.properties[name]).length > 0,
  );
  return open.map((name) => ({
    resource,
    message: mistake(name, items(resource.properties[name]).length, "no rule", "Empty it."),
  }));
}
