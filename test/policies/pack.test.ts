import assert from "node:assert/strict";
import type { Violation } from "../../policies/core/check";
import { RULES } from "../../policies/rules";
import type { Evaluation } from "../../tools/evaluate/evaluate";
import { evaluateStack } from "../../tools/evaluate/evaluate";
import type { RegisteredResource } from "../../tools/evaluate/registration";
import { UNKNOWN } from "../../tools/evaluate/values";
import { checkPolicies } from "../../tools/preview/policies";
import { byName, byType, DIRECTORY, evaluation } from "../support/program";
import { type Diagnostic, type Pack, startPack } from "./packProcess";

const TOPIC = "aws:sns/topic:Topic";

/** What a pack says about all resources of a stack, one by one and together. */
async function everything(pack: Pack, resources: RegisteredResource[]): Promise<Diagnostic[]> {
  const alone: Diagnostic[] = [];
  for (const resource of resources) alone.push(...(await pack.analyze(resource)));
  return [...alone, ...(await pack.analyzeStack(resources))];
}

function ofRules(diagnostics: Diagnostic[]): string[] {
  return diagnostics
    .filter(({ policy }) => !policy.startsWith("exemptions"))
    .map(({ policy, level, urn, message }) => `${level} ${policy} ${urn} ${message.split("\n")[1]}`)
    .sort();
}

/** The same in the words of a run in this process. */
function inProcess(seen: Evaluation): string[] {
  const violations = checkPolicies([seen], new Date()).stacks.flatMap(
    ({ report }) => report.violations,
  );
  return violations.map(asDiagnostic).sort();
}

function asDiagnostic({ level, rule, resource, message }: Violation): string {
  const where = resource.template === undefined ? "" : `${resource.name}: `;
  return `${level} ${rule.id} ${resource.urn} ${where}${message}`;
}

/**
 * The pack under Pulumi's own runner, asked by the engine's protocol. Starting takes some seconds: the
 * runner checks types.
 */
describe("the policy pack under the Pulumi runner", function () {
  this.timeout(300_000);
  let pack: Pack;

  before(async () => {
    pack = await startPack({ "payments:environment": "prod" });
  });
  after(() => pack?.stop());

  it("offers each rule as a policy, as severe as production wants it, and two about exemptions", async () => {
    const { name, policiesList } = await pack.info();
    assert.equal(name, "payments");
    const names = policiesList.map((one) => one.name);
    assert.deepEqual(names, [...RULES.map(({ id }) => id), "exemptions", "exemptions-valid"]);
    const tags = policiesList.find((one) => one.name === "kms-rotation-enabled")?.tagsList;
    assert.deepEqual(tags, ["PCI DSS 3.7.4", "KMS.4", "CKV_AWS_7"]);
  });

  it("says of production what a run in this process says, and tells what is exempt", async () => {
    const base = await evaluation("prod-base");
    const said = await everything(pack, base.resources);
    assert.deepEqual(ofRules(said), inProcess(base));
    const exempt = said.filter(({ policy }) => policy === "exemptions");
    assert.match(exempt[0]?.message ?? "", / is exempt until \d{4}-\d\d-\d\d: /);
    assert.deepEqual(new Set(exempt.map(({ level }) => level)), new Set(["advisory"]));
    const service = await evaluation("prod");
    assert.deepEqual(ofRules(await everything(pack, service.resources)), inProcess(service));
  });

  it("refuses what violates a rule, and says which value and what to do", async () => {
    const [topic] = byType((await evaluation("prod")).resources, TOPIC);
    assert.ok(topic);
    const { kmsMasterKeyId: _, ...inputs } = topic.inputs;
    const [violation, ...others] = await pack.analyze({ ...topic, inputs });
    assert.deepEqual(others, []);
    assert.equal(violation?.policy, "sns-cmk");
    assert.equal(violation?.level, "mandatory");
    assert.match(violation?.message ?? "", /kmsMasterKeyId: got nothing, allowed: .*\. Give it/);
  });

  it("looks into templates, and names the resource there", async () => {
    const stack = byName(
      (await evaluation("prod-base")).resources,
      "blue-db-rotation-prod",
      "aws:cloudformation/stack:Stack",
    );
    const templateBody = String(stack.inputs.templateBody).replace(
      '"RetentionInDays":400',
      '"RetentionInDays":30',
    );
    const said = await pack.analyze({ ...stack, inputs: { ...stack.inputs, templateBody } });
    assert.deepEqual(
      said.map(({ policy }) => policy),
      ["log-group-cmk-retention"],
    );
    assert.match(said[0]?.message ?? "", /blue-db-rotation-prod\/\w+Logs: retentionInDays: got 30/);
  });

  it("says nothing about what a preview does not know", async () => {
    const [topic] = byType((await evaluation("prod")).resources, TOPIC);
    assert.ok(topic);
    const inputs = { ...topic.inputs, kmsMasterKeyId: UNKNOWN };
    assert.deepEqual(await pack.analyze({ ...topic, inputs }), []);
  });

  it("stops nothing in dev, in a preview neither, and advises what a run in this process advises", async () => {
    const relaxed = await startPack({ "payments:environment": "dev" });
    try {
      const seen = await evaluation("dev");
      const said = await everything(relaxed, seen.resources);
      assert.deepEqual(ofRules(said), inProcess(seen));
      assert.ok(said.length > 0);
      const unmade = await evaluateStack({ directory: DIRECTORY, stack: "dev", preview: true });
      const previewed = await everything(relaxed, unmade.resources);
      assert.deepEqual(ofRules(previewed), inProcess(unmade));
      for (const { level, message } of [...said, ...previewed])
        assert.equal(level, "advisory", message);
    } finally {
      relaxed.stop();
    }
  });
});
