import assert from "node:assert/strict";
import { checkStack, withTemplates } from "../../policies/core/check";
import type { Resource } from "../../policies/core/resource";
import { factsOf, isAbout, isStackRule } from "../../policies/core/rule";
import { at, items, parsed } from "../../policies/core/values";
import { EXEMPTIONS } from "../../policies/exemptions";
import { RULES } from "../../policies/rules";
import { readConfiguration } from "../../tools/evaluate/configuration";
import { evaluateStack } from "../../tools/evaluate/evaluate";
import { readProject } from "../../tools/evaluate/project";
import { checkPolicies, environmentOf, violatesPolicies } from "../../tools/preview/policies";
import { DIRECTORY, evaluation, evaluations } from "../support/program";
import { type Breaking, changed, resourcesOf, without } from "./program";

/** Before any exemption ends. */
const NOW = new Date("2026-11-28T12:00:00Z");
const FACTS = factsOf("prod", "2026-11-28");
const STACKS = ["dev", "prod-base", "prod"];

describe("the program", () => {
  for (const stack of STACKS)
    it(`keeps every mandatory rule in ${stack}, but for what is exempt`, async () => {
      const result = checkPolicies([await evaluation(stack)], NOW);
      const mandatory = result.stacks.flatMap(({ report }) =>
        report.violations.filter(({ level }) => level === "mandatory"),
      );
      assert.deepEqual(
        mandatory.map(({ rule, resource, message }) => `${rule.id} ${resource.name}: ${message}`),
        [],
      );
      assert.equal(violatesPolicies(result), false);
    });

  it("keeps every rule at all in production, but for what is exempt", async () => {
    const { stacks } = checkPolicies(await evaluations("prod"), NOW);
    assert.equal(stacks.length, 2);
    for (const { report } of stacks) {
      assert.equal(report.facts.relaxed, false);
      assert.deepEqual(report.violations, []);
    }
  });

  it("makes use of every exemption", async () => {
    const all = await Promise.all(STACKS.map(evaluation));
    assert.deepEqual(checkPolicies(all, NOW).unused, []);
    const reports = checkPolicies(all, NOW).stacks.map(({ report }) => report);
    for (const exemption of EXEMPTIONS)
      for (const environment of exemption.environments)
        assert.ok(
          reports.some(
            ({ facts, exempted }) =>
              facts.environment === environment &&
              exempted.some((one) => one.exemption === exemption),
          ),
          `${exemption.rule} in ${environment}`,
        );
  });

  it("says its environment by the tags of its provider, as its configuration does", async () => {
    for (const stack of STACKS) {
      const { values } = readConfiguration(readProject(DIRECTORY), stack);
      assert.equal(environmentOf(await evaluation(stack)), values["payments:environment"]);
    }
  });

  it("keeps every rule before anything is deployed, too", async () => {
    const preview = await evaluateStack({ directory: DIRECTORY, stack: "dev", preview: true });
    assert.equal(violatesPolicies(checkPolicies([preview], NOW)), false);
  });

  it("has the resources of its templates looked at, by name", async () => {
    const all = withTemplates(await resourcesOf("prod-base")).filter(({ template }) => template);
    assert.equal(all.length, 37);
    const logs = all.find(({ name }) => name === "blue-db-rotation-prod/ApplicationRotationLogs");
    assert.equal(logs?.type, "aws:cloudwatch/logGroup:LogGroup");
    assert.equal(logs?.properties.retentionInDays, 400);
    assert.match(String(logs?.properties.kmsKeyId), /^arn:aws:kms:/);
  });

  it("names what no rule can see before a deployment", async () => {
    const { stacks } = checkPolicies([await evaluation("prod-base")], NOW);
    assert.deepEqual(
      stacks[0]?.report.hidden.map(({ name }) => name),
      ["vpc-prod"],
    );
  });
});

/** Rules about what we do not deploy, or only inside a component that a provider makes. */
const UNSEEN = ["sqs-cmk", "subnet-no-public-ip"];

describe("the rules", () => {
  it("look at something that we deploy, except two", async () => {
    const resources = withTemplates((await Promise.all(STACKS.map(resourcesOf))).flat());
    const unseen = RULES.filter((rule) => !resources.some(({ type }) => isAbout(rule, type)));
    assert.deepEqual(
      unseen.map(({ id }) => id),
      UNSEEN,
    );
  });
});

interface Mutation {
  stack: string;
  /** What has to be mended first, where the program is exempt. */
  mend?: Breaking;
  break: Breaking;
}

const GROUP_EVENTS: Breaking = (resources) => [
  ...resources,
  ...["db-parameter-group", "db-security-group"].map((sourceType) => ({
    ...(resources.find(({ type }) => type === SUBSCRIPTION) as Resource),
    name: sourceType,
    properties: { sourceType },
  })),
];

const SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription";
const CLUSTER = "aws:rds/cluster:Cluster";
const TASK = "aws:dms/replicationTask:ReplicationTask";

/** The first rule of the plan without its copies. */
const withoutCopies: Breaking = (resources) =>
  resources.map((one) =>
    one.type === "aws:backup/plan:Plan"
      ? {
          ...one,
          properties: {
            rules: items(one.properties.rules).map((rule) => ({
              ruleName: at(rule, "ruleName"),
            })),
          },
        }
      : one,
  );

/** The template of a stack without one of its resources. */
const withoutInTemplate =
  (stack: string, id: string): Breaking =>
  (resources) =>
    resources.map((one) => {
      if (one.name !== stack || one.properties.templateBody === undefined) return one;
      const template = parsed(one.properties.templateBody) as { Resources: object };
      const { [id as keyof object]: _, ...Resources } = template.Resources;
      const templateBody = JSON.stringify({ ...template, Resources });
      return { ...one, properties: { ...one.properties, templateBody } };
    });

/** One change to the real program for each rule about how resources belong together. */
const MUTATIONS: { [rule: string]: Mutation } = {
  "s3-cmk": {
    stack: "prod-base",
    break: without(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ),
  },
  "s3-tls-only": {
    stack: "prod-base",
    break: changed("aws:s3/bucketPolicy:BucketPolicy", "trail", { policy: '{"Statement":[]}' }),
  },
  "s3-public-access-blocked": {
    stack: "prod-base",
    break: changed("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "trail", {
      restrictPublicBuckets: false,
    }),
  },
  "s3-versioned": {
    stack: "prod-base",
    break: without("aws:s3/bucketVersioning:BucketVersioning"),
  },
  "alb-logs": {
    stack: "prod",
    break: without("aws:cloudwatch/logDelivery:LogDelivery", "alb-access"),
  },
  "alb-waf-associated": {
    stack: "prod",
    break: without("aws:wafv2/webAclAssociation:WebAclAssociation"),
  },
  "wafv2-logging-and-rules": {
    stack: "prod",
    break: without("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"),
  },
  "no-open-ingress": {
    stack: "prod-base",
    break: changed(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "db-sg-3306-from-app-sg",
      { cidrIpv4: "0.0.0.0/0" },
    ),
  },
  "no-all-egress": {
    stack: "prod-base",
    break: changed("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "app-sg-443-to-w", {
      toPort: 65535,
    }),
  },
  "default-sg-locked": {
    stack: "prod-base",
    break: without("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
  },
  "flow-logs": {
    stack: "prod-base",
    break: changed("aws:ec2/flowLog:FlowLog", "", { trafficType: "REJECT" }),
  },
  "db-subnets-isolated": {
    stack: "prod-base",
    break: (resources) => {
      const vpc = resources.find(({ type }) => type === "awsx:ec2:Vpc");
      const subnetIds = vpc?.outputs.privateSubnetIds;
      return changed("aws:rds/subnetGroup:SubnetGroup", "blue", { subnetIds })(resources);
    },
  },
  "vpc-endpoints-complete": {
    stack: "prod-base",
    break: withoutInTemplate("endpoints-prod", "LogsEndpoint"),
  },
  "rds-multi-az": {
    stack: "prod-base",
    break: (resources) =>
      ["blue-db-instance-2", "blue-db-instance-3"].reduce(
        (left, name) => without("aws:rds/clusterInstance:ClusterInstance", name)(left),
        resources,
      ),
  },
  "rds-event-subscriptions": { stack: "prod-base", break: without(SUBSCRIPTION) },
  "rds-group-event-subscriptions": {
    stack: "prod-base",
    mend: GROUP_EVENTS,
    break: without(SUBSCRIPTION, "db-parameter-group"),
  },
  "dms-no-loop": {
    stack: "prod-base",
    break: changed(TASK, "green", { startReplicationTask: true }),
  },
  "secret-rotated": {
    stack: "prod-base",
    break: withoutInTemplate("green-db-rotation-prod", "ApplicationRotation"),
  },
  "backup-copied": { stack: "prod-base", break: withoutCopies },
  "backup-covers-databases": {
    stack: "prod-base",
    break: (resources) => {
      const blue = resources.find(({ type }) => type === CLUSTER);
      const named = { resources: [blue?.outputs.arn] };
      return changed("aws:backup/selection:Selection", "", named)(resources);
    },
  },
  "lambda-failures-heard": {
    stack: "prod",
    break: without("aws:cloudwatch/metricAlarm:MetricAlarm", "cutover-function-errors"),
  },
  "route53-weights-sane": {
    stack: "prod",
    break: without("aws:route53/record:Record", "legacy"),
  },
};

describe("a change to the real program", () => {
  const stackRules = RULES.filter(isStackRule);

  it("is there for each rule about how resources belong together", () => {
    assert.deepEqual(Object.keys(MUTATIONS).sort(), stackRules.map(({ id }) => id).sort());
  });

  for (const rule of stackRules)
    it(`is noticed by ${rule.id}`, async () => {
      const { stack, mend = (all) => all, break: breaks } = MUTATIONS[rule.id] as Mutation;
      const whole = mend(await resourcesOf(stack));
      const says = (resources: Resource[]) => checkStack([rule], [], resources, FACTS).violations;
      assert.deepEqual(says(whole), []);
      const [violation] = says(breaks(whole));
      assert.equal(violation?.rule.id, rule.id);
      assert.equal(violation?.level, rule.severity === "advisory" ? "advisory" : "mandatory");
    });
});
