import * as assert from "node:assert/strict";
import {
  type EvaluateOptions,
  type Evaluation,
  evaluateStack,
} from "../../../tools/evaluate/evaluate";
import { UNKNOWN } from "../../../tools/evaluate/values";
import { type Fixture, makeFixture } from "../../support/fixture";
import { byName, byType, secretValue } from "../../support/program";

const PROJECT = "name: shop\nruntime: nodejs\n";
const IMPORTS = `
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
class Part extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions, type = "shop:parts:Part") {
    super(type, name, {}, opts);
  }
}
`;

describe("Evaluation of a program", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = makeFixture({
      "Pulumi.yaml": PROJECT,
      "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n  shop:pin: { secure: v1:abc }\n",
    });
  });
  afterEach(() => fixture.remove());

  function evaluate(program: string, options: Partial<EvaluateOptions> = {}): Promise<Evaluation> {
    fixture.write("index.ts", IMPORTS + program);
    return evaluateStack({ directory: fixture.directory, stack: "dev", ...options });
  }

  describe("records", () => {
    it("URNs with the types of all ancestors", async () => {
      const { resources } = await evaluate(`
        const outer = new Part("outer", {}, "shop:parts:Outer");
        const inner = new Part("inner", { parent: outer });
        new aws.sns.Topic("topic", {}, { parent: inner });
      `);
      const type = "shop:parts:Outer$shop:parts:Part$aws:sns/topic:Topic";
      const topic = byName(resources, "topic");
      assert.equal(topic.urn, `urn:pulumi:dev::shop::${type}::topic`);
      assert.equal(topic.parent, byName(resources, "inner").urn);
      assert.equal(byName(resources, "outer").parent, undefined);
    });

    it("components, custom resources and remote components apart", async () => {
      const { resources } = await evaluate(`
        new Part("part");
        new aws.sns.Topic("topic");
        new awsx.ec2.Vpc("vpc");
      `);
      const kinds = resources.map(({ name, custom, remote }) => ({ name, custom, remote }));
      assert.deepEqual(kinds, [
        { name: "part", custom: false, remote: false },
        { name: "topic", custom: true, remote: false },
        { name: "vpc", custom: false, remote: true },
      ]);
    });

    it("protection that comes from the component, and its lifting", async () => {
      const { resources } = await evaluate(`
        const parent = new Part("part", { protect: true });
        new aws.sns.Topic("kept", {}, { parent });
        new aws.sns.Topic("free", {}, { parent, protect: false });
        new aws.sns.Topic("other");
      `);
      const isProtected = (name: string) => byName(resources, name).options.protect;
      assert.deepEqual(["kept", "free", "other"].map(isProtected), [true, false, false]);
    });

    it("the other options", async () => {
      const { resources } = await evaluate(`
        const first = new aws.sns.Topic("first");
        new aws.sns.Topic("second", {}, {
          dependsOn: first, ignoreChanges: ["tags"], retainOnDelete: true, deleteBeforeReplace: true,
          replaceOnChanges: ["name"], aliases: [{ name: "old" }], customTimeouts: { create: "5m" },
        });
      `);
      const { options } = byName(resources, "second");
      assert.deepEqual(options.dependsOn, [byName(resources, "first").urn]);
      assert.deepEqual(options.ignoreChanges, ["tags"]);
      assert.deepEqual(options.replaceOnChanges, ["name"]);
      assert.equal(options.retainOnDelete, true);
      assert.equal(options.deleteBeforeReplace, true);
      assert.equal(byName(resources, "first").options.deleteBeforeReplace, undefined);
      assert.equal(options.customTimeouts.create, "5m");
      assert.match(JSON.stringify(options.aliases), /"old"/);
    });

    it("the provider, also through components", async () => {
      const { resources } = await evaluate(`
        const provider = new aws.Provider("mine", { region: "us-east-1" });
        const parent = new Part("part", { providers: { aws: provider } });
        new aws.sns.Topic("topic", {}, { parent });
      `);
      const [provider] = byType(resources, "pulumi:providers:aws");
      const { options } = byName(resources, "topic");
      assert.equal(options.provider, `${provider?.urn}::${provider?.id}`);
    });

    it("what each input was made from", async () => {
      const { resources } = await evaluate(`
        const topic = new aws.sns.Topic("topic");
        new aws.sns.TopicPolicy("policy", { arn: topic.arn, policy: "{}" });
      `);
      const policy = byName(resources, "policy");
      assert.deepEqual(policy.propertyDependencies.arn, [byName(resources, "topic").urn]);
      assert.deepEqual(policy.options.dependsOn, [byName(resources, "topic").urn]);
      assert.match(String(policy.inputs.arn), /^arn:aws:sns:eu-west-1:111122223333:topic-/);
    });

    it("secrets as secrets, in inputs, state and outputs", async () => {
      const { resources, outputs, secretOutputs } = await evaluate(`
        const pin = new pulumi.Config().requireSecret("pin");
        const parameter = new aws.ssm.Parameter("pin", { type: "SecureString", value: pin });
        const topic = new aws.sns.Topic("topic", {}, { additionalSecretOutputs: ["arn"] });
        export const value = parameter.value;
        export const nested = { arn: topic.arn };
        export const open = topic.name;
      `);
      const { inputs, state } = byName(resources, "pin");
      assert.equal(secretValue(inputs.value), "decrypted-value-of-shop-pin");
      assert.equal(secretValue(state.value), "decrypted-value-of-shop-pin");
      assert.deepEqual(secretOutputs.sort(), ["nested", "value"]);
      assert.equal(outputs.value, "decrypted-value-of-shop-pin");
    });

    it("what components give out", async () => {
      const { resources } = await evaluate(`
        class Shop extends Part {
          constructor() {
            super("shop");
            const topic = new aws.sns.Topic("topic", { name: "orders" }, { parent: this });
            this.registerOutputs({ name: topic.name });
          }
        }
        new Shop();
      `);
      assert.deepEqual(byName(resources, "shop").state, { name: "orders" });
    });

    it("resources that come late, and what an async program returns", async () => {
      const { resources, outputs } = await evaluate(`
        export = async () => {
          const later = new Promise<string>((resolve) => setTimeout(resolve, 20, "late"));
          const first = new aws.sns.Topic("first", { displayName: later });
          first.arn.apply((arn) => new aws.sns.Topic("second", { displayName: arn }));
          return { word: "early" };
        };
      `);
      const names = resources.map(({ name }) => name);
      assert.deepEqual(names, ["first", "second"]);
      assert.deepEqual(outputs, { word: "early" });
    });

    it("questions to AWS, with answers", async () => {
      const { calls, outputs } = await evaluate(`
        export const account = aws.getCallerIdentityOutput().accountId;
        export const zones = aws.getAvailabilityZonesOutput({ state: "available" }).names;
        export const policy = aws.iam.getPolicyDocumentOutput({
          statements: [{ actions: ["s3:GetObject"], resources: ["*"] }],
        }).json;
      `);
      assert.equal(calls.length, 3);
      assert.equal(outputs.account, "111122223333");
      assert.equal((outputs.zones as string[]).length, 6);
      const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
      assert.deepEqual(JSON.parse(String(outputs.policy)).Statement, [statement]);
    });
  });

  describe("refuses", () => {
    const refusals: [string, string, RegExp][] = [
      [
        "two resources of one name",
        'new aws.sns.Topic("one"); new aws.sns.Topic("one");',
        /Duplicate resource URN 'urn:pulumi:dev::shop::aws:sns\/topic:Topic::one'/,
      ],
      ["a throwing program", 'throw new Error("boom");', /^boom$/],
      [
        "an error in an apply",
        'new aws.sns.Topic("x", { name: pulumi.output(1).apply(() => { throw new Error("boom"); }) });',
        /boom/,
      ],
      [
        "an error in an apply that nothing needs",
        'pulumi.output(1).apply(() => { throw new Error("boom"); });',
        /boom/,
      ],
      [
        "a failing output",
        'export const x = pulumi.output(Promise.reject(new Error("boom")));',
        /boom/,
      ],
      [
        "a question without an answer",
        'export const ami = aws.ec2.getAmiOutput({ owners: ["self"] }).id;',
        /no offline answer to aws:ec2\/getAmi:getAmi/,
      ],
      [
        "an unknown stack reference",
        'export const x = new pulumi.StackReference("a/b/c").getOutput("y");',
        /unknown stack a\/b\/c/,
      ],
      [
        "transforms of what is not remote",
        'new aws.sns.Topic("x", {}, { transforms: [() => undefined] });',
        /has transforms/,
      ],
      [
        "transforms of the whole stack",
        "pulumi.runtime.registerResourceTransform(() => undefined);",
        /does not run transforms of a whole stack/,
      ],
    ];
    for (const [name, program, message] of refusals)
      it(`${name}, promptly`, async () => {
        const started = Date.now();
        await assert.rejects(evaluate(program), { message });
        assert.ok(Date.now() - started < 5_000);
      });

    it("missing configuration with the SDK's own error", async () => {
      const failing = evaluate('new pulumi.Config().require("absent");');
      await assert.rejects(failing, /Missing required configuration variable 'shop:absent'/);
    });
  });

  it("leaves in a preview unknown what AWS would make", async () => {
    const program = `
      const topic = new aws.sns.Topic("topic", { displayName: "known" });
      new aws.sns.TopicPolicy("policy", { arn: topic.arn, policy: "{}" });
      new aws.sns.Topic("copy", { displayName: topic.displayName });
      export const arn = topic.arn;
      export const dry = pulumi.runtime.isDryRun();
    `;
    const { resources, outputs } = await evaluate(program, { preview: true });
    assert.equal(byName(resources, "topic").id, undefined);
    assert.equal(byName(resources, "policy").inputs.arn, UNKNOWN);
    assert.equal(byName(resources, "copy").inputs.displayName, "known");
    assert.deepEqual(outputs, { arn: UNKNOWN, dry: true });
  });

  it("leaves the process as it was, after success and after failure", async () => {
    const listener = () => {};
    process.on("unhandledRejection", listener);
    const before = process.listeners("unhandledRejection");
    const directory = process.cwd();
    const { outputs } = await evaluate("export const cwd = process.cwd();");
    await assert.rejects(evaluate('throw new Error("boom");'));
    assert.equal(outputs.cwd, fixture.directory);
    assert.equal(process.cwd(), directory);
    assert.deepEqual(process.listeners("unhandledRejection"), before);
    process.removeListener("unhandledRejection", listener);
  });

  it("keeps evaluations that were started together apart", async () => {
    fixture.write("stacks/count.ts", "export const counter = { value: 0 };");
    fixture.write("Pulumi.test.yaml", "");
    fixture.write(
      "index.ts",
      `${IMPORTS}
      import { counter } from "./stacks/count";
      counter.value += 1;
      new aws.sns.Topic("topic-" + pulumi.getStack());
      export const count = counter.value;`,
    );
    const both = ["dev", "test"].map((stack) =>
      evaluateStack({ directory: fixture.directory, stack }),
    );
    const [dev, test] = await Promise.all(both);
    assert.deepEqual(
      dev?.resources.map(({ name }) => name),
      ["topic-dev"],
    );
    assert.deepEqual(
      test?.resources.map(({ name }) => name),
      ["topic-test"],
    );
    assert.deepEqual([dev?.outputs.count, test?.outputs.count], [1, 1]);
  });
});
