import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { allowedFlows, rulesOf } from "../../components/network/flows";
import { Network, withoutPublicAddresses } from "../../components/network/network";
import { endpointsTemplate } from "../../stacks/templates/endpoints";
import { COMMON, type Rendered, render } from "./support";

const PORTS = { listener: 443, application: 8443, database: 3306 };

function renderNetwork(natGateways: "single" | "one-per-zone"): Promise<Rendered> {
  return render(
    () =>
      new Network("network-test", {
        ...COMMON,
        cidr: "10.20.0.0/16",
        natGateways,
        ports: PORTS,
        endpointsTemplate: endpointsTemplate(),
      }),
  );
}

describe("Network", () => {
  let network: Rendered;
  before(async () => {
    network = await renderNetwork("one-per-zone");
  });

  it("spans three zones with public, private and isolated subnets, and a NAT gateway in each", () => {
    assert.deepEqual(network.tagged("vpc-test"), {
      cidrBlock: "10.20.0.0/16",
      numberOfAvailabilityZones: 3,
      natGateways: { strategy: "OnePerAz" },
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Private", name: "private", cidrMask: 20 },
        { type: "Public", name: "public", cidrMask: 24 },
        { type: "Isolated", name: "isolated", cidrMask: 24 },
      ],
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    assert.equal(network.get("vpc-test").remote, true);
    assert.equal(network.get("vpc-test").options.transforms, 1);
  });

  it("shares one NAT gateway where that is asked for", async () => {
    const single = await renderNetwork("single");
    assert.deepEqual(single.get("vpc-test").inputs.natGateways, { strategy: "Single" });
  });

  it("locks the default security group", () => {
    const { vpcId, ...rules } = network.tagged("default-sg-test") as { vpcId: string };
    assert.deepEqual(rules, { ingress: [], egress: [] });
    assert.equal(vpcId, network.get("vpc-test").state.vpcId);
  });

  it("has a security group for each tier, without rules of its own", () => {
    for (const name of ["alb-sg-test", "app-sg-test", "db-sg-test"]) {
      const { ingress, egress, description } = network.tagged(name) as { [key: string]: unknown };
      assert.equal(ingress, undefined);
      assert.equal(egress, undefined);
      assert.match(String(description), /\S/);
    }
  });

  it("has one rule for each end of each allowed flow, and no other", () => {
    const idOf = (name: string) => network.get(name).id;
    const rules = network.resources
      .filter(({ type }) => /securityGroup(In|E)gressRule/.test(type))
      .map(({ name }) => [name, network.tagged(name)]);
    const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
    assert.deepEqual(Object.fromEntries(rules), {
      "alb-sg-443-from-world-test": {
        securityGroupId: idOf("alb-sg-test"),
        cidrIpv4: "0.0.0.0/0",
        ...tcp(443),
        description: "Clients to the load balancer",
      },
      "alb-sg-8443-to-app-sg-test": {
        securityGroupId: idOf("alb-sg-test"),
        referencedSecurityGroupId: idOf("app-sg-test"),
        ...tcp(8443),
        description: "Payments and health checks to the tasks",
      },
      "app-sg-8443-from-alb-sg-test": {
        securityGroupId: idOf("app-sg-test"),
        referencedSecurityGroupId: idOf("alb-sg-test"),
        ...tcp(8443),
        description: "Payments and health checks to the tasks",
      },
      "app-sg-3306-to-db-sg-test": {
        securityGroupId: idOf("app-sg-test"),
        referencedSecurityGroupId: idOf("db-sg-test"),
        ...tcp(3306),
        description: "Tasks to Aurora",
      },
      "db-sg-3306-from-app-sg-test": {
        securityGroupId: idOf("db-sg-test"),
        referencedSecurityGroupId: idOf("app-sg-test"),
        ...tcp(3306),
        description: "Tasks to Aurora",
      },
      "app-sg-443-to-world-test": {
        securityGroupId: idOf("app-sg-test"),
        cidrIpv4: "0.0.0.0/0",
        ...tcp(443),
        description: "Tasks to AWS services and payment networks, through NAT",
      },
    });
  });

  it("gives every route table a private way to S3 and DynamoDB", () => {
    const { parameters, templateBody } = network.get("endpoints-test", STACK).inputs as {
      parameters: { VpcId: string; RouteTableIds: string };
      templateBody: string;
    };
    assert.equal(parameters.VpcId, network.get("vpc-test").state.vpcId);
    assert.match(parameters.RouteTableIds, /^rtb-\w+(,rtb-\w+){8}$/);
    assert.deepEqual(JSON.parse(templateBody), endpointsTemplate());
  });
});

const STACK = "aws:cloudformation/stack:Stack";

describe("the flows", () => {
  it("let nothing but the load balancer be reached from the world", () => {
    const open = rulesOf(allowedFlows(PORTS)).filter(
      ({ direction, peer }) => direction === "ingress" && peer === "world",
    );
    assert.deepEqual(
      open.map(({ group, port }) => [group, port]),
      [["loadBalancer", 443]],
    );
  });

  it("give the databases no way out", () => {
    const out = rulesOf(allowedFlows(PORTS)).filter(
      ({ direction, group }) => direction === "egress" && group === "database",
    );
    assert.deepEqual(out, []);
  });
});

describe("withoutPublicAddresses", () => {
  const transform = (type: string) =>
    withoutPublicAddresses({
      type,
      props: { mapPublicIpOnLaunch: true, cidrBlock: "10.0.0.0/24" },
      opts: {},
    } as unknown as pulumi.ResourceTransformArgs);

  it("keeps subnets from handing out public addresses, and changes nothing else of them", () => {
    assert.deepEqual(transform("aws:ec2/subnet:Subnet"), {
      props: { mapPublicIpOnLaunch: false, cidrBlock: "10.0.0.0/24" },
      opts: {},
    });
  });

  it("leaves everything else alone", () => {
    assert.equal(transform("aws:ec2/vpc:Vpc"), undefined);
  });
});
