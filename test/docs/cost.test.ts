import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSources } from "../../tools/docs/sources";
import {
  AURORA_LARGE,
  FARGATE,
  FARGATE_SHARE,
  HOURLY,
  HOURS_PER_MONTH,
  hourlyOf,
  MONTHLY,
  REPLICATION_LARGE,
} from "../../tools/preview/diff/prices";
import { ROOT } from "./support/pages";

const PAGE = readFileSync(join(ROOT, "docs", "cost.md"), "utf8");
const { dev, prod, prodBase } = readSources(ROOT);

/** USD a month by item: of dev, and of production. */
const TABLE: { [item: string]: { dev: number; prod: number } } = Object.fromEntries(
  [
    ...PAGE.matchAll(/^\| ([^|]+?) \|[^|]*\|[^|]*\| \**([\d.]+)\** \|[^|]*\| \**([\d.]+)\** \|$/gm),
  ].map(([, item = "", ofDev, ofProd]) => [item, { dev: Number(ofDev), prod: Number(ofProd) }]),
);

type Key = "dev" | "prod";
const CONFIG = { dev: { ...dev.config }, prod: { ...prod.config } };

/** What the stack's file says; production's lower layers are prod-base's. */
function setting(stack: Key, key: string, isLower = false): unknown {
  const from = stack === "prod" && isLower ? prodBase.config : CONFIG[stack];
  return from[`payments:${key}`];
}

function near(item: string, stack: Key, monthly: number | undefined): void {
  assert.ok(monthly !== undefined && !Number.isNaN(monthly), `${item} has no price`);
  const told = TABLE[item]?.[stack] ?? Number.NaN;
  assert.ok(Math.abs(told - monthly) <= 0.1, `${item} of ${stack}: ${told}, should be ${monthly}`);
}

describe("docs/cost.md", () => {
  for (const stack of ["dev", "prod"] as const) {
    it(`adds up what ${stack} costs`, () => {
      const { "**together**": together, ...items } = TABLE;
      const sum = Object.values(items).reduce((total, item) => total + item[stack], 0);
      assert.ok(Object.keys(items).length >= 10);
      assert.equal(together?.[stack], Math.round(sum));
    });

    it(`reckons ${stack} by its settings and the price table`, () => {
      const zones = Number(setting(stack, "availabilityZones", true));
      const instances = 2 * Number(setting(stack, "databaseInstancesPerCluster", true));
      const instanceClass = String(setting(stack, "databaseInstanceClass", true));
      const each =
        instanceClass === "db.serverless"
          ? HOURLY.auroraCapacityUnit * Number(setting(stack, "databaseMinCapacity", true))
          : (hourlyOf(AURORA_LARGE, instanceClass) ?? Number.NaN);
      near("Aurora instances", stack, instances * each * HOURS_PER_MONTH);
      const replication = hourlyOf(
        REPLICATION_LARGE,
        String(setting(stack, "replicationInstanceClass", true)),
      );
      const copies = setting(stack, "replicationMultiAz", true) === true ? 2 : 1;
      near("AWS DMS instance", stack, copies * (replication ?? Number.NaN) * HOURS_PER_MONTH);
      const gateways = setting(stack, "natGateways", true) === "single" ? 1 : zones;
      near("NAT gateways", stack, gateways * HOURLY.natGateway * HOURS_PER_MONTH);
      const price = FARGATE.ARM64;
      const share =
        FARGATE_SHARE[setting(stack, "taskCapacity") === "spot" ? "FARGATE_SPOT" : "FARGATE"];
      const task =
        ((Number(setting(stack, "taskCpu")) * (price?.cpu ?? Number.NaN) +
          Number(setting(stack, "taskMemory")) * (price?.gigabyte ?? Number.NaN)) /
          1024) *
        (share ?? Number.NaN);
      near(
        "Fargate tasks (ARM)",
        stack,
        2 * Number(setting(stack, "tasksPerColor")) * task * HOURS_PER_MONTH,
      );
      const used = setting(stack, "interfaceEndpoints", true) === "used";
      near(
        "interface endpoints",
        stack,
        used ? endpoints() * zones * HOURLY.interfaceEndpoint * HOURS_PER_MONTH : 0,
      );
      near("load balancer", stack, HOURLY.loadBalancer * HOURS_PER_MONTH);
      near("secrets", stack, 10 * MONTHLY.secret);
    });
  }
});

/** How many interface endpoints the template has. */
function endpoints(): number {
  const source = readFileSync(join(ROOT, "stacks", "templates", "endpoints.ts"), "utf8");
  return [...source.matchAll(/kind: "Interface",/g)].length;
}
