import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { allowedFlows, rulesOf } from "../../components/network/flows";
import { Network, withoutPublicAddresses } from "../../components/network/network";
import { endpointsTemplate } from "../../stacks/templates/endpoints";
import { routeTableIdOf } from "../../tools/evaluate/invokes";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const PORTS = { listener: 443, application: 8443, database: 3306 };

const FLOWS = { ports: PORTS, interfaceEndpoints: "used" as const };
const LEGACY = { cidr: "192.168.10.0/24", port: 3307 };
const ALERTS = "arn:aws:sns:us-east-1:111122223333:alerts";

function renderNetwork(
  natGateways: "single" | "one-per-zone",
  interfaceEndpoints: "used" | "none" = "used",
  legacy?: typeof LEGACY,
): Promise<Rendered> {
  return render(
    () =>
      new Network("network-test", {
        ...COMMON,
        cidr: "10.20.0.0/16",
        availabilityZones: 3,
        natGateways,
        flows: { ports: PORTS, interfaceEndpoints, ...(legacy && { legacy }) },
        endpointsTemplate: endpointsTemplate(interfaceEndpoints),
        accountId: ACCOUNT,
        logsKeyArn: `${KEY}/logs`,
        logRetentionDays: 400,
        alertsTopicArn: ALERTS,
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
    for (const tier of ["alb", "app", "db", "replication", "rotation", "endpoints"]) {
      const name = `${tier}-sg-test`;
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
      "app-sg-443-to-endpoints-sg-test": {
        securityGroupId: idOf("app-sg-test"),
        referencedSecurityGroupId: idOf("endpoints-sg-test"),
        ...tcp(443),
        description: "Tasks to AWS services, on private ways",
      },
      "endpoints-sg-443-from-app-sg-test": {
        securityGroupId: idOf("endpoints-sg-test"),
        referencedSecurityGroupId: idOf("app-sg-test"),
        ...tcp(443),
        description: "Tasks to AWS services, on private ways",
      },
      "app-sg-443-to-world-test": {
        securityGroupId: idOf("app-sg-test"),
        cidrIpv4: "0.0.0.0/0",
        ...tcp(443),
        description: "Tasks to payment networks, and to what has no private way, through NAT",
      },
      ...between("replication-sg", "db-sg", 3306, "Replication between the clusters"),
      ...between("replication-sg", "endpoints-sg", 443, "Replication reads its credentials"),
      ...between("rotation-sg", "db-sg", 3306, "New passwords to Aurora"),
      ...between("rotation-sg", "endpoints-sg", 443, "Rotation reads and writes credentials"),
    });

    function between(from: string, to: string, port: number, description: string) {
      const [source, target] = [idOf(`${from}-test`), idOf(`${to}-test`)];
      return {
        [`${from}-${port}-to-${to}-test`]: {
          securityGroupId: source,
          referencedSecurityGroupId: target,
          ...tcp(port),
          description,
        },
        [`${to}-${port}-from-${from}-test`]: {
          securityGroupId: target,
          referencedSecurityGroupId: source,
          ...tcp(port),
          description,
        },
      };
    }
  });

  it("lets replication alone reach the on-premises database, where there is one", async () => {
    const extended = await renderNetwork("single", "used", LEGACY);
    assert.deepEqual(extended.tagged("replication-sg-3307-to-legacy-test"), {
      securityGroupId: extended.get("replication-sg-test").id,
      cidrIpv4: "192.168.10.0/24",
      ipProtocol: "tcp",
      fromPort: 3307,
      toPort: 3307,
      description: "Replication reads the on-premises database",
    });
    const others = network.names;
    assert.deepEqual(
      extended.names.filter((name) => !others.includes(name)),
      ["replication-sg-3307-to-legacy-test"],
    );
  });

  it("sends calls to AWS through NAT where there are no interface endpoints", async () => {
    const minimal = await renderNetwork("single", "none");
    for (const group of ["replication", "rotation"])
      assert.deepEqual(
        minimal.get(`${group}-sg-443-to-world-test`).inputs.cidrIpv4,
        "0.0.0.0/0",
        group,
      );
    assert.deepEqual(
      minimal.names.filter((name) => /(to|from)-endpoints|endpoints-sg-\d/.test(name)),
      [],
    );
  });

  it("tells people of what happens to the endpoints", () => {
    assert.deepEqual(network.get("endpoints-test", STACK).inputs.notificationArns, [ALERTS]);
  });

  it("gives the private subnets alone private ways to AWS services", () => {
    const { parameters, templateBody } = network.get("endpoints-test", STACK).inputs as {
      parameters: { [name: string]: string };
      templateBody: string;
    };
    const { vpcId, privateSubnetIds } = network.get("vpc-test").state as {
      vpcId: string;
      privateSubnetIds: string[];
    };
    assert.deepEqual(parameters, {
      VpcId: vpcId,
      RouteTableIds: privateSubnetIds.map(routeTableIdOf).join(","),
      SubnetIds: privateSubnetIds.join(","),
      SecurityGroupIds: network.get("endpoints-sg-test").id,
    });
    assert.deepEqual(JSON.parse(templateBody), endpointsTemplate("used"));
  });

  it("passes no parameter that the template without interface endpoints would refuse", async () => {
    const minimal = await renderNetwork("single", "none");
    const { parameters } = minimal.get("endpoints-test", STACK).inputs as { parameters: object };
    assert.deepEqual(Object.keys(parameters).sort(), ["RouteTableIds", "VpcId"]);
  });

  it("records every connection, encrypted, minute by minute", () => {
    assert.deepEqual(network.tagged("vpc-flow-log-test"), {
      vpcId: network.get("vpc-test").state.vpcId,
      trafficType: "ALL",
      maxAggregationInterval: 60,
      logDestinationType: "cloud-watch-logs",
      logDestination: network.get("flow-logs-test").state.arn,
      iamRoleArn: network.get("flow-logs-role-test").state.arn,
    });
    assert.deepEqual(network.tagged("flow-logs-test"), {
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
    assert.ok(network.needs("vpc-flow-log-test").includes("flow-logs-policy-test"));
  });

  it("lets the flow logs' role write into its own group and nowhere else, for this account", () => {
    const arn = network.get("flow-logs-test").state.arn;
    assert.deepEqual(statements(network.get("flow-logs-policy-test").inputs.policy), {
      WriteFlowLogs: {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [arn, `${arn}:*`],
      },
    });
    const { assumeRolePolicy } = network.get("flow-logs-role-test").inputs;
    assert.match(String(assumeRolePolicy), /vpc-flow-logs\.amazonaws\.com.*111122223333/);
  });

  it("puts a second lock on the database subnets: queries in, answers out, inside the VPC", () => {
    const { vpcId, isolatedSubnetIds } = network.get("vpc-test").state;
    assert.deepEqual(network.tagged("db-acl-test"), { vpcId, subnetIds: isolatedSubnetIds });
    const rule = {
      networkAclId: network.get("db-acl-test").id,
      ruleNumber: 100,
      protocol: "tcp",
      ruleAction: "allow",
      cidrBlock: "10.20.0.0/16",
    };
    assert.deepEqual(network.get("db-acl-queries-test").inputs, {
      ...rule,
      egress: false,
      fromPort: 3306,
      toPort: 3306,
    });
    assert.deepEqual(network.get("db-acl-answers-test").inputs, {
      ...rule,
      egress: true,
      fromPort: 1024,
      toPort: 65535,
    });
    const rules = network.resources.filter(({ type }) => type.includes("networkAclRule"));
    assert.equal(rules.length, 2);
  });
});

const STACK = "aws:cloudformation/stack:Stack";

describe("the flows", () => {
  it("let nothing but the load balancer be reached from the world", () => {
    const open = rulesOf(allowedFlows({ ...FLOWS, legacy: LEGACY })).filter(
      ({ direction, peer }) => direction === "ingress" && peer === "world",
    );
    assert.deepEqual(
      open.map(({ group, port }) => [group, port]),
      [["loadBalancer", 443]],
    );
  });

  it("give the databases no way out", () => {
    const out = rulesOf(allowedFlows({ ...FLOWS, legacy: LEGACY })).filter(
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

describe("the endpoints' template", () => {
  const services = (interfaces: "used" | "none") =>
    Object.values(endpointsTemplate(interfaces).Resources).map(
      ({ Properties }) => (Properties.ServiceName as { "Fn::Sub": string })["Fn::Sub"],
    );
  const service = (name: string) => `com.amazonaws.\${AWS::Region}.${name}`;

  it("has the gateways always, and an interface for each service that is called from inside", () => {
    assert.deepEqual(services("none"), ["s3", "dynamodb"].map(service));
    const called = ["s3", "dynamodb", "ecr.api", "ecr.dkr", "logs", "ssm", "secretsmanager"];
    assert.deepEqual(services("used"), called.map(service));
  });

  it("answers interface endpoints under the services' own names, and allows nobody else's account", () => {
    for (const { Properties } of Object.values(endpointsTemplate("used").Resources)) {
      const { VpcEndpointType, PrivateDnsEnabled, PolicyDocument } = Properties;
      assert.equal(PrivateDnsEnabled, VpcEndpointType === "Interface" ? true : undefined);
      const { Statement } = PolicyDocument as {
        Statement: { Sid: string; Action: string[]; Condition?: { StringEquals: object } }[];
      };
      for (const { Sid, Action, Condition } of Statement) {
        for (const action of Action) assert.doesNotMatch(action, /\*/);
        const bound = Object.keys(Condition?.StringEquals ?? {});
        if (Sid !== "ImageLayers") assert.ok(bound.includes("aws:PrincipalAccount"), Sid);
      }
    }
  });
});
