import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Evaluation, evaluateStack } from "../../tools/evaluate/evaluate";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { metricMistakes } from "../components/dashboardFacts";
import { byName, byType, DIRECTORY, evaluation, evaluations, onlyOfType } from "../support/program";

const STACKS = ["dev", "prod-base", "prod"] as const;
const ENVIRONMENTS = { dev: "dev", "prod-base": "prod", prod: "prod" };

/** Types that AWS gives no tags. Everything else carries the three. */
const UNTAGGED = [
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:appautoscaling/policy:Policy",
  "aws:backup/selection:Selection",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  "aws:backup/vaultNotifications:VaultNotifications",
  "aws:backup/vaultPolicy:VaultPolicy",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  "aws:ec2/networkAclRule:NetworkAclRule",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  // Passes what it builds on to the repository, and is nothing itself.
  "awsx:ecr:Image",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/invocation:Invocation",
  "aws:lambda/permission:Permission",
  "aws:route53/record:Record",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secretRotation:SecretRotation",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
];

const REFERENCE = "pulumi:pulumi:StackReference";

/** One line a resource, sorted: what a reviewer should see change when the program changes. */
function inventory({ resources }: Evaluation): string {
  const path = (resource: RegisteredResource): string => {
    const parent = resources.find(({ urn }) => urn === resource.parent);
    const own = `${resource.name} (${resource.type}${resource.remote ? ", remote" : ""})`;
    return parent === undefined ? own : `${path(parent)} > ${own}`;
  };
  const lines = resources.map((resource) => {
    const { protect, ignoreChanges } = resource.options;
    const ignored = ignoreChanges.length > 0 ? ` ignores ${ignoreChanges.join()}` : "";
    return `${path(resource)}${protect ? " protected" : ""}${ignored}`;
  });
  return `${lines.sort().join("\n")}\n`;
}

for (const stack of STACKS)
  describe(`the program of stack ${stack}`, () => {
    const environment = ENVIRONMENTS[stack];
    let seen: Evaluation;
    before(async () => {
      seen = await evaluation(stack);
    });

    it("makes exactly the resources of its inventory (UPDATE_GOLDEN=1 rewrites it)", () => {
      const file = join(__dirname, "golden", `${stack}.txt`);
      const actual = inventory(seen);
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, actual);
      assert.ok(existsSync(file), `${file} is missing: run the tests with UPDATE_GOLDEN=1`);
      assert.equal(actual, readFileSync(file, "utf8"));
    });

    it("tags everything that can carry tags, and gives the tags to the provider too", () => {
      const tagged = seen.resources.find(({ inputs }) => inputs.tags !== undefined);
      const tags = (tagged?.inputs.tags ?? {}) as { [name: string]: string };
      const { Environment, Project, CostCenter } = tags;
      assert.equal(Environment, environment);
      assert.equal(Project, "payments");
      assert.match(CostCenter ?? "", /\S/);
      const expected = { Environment, Project, CostCenter };
      for (const { type, name, inputs } of seen.resources) {
        if (!/^awsx?:/.test(type) || UNTAGGED.includes(type)) continue;
        const { Name, ...common } = (inputs.tags ?? {}) as { [name: string]: string };
        assert.deepEqual(common, expected, `${name} (${type})`);
        if (Name !== undefined) assert.equal(Name, name);
      }
      const provider = onlyOfType(seen.resources, "pulumi:providers:aws");
      assert.deepEqual(JSON.parse(provider.inputs.defaultTags as string), { tags: expected });
      // The refresh of credentials marks what it means to start again; that mark is not Pulumi's.
      assert.deepEqual(JSON.parse(provider.inputs.ignoreTags as string), {
        keys: ["payments:refresh"],
      });
    });

    it("names everything by resource type and environment, with the color first", () => {
      for (const { type, name } of seen.resources) {
        if (type === REFERENCE) continue;
        assert.match(name, new RegExp(`^[a-z0-9-]+-${environment}$`), type);
        assert.doesNotMatch(name, /-(blue|green)/, "the color comes first");
      }
    });

    it("keeps physical names within AWS's limits, suffix included", () => {
      for (const type of ["aws:lb/targetGroup:TargetGroup", "aws:lb/loadBalancer:LoadBalancer"])
        for (const { name } of byType(seen.resources, type)) {
          const longest = name.replace(environment, "x".repeat(10));
          assert.ok(`${longest}-1234567`.length <= 32, name);
        }
    });

    it("puts everything under the environment, on the one provider", () => {
      const provider = onlyOfType(seen.resources, "pulumi:providers:aws");
      const root = onlyOfType(seen.resources, "payments:stacks:PaymentsEnvironment");
      assert.equal(root.parent, undefined);
      for (const resource of seen.resources) {
        if ([root, provider].includes(resource) || resource.type === REFERENCE) continue;
        assert.ok(resource.parent, `${resource.name} has no parent`);
        if (!resource.type.startsWith("aws:")) continue;
        assert.ok(
          resource.options.provider.startsWith(`${provider.urn}::`),
          `${resource.name} uses another provider`,
        );
      }
    });

    it("allows no wildcard action, and every resource only where AWS knows no other", () => {
      const policies = [
        ...byType(seen.resources, "aws:iam/rolePolicy:RolePolicy"),
        ...byType(seen.resources, "aws:sns/topicPolicy:TopicPolicy"),
      ];
      for (const { name, inputs } of policies)
        for (const { Sid, Action, Resource, Effect } of JSON.parse(inputs.policy as string)
          .Statement) {
          for (const action of [Action].flat()) assert.doesNotMatch(action, /\*/, `${name} ${Sid}`);
          if (Effect === "Allow" && [Resource].flat().includes("*"))
            assert.ok(["Observe", "RegistryLogin"].includes(Sid), `${name} ${Sid}`);
        }
    });

    it("watches only metrics that are published with exactly these dimensions", async () => {
      // The service layer watches what the layers below have made.
      const all = await evaluations(stack);
      assert.deepEqual(metricMistakes(all.flatMap(({ resources }) => resources)), []);
    });

    it("shows no secret among its outputs", () => {
      assert.deepEqual(seen.secretOutputs, []);
      assert.doesNotMatch(JSON.stringify(seen.outputs), /password/i);
    });
  });

describe("the outputs", () => {
  const DATA = [
    "blueApplicationSecretArn",
    "blueReaderEndpoint",
    "blueWriterEndpoint",
    "cutoverTableName",
    "greenApplicationSecretArn",
    "greenReaderEndpoint",
    "greenWriterEndpoint",
    "switchoverFunctionName",
  ];
  const SERVICE = [
    "albDnsName",
    "albZoneId",
    "cutoverFunctionName",
    "cutoverTopicArn",
    "dashboardName",
    "dashboardUrl",
    "refreshFunctionName",
  ];
  /** Only with a domain. */
  const NAMES = ["blueUrl", "greenUrl", "url"];
  const expected = {
    dev: ["data", "foundation", "service", ...DATA, ...SERVICE],
    "prod-base": ["data", "foundation", ...DATA],
    prod: ["service", ...SERVICE, ...NAMES],
  };
  for (const stack of STACKS)
    it(`of ${stack} name what people and other stacks look for`, async () => {
      const { outputs } = await evaluation(stack);
      assert.deepEqual(Object.keys(outputs).sort(), expected[stack].sort());
      for (const name of [...DATA, ...SERVICE, ...NAMES])
        if (name in outputs) assert.match(String(outputs[name]), /\S/, name);
    });

  it("are the real endpoints of the two clusters and the load balancer", async () => {
    const { resources, outputs } = await evaluation("dev");
    for (const color of ["blue", "green"]) {
      const { state } = byName(resources, `${color}-db-cluster-dev`);
      assert.equal(outputs[`${color}WriterEndpoint`], state.endpoint);
      assert.equal(outputs[`${color}ReaderEndpoint`], state.readerEndpoint);
    }
    assert.equal(outputs.albDnsName, byName(resources, "alb-dev").state.dnsName);
  });
});

describe("the stacks of production", () => {
  it("hand values over by stack reference", async () => {
    const [base, service] = await evaluations("prod");
    assert.ok(base && service);
    const reference = onlyOfType(service.resources, REFERENCE);
    assert.match(reference.name, /\/payments\/prod-base$/);
    const vpcId = byName(base.resources, "vpc-prod").state.vpcId;
    assert.equal(byName(service.resources, "blue-tg-prod").inputs.vpcId, vpcId);
    const key = byName(base.resources, "logs-key-prod").state.arn;
    assert.equal(byName(service.resources, "cutover-logs-prod").inputs.kmsKeyId, key);
    const table = byName(base.resources, "cutover-state-prod").state.name;
    const { environment } = byName(service.resources, "cutover-function-prod").inputs as {
      environment: { variables: { PAYMENTS_STATE_TABLE: string } };
    };
    assert.equal(environment.variables.PAYMENTS_STATE_TABLE, table);
  });

  /** What a stack holds, apart from the resources that every stack has for itself. */
  function held(all: Evaluation[]): string[] {
    const own = /^(pulumi:|payments:stacks:)/;
    return all
      .flatMap(({ resources }) => resources)
      .filter(({ type }) => !own.test(type))
      .map(({ type, name }) => `${type} ${name}`)
      .sort();
  }

  it("make the same resources as one stack would, apart from where they live", async () => {
    const overrides = {
      "payments:layers": ["foundation", "data", "service"],
      "payments:upstream": "",
    };
    const one = await evaluateStack({ directory: DIRECTORY, stack: "prod", overrides });
    assert.deepEqual(held([one]), held(await evaluations("prod")));
  });

  it("make the same resources as three stacks would, each reading the one below", async () => {
    const evaluate = async (
      stack: string,
      overrides: { [key: string]: unknown },
      below: Evaluation[],
      name: string,
    ) => {
      const upstream = below.slice(-1);
      const seen = await evaluateStack({ directory: DIRECTORY, stack, overrides, upstream });
      return [...below, { ...seen, stack: name }];
    };
    let three: Evaluation[] = [];
    three = await evaluate("prod-base", { "payments:layers": ["foundation"] }, three, "bottom");
    const middle = { "payments:layers": ["data"], "payments:upstream": "bottom" };
    three = await evaluate("prod-base", middle, three, "middle");
    three = await evaluate("prod", { "payments:upstream": "middle" }, three, "top");
    assert.deepEqual(held(three), held(await evaluations("prod")));
    const [bottom, , top] = three;
    assert.equal(
      byName(top?.resources ?? [], "cutover-logs-prod").inputs.kmsKeyId,
      byName(bottom?.resources ?? [], "logs-key-prod").state.arn,
    );
  });

  it("protect what holds data, and refuse every account but their own", async () => {
    const [base, service] = await evaluations("prod");
    assert.ok(base && service);
    for (const type of ["aws:rds/cluster:Cluster", "aws:kms/key:Key", "aws:dynamodb/table:Table"])
      for (const { name, options } of byType(base.resources, type))
        assert.equal(options.protect, true, name);
    for (const { resources } of [base, service])
      assert.equal(
        onlyOfType(resources, "pulumi:providers:aws").inputs.allowedAccountIds,
        '["111122223333"]',
      );
  });

  it("are never protected in development, so that it can be removed", async () => {
    const { resources } = await evaluation("dev");
    assert.deepEqual(
      resources.filter(({ options }) => options.protect),
      [],
    );
  });
});
