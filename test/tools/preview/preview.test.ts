import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import type { Evaluation } from "../../../tools/evaluate/evaluate";
import { secret } from "../../../tools/evaluate/values";
import { colorsFor } from "../../../tools/preview/colors";
import { type PreviewJson, previewJson } from "../../../tools/preview/json";
import { previewSummary } from "../../../tools/preview/summary";
import { nestedTemplates, TEMPLATE_LIMIT_BYTES } from "../../../tools/preview/templates";
import { previewText } from "../../../tools/preview/text";
import { countTiers } from "../../../tools/preview/tiers";
import { type Fixture, makeFixture } from "../../support/fixture";
import { DIRECTORY, evaluations } from "../../support/program";

const PROJECT = "name: shop\nruntime: nodejs\nconfig:\n  live: { type: string }\n";
const STACK = "config:\n  shop:live: blue\n  shop:pin: { secure: v1:abc }\n";
const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config();
if (config.require("live") !== "blue") throw new pulumi.RunError("shop:live: got something else");
const pin = config.requireSecret("pin");
const keyId = "arn:aws:kms:us-east-1:111122223333:key/1";
const tags = { Environment: "dev", Project: "shop", CostCenter: "1" };
new aws.ssm.Parameter("pin", { type: "SecureString", keyId, value: pin, tags: { ...tags, a: pulumi.interpolate\`<\${pin}>\` } });
new aws.sns.Topic("topic", { kmsMasterKeyId: keyId, tags }, { protect: true, ignoreChanges: ["tags"] });
export const shown = "open";
export const hidden = pulumi.interpolate\`\${pin}!\`;
`;
const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const TAGS = { Environment: "dev", Project: "shop", CostCenter: "1" };
const HIDDEN = "decrypted-value-of";

/** The command as npm runs it. */
function preview(directory: string, ...args: string[]) {
  const tool = (file: string) => path.join(DIRECTORY, "tools", file);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", tool("node/fast-start.cjs"), tool("preview.ts"), ...args],
    // Many tools take CI for a terminal.
    { cwd: directory, encoding: "utf8", env: { ...process.env, CI: "true" } },
  );
  return { status, stdout, stderr };
}

describe("npm run preview", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = makeFixture({
      "Pulumi.yaml": PROJECT,
      "Pulumi.dev.yaml": STACK,
      "index.ts": PROGRAM,
    });
  });
  afterEach(() => fixture.remove());

  it("prints with --json the plan and nothing else", () => {
    const { status, stdout, stderr } = preview(fixture.directory, "dev", "--json");
    assert.equal(status, 0, stderr);
    const { stacks } = JSON.parse(stdout) as PreviewJson;
    assert.deepEqual(
      stacks.map(({ stack }) => stack),
      ["dev"],
    );
    const topic = stacks[0]?.resources.find(({ name }) => name === "topic");
    assert.deepEqual(topic, {
      urn: "urn:pulumi:dev::shop::aws:sns/topic:Topic::topic",
      type: "aws:sns/topic:Topic",
      name: "topic",
      parent: null,
      custom: true,
      remote: false,
      inputs: { kmsMasterKeyId: KEY, tags: TAGS },
      options: { protect: true, ignoreChanges: ["tags"], dependsOn: [], provider: "" },
    });
    assert.equal(stacks[0]?.outputs.shown, "open");
  });

  it("shows no secret, in JSON or text", () => {
    const json = preview(fixture.directory, "dev", "--json").stdout;
    const text = preview(fixture.directory, "dev").stdout;
    for (const output of [json, text]) {
      assert.ok(!output.includes(HIDDEN), output);
      assert.match(output, /hidden\W+\[secret\]/);
    }
    const { stacks } = JSON.parse(json) as PreviewJson;
    const pin = stacks[0]?.resources.find(({ name }) => name === "pin");
    assert.deepEqual(pin?.inputs, {
      type: "SecureString",
      keyId: KEY,
      value: "[secret]",
      tags: { ...TAGS, a: "[secret]" },
    });
  });

  it("ends with 1 where a mandatory policy is violated, and says by what, in text and JSON", () => {
    fixture.write("index.ts", PROGRAM.replace("kmsMasterKeyId: keyId, ", ""));
    const text = preview(fixture.directory, "dev");
    assert.equal(text.status, 1);
    assert.match(text.stdout, /mandatory\n {4}sns-cmk {2}topic\n {6}kmsMasterKeyId: got nothing/);
    const json = preview(fixture.directory, "dev", "--json");
    assert.equal(json.status, 1);
    const { policies } = JSON.parse(json.stdout) as PreviewJson;
    assert.deepEqual(
      policies?.violations.map(({ stack, rule, level, name }) => ({ stack, rule, level, name })),
      [{ stack: "dev", rule: "sns-cmk", level: "mandatory", name: "topic" }],
    );
  });

  it("writes colors only to a terminal", () => {
    const { stdout } = preview(fixture.directory, "dev");
    assert.ok(!stdout.includes("\u001b["));
    const terminal = { isTTY: true } as NodeJS.WriteStream;
    assert.notEqual(colorsFor(terminal, {}).bold("x"), "x");
    assert.equal(colorsFor(terminal, { NO_COLOR: "1" }).bold("x"), "x");
  });

  it("ends with 2 and the known stacks for an unknown one", () => {
    const { status, stdout, stderr } = preview(fixture.directory, "prod");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.equal(stderr, "There is no stack prod. Known stacks: dev.\n");
  });

  it("ends with 2 and one message for wrong configuration", () => {
    fixture.write("Pulumi.dev.yaml", "config:\n  shop:live: red\n");
    const { status, stderr } = preview(fixture.directory, "dev");
    assert.equal(status, 2);
    assert.equal(stderr, "shop:live: got something else\n");
  });

  it("ends with 2 for an unknown option", () => {
    const { status, stderr } = preview(fixture.directory, "--jsn");
    assert.equal(status, 2);
    assert.match(stderr, /unknown option '--jsn'/);
  });

  it("ends with 1 and the error's place when the program fails", () => {
    fixture.write("index.ts", 'throw new Error("boom");');
    const { status, stdout, stderr } = preview(fixture.directory, "dev");
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /boom\n +at .*index\.ts:1/);
  });
});

/** A tier of two components, one remote, and something outside every tier. */
function smallEvaluation(): Evaluation {
  const resource = (urn: string, type: string, parent?: string, more = {}) => ({
    ...{ urn, type, name: urn, parent, custom: type.startsWith("aws:"), remote: false },
    ...{ id: undefined, inputs: {}, state: {}, propertyDependencies: {} },
    options: { protect: false, ignoreChanges: [] as string[] },
    ...more,
  });
  const templateBody = JSON.stringify({
    Resources: { A: { Type: "AWS::X::Y" }, B: { Type: "AWS::X::Y" }, C: { Type: "AWS::X::Z" } },
  });
  const resources = [
    resource("env", "payments:stacks:Environment"),
    resource("net", "payments:network:Network", "env"),
    resource("groups", "payments:cloudformation:NestedStack", "net"),
    resource("stack", "aws:cloudformation/stack:Stack", "groups", { inputs: { templateBody } }),
    resource("vpc", "awsx:ec2:Vpc", "net", { remote: true }),
    resource("queue", "aws:sqs/queue:Queue", "env", {
      options: { protect: true, ignoreChanges: ["policy"] },
      inputs: { policy: secret("x") },
    }),
  ] as Evaluation["resources"];
  const names = { organization: "o", project: "payments", stack: "dev" };
  return { ...names, resources, outputs: { url: "x".repeat(200) }, secretOutputs: [], calls: [] };
}

describe("The plan as text", () => {
  it("counts each tier with everything inside it", () => {
    const none = { custom: 0, components: 0, remote: 0, protected: 0 };
    assert.deepEqual(countTiers(smallEvaluation().resources), [
      { ...none, name: "stack", custom: 1, components: 1, protected: 1 },
      { ...none, name: "network", custom: 1, components: 2, remote: 1 },
    ]);
  });

  it("shows each resource under its component, with its marks", () => {
    const lines = previewText(smallEvaluation()).split("\n");
    assert.ok(lines.includes("  payments:network:Network net"));
    assert.ok(lines.includes("      aws:cloudformation/stack:Stack stack"));
    assert.ok(lines.includes("    awsx:ec2:Vpc vpc  [remote: its children show only in AWS]"));
    assert.ok(lines.includes("  aws:sqs/queue:Queue queue  [protected]  [ignores policy]"));
  });

  it("weighs nested templates against CloudFormation's limit", () => {
    const text = previewText(smallEvaluation());
    assert.match(
      text,
      /of at most 51,200 bytes\n {2}stack {2}\d+ bytes {2}AWS::X::Y x 2, AWS::X::Z/,
    );
  });

  it("cuts long outputs", () => {
    assert.match(previewText(smallEvaluation()), /url {2}x{99}…\n/);
  });

  it("fits into a dozen lines as a summary", () => {
    const lines = previewSummary([smallEvaluation()]).split("\n");
    assert.equal(lines[0], "Stack dev: 2 resources, 3 components, 1 remote component, 1 protected");
    assert.ok(lines.length <= 12);
    assert.equal(lines.at(-1), "  nested CloudFormation templates: stack");
  });
});

describe("The plan of every stack", () => {
  for (const stack of ["dev", "prod"])
    it(`holds no undefined value for ${stack}`, async () => {
      const { stacks } = previewJson(await evaluations(stack));
      for (const { resources } of stacks)
        for (const { name, inputs } of resources)
          assert.doesNotMatch(
            JSON.stringify(inputs),
            /undefined|\[object Object\]|NaN|Calling \[/,
            name,
          );
    });

  it("keeps nested templates within CloudFormation's limit", async () => {
    const all = [...(await evaluations("dev")), ...(await evaluations("prod"))];
    const templates = all.flatMap(({ resources }) => nestedTemplates(resources));
    assert.ok(templates.length > 0);
    for (const { name, bytes, types } of templates) {
      assert.ok(bytes <= TEMPLATE_LIMIT_BYTES, `${name} has ${bytes} bytes`);
      assert.ok(Object.keys(types).length > 0, `${name} makes nothing`);
    }
  });
});
