import * as assert from "node:assert/strict";
import { costDiff } from "../../../../tools/preview/diff/cost";
import { AURORA_LARGE, hourlyOf } from "../../../../tools/preview/diff/prices";
import type { ResourceSnapshot } from "../../../../tools/preview/diff/snapshot";
import { resource, snapshot, urnOf } from "./support";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SERVICE = "aws:ecs/service:Service";
const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/clusterInstance:ClusterInstance";

/** USD a month, to the cent, of some resources. */
function monthly(...resources: ResourceSnapshot[]): number {
  return Number(costDiff(snapshot([]), snapshot(resources)).after.toFixed(2));
}

const vpc = (strategy: string) =>
  resource("awsx:ec2:Vpc", "vpc", { natGateways: { strategy }, numberOfAvailabilityZones: 3 });

function service(capacityProvider: string, cpuArchitecture: string): ResourceSnapshot[] {
  const inputs = { cpu: "1024", memory: "2048", runtimePlatform: { cpuArchitecture } };
  const madeFrom = { taskDefinition: [urnOf(TASK, "task")] };
  const strategies = [{ capacityProvider, weight: 1 }];
  const own = { desiredCount: 3, capacityProviderStrategies: strategies };
  return [resource(TASK, "task", inputs), resource(SERVICE, "service", own, { madeFrom })];
}

function serverless(minCapacity: number): ResourceSnapshot[] {
  const inputs = { serverlessv2ScalingConfiguration: { minCapacity, maxCapacity: 16 } };
  const madeFrom = { clusterIdentifier: [urnOf(CLUSTER, "cluster")] };
  const instance = { instanceClass: "db.serverless" };
  return [resource(CLUSTER, "cluster", inputs), resource(INSTANCE, "one", instance, { madeFrom })];
}

function endpoints(): ResourceSnapshot[] {
  const parameters = { SubnetIds: "a,b,c" };
  const endpoint = (name: string, VpcEndpointType: string) =>
    resource("AWS::EC2::VPCEndpoint", `endpoints/${name}`, { VpcEndpointType });
  return [
    resource("aws:cloudformation/stack:Stack", "endpoints", { parameters }),
    endpoint("S3", "Gateway"),
    endpoint("Ecr", "Interface"),
    endpoint("Logs", "Interface"),
  ];
}

const replication = (multiAz: boolean, replicationInstanceClass = "dms.r6i.large") =>
  resource("aws:dms/replicationInstance:ReplicationInstance", "r", {
    multiAz,
    replicationInstanceClass,
  });

describe("What is there by the month", () => {
  // By hand: hourly list price x 730.
  for (const [what, resources, usd] of [
    ["a NAT gateway in each of three zones", [vpc("OnePerAz")], 98.55],
    ["a single NAT gateway", [vpc("Single")], 32.85],
    ["no NAT gateway", [vpc("None")], 0],
    [
      "two interface endpoints in three zones, and a gateway endpoint for nothing",
      endpoints(),
      43.8,
    ],
    ["a load balancer", [resource("aws:lb/loadBalancer:LoadBalancer", "alb")], 16.43],
    ["three Fargate tasks on ARM", service("FARGATE", "ARM64"), 86.5],
    ["three Fargate tasks on x86", service("FARGATE", "X86_64"), 108.12],
    ["three Fargate tasks on ARM and Spot", service("FARGATE_SPOT", "ARM64"), 27.68],
    [
      "a provisioned Aurora instance",
      [resource(INSTANCE, "i", { instanceClass: "db.r6g.xlarge" })],
      379.6,
    ],
    ["a serverless Aurora instance at its least", serverless(1), 87.6],
    ["a replication instance in one zone", [replication(false)], 153.3],
    ["a replication instance in two", [replication(true)], 306.6],
    ["a key", [resource("aws:kms/key:Key", "k")], 1],
    ["a secret in a template", [resource("AWS::SecretsManager::Secret", "s/A")], 0.4],
    [
      "a firewall with two rules",
      [resource("aws:wafv2/webAcl:WebAcl", "w", { rules: [{}, {}] })],
      7,
    ],
    ["a log group, which is not counted", [resource("aws:cloudwatch/logGroup:LogGroup", "l")], 0],
  ] as const)
    it(`counts ${what}`, () => {
      assert.equal(monthly(...resources), usd);
    });

  it("knows a class by its family and size", () => {
    assert.equal(hourlyOf(AURORA_LARGE, "db.r6g.2xlarge"), 1.04);
    assert.equal(hourlyOf(AURORA_LARGE, "db.t4g.medium"), 0.073);
    assert.equal(hourlyOf(AURORA_LARGE, "db.x9.large"), undefined);
    assert.equal(hourlyOf(AURORA_LARGE, "nonsense"), undefined);
  });
});

describe("The difference by the month", () => {
  it("has one line for each item that differs, the largest first", () => {
    const before = snapshot([vpc("Single"), replication(false), resource("aws:kms/key:Key", "k")]);
    const after = snapshot([vpc("OnePerAz"), replication(true), resource("aws:kms/key:Key", "k")]);
    const { lines } = costDiff(before, after);
    assert.deepEqual(
      lines.map(({ item, ...usd }) => `${item} ${(usd.after - usd.before).toFixed(2)}`),
      ["AWS DMS instance 153.30", "NAT gateways 65.70"],
    );
  });

  it("says which class has no price, instead of taking it for nothing", () => {
    const { unknown } = costDiff(snapshot([]), snapshot([replication(true, "dms.x9.large")]));
    assert.deepEqual(unknown, ["The price table does not have dms.x9.large."]);
  });
});
