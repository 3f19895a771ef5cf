import assert from "node:assert/strict";
import { checkStack } from "../../policies/core/check";
import type { Resource } from "../../policies/core/resource";
import { factsOf, levelOf } from "../../policies/core/rule";
import { RULES } from "../../policies/rules";
import { FIXTURES } from "./fixtures";
import { KEY, one, TAGS } from "./fixtures/make";

const TODAY = "2026-11-28";

describe("the severity of a rule", () => {
  const facts = {
    prod: factsOf("prod", TODAY),
    dev: factsOf("dev", TODAY),
    staging: factsOf("staging", TODAY),
    none: factsOf(undefined, TODAY),
  };

  it("is relaxed in dev alone, and nowhere where nobody says what environment it is", () => {
    const levels = Object.values(facts).map((one) => levelOf("mandatory-in-production", one));
    assert.deepEqual(levels, ["mandatory", "advisory", "mandatory", "mandatory"]);
  });

  it("is otherwise the same everywhere", () => {
    for (const one of Object.values(facts)) {
      assert.equal(levelOf("mandatory", one), "mandatory");
      assert.equal(levelOf("advisory", one), "advisory");
    }
  });

  for (const rule of RULES)
    it(`of ${rule.id} is what ${rule.severity} means, in prod and in dev`, () => {
      const [sample] = FIXTURES[rule.id]?.failing ?? [];
      for (const environment of [facts.prod, facts.dev]) {
        const { violations } = checkStack([rule], [], sample?.sample ?? [], environment);
        for (const { level } of violations)
          assert.equal(level, levelOf(rule.severity, environment));
      }
    });
});

/** What a rule lets pass in dev that it does not in production, beside advising. */
describe("a limit that dev relaxes", () => {
  function passes(id: string, sample: Resource[], environment: string): boolean {
    const rules = RULES.filter((rule) => rule.id === id);
    assert.equal(rules.length, 1, id);
    return checkStack(rules, [], sample, factsOf(environment, TODAY)).violations.length === 0;
  }

  const group = one(
    "aws:ec2/securityGroup:SecurityGroup",
    {},
    { name: "alb-sg", outputs: { id: "s" } },
  );
  const fromWorld = (port: number) =>
    one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
      ...{ cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: port, securityGroupId: "s" },
    });
  const relaxed: [id: string, sample: Resource[]][] = [
    [
      "log-group-cmk-retention",
      [one("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: KEY, retentionInDays: 14 })],
    ],
    [
      "alb-hardened",
      [
        one("aws:lb/loadBalancer:LoadBalancer", {
          dropInvalidHeaderFields: true,
          subnets: ["a", "b"],
        }),
      ],
    ],
    ["db-subnets-isolated", [one("aws:rds/subnetGroup:SubnetGroup", { subnetIds: ["a", "b"] })]],
    ["no-open-ingress", [group, fromWorld(80)]],
  ];
  for (const [id, sample] of relaxed)
    it(`passes ${id} there alone`, () => {
      assert.equal(passes(id, sample, "dev"), true);
      assert.equal(passes(id, sample, "prod"), false);
    });

  it("is still a limit", () => {
    const endless = one("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: KEY });
    assert.equal(passes("log-group-cmk-retention", [endless], "dev"), false);
    assert.equal(passes("no-open-ingress", [group, fromWorld(22)], "dev"), false);
  });
});

describe("what ends some day", () => {
  const ended: [id: string, type: string, properties: Resource["properties"], lastDay: string][] = [
    [
      "lambda-hardened",
      "aws:lambda/function:Function",
      {
        runtime: "nodejs22.x",
        timeout: 1,
        architectures: ["arm64"],
        loggingConfig: { logGroup: "l" },
      },
      "2027-04-30",
    ],
    [
      "dms-supported-version",
      "aws:dms/replicationInstance:ReplicationInstance",
      { engineVersion: "3.6.1" },
      "2027-06-30",
    ],
    [
      "aurora-supported-version",
      "aws:rds/cluster:Cluster",
      { engine: "aurora-mysql", engineVersion: "8.0.mysql_aurora.3.10.4" },
      "2028-04-30",
    ],
  ];
  for (const [id, type, properties, lastDay] of ended)
    it(`passes ${id} until ${lastDay}, and no longer`, () => {
      const rules = RULES.filter((rule) => rule.id === id);
      const count = (today: string) =>
        checkStack(rules, [], [one(type, properties)], factsOf("prod", today)).violations.length;
      assert.equal(count(lastDay), 0);
      assert.equal(count(`${lastDay.slice(0, 4)}-12-31`), 1);
    });
});

describe("tags", () => {
  it("name the environment that the stack belongs to", () => {
    const rules = RULES.filter(({ id }) => id === "required-tags");
    const topic = one("aws:sns/topic:Topic", { tags: { ...TAGS, Environment: "dev" } });
    const count = (environment: string | undefined) =>
      checkStack(rules, [], [topic], factsOf(environment, TODAY)).violations.length;
    assert.equal(count("dev"), 0);
    assert.equal(count("prod"), 1);
    assert.equal(count(undefined), 0);
  });
});
