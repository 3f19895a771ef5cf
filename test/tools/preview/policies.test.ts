import assert from "node:assert/strict";
import type { Exemption } from "../../../policies/core/exemptions";
import { UNKNOWN } from "../../../policies/core/values";
import type { Evaluation } from "../../../tools/evaluate/evaluate";
import { secret, UNKNOWN as UNKNOWN_TEXT } from "../../../tools/evaluate/values";
import {
  checkPolicies,
  environmentOf,
  neutral,
  violatesPolicies,
} from "../../../tools/preview/policies";
import { policiesJson } from "../../../tools/preview/policiesJson";
import { policiesText } from "../../../tools/preview/policiesText";
import { previewSummary } from "../../../tools/preview/summary";

const NOW = new Date("2026-11-28T12:00:00Z");
const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";
const TAGS = { Environment: "prod", Project: "payments", CostCenter: "1" };
const TOPIC = "aws:sns/topic:Topic";

function resource(type: string, name: string, inputs: object = {}, more = {}) {
  return {
    ...{ urn: `urn:pulumi:x::payments::${type}::${name}`, type, name, parent: undefined },
    ...{ custom: true, remote: false, id: undefined, inputs, state: inputs },
    ...{ propertyDependencies: {}, options: { protect: false, ignoreChanges: [] } },
    ...more,
  } as unknown as Evaluation["resources"][number];
}

function evaluationOf(resources: Evaluation["resources"], environment = "prod"): Evaluation {
  const defaultTags = JSON.stringify({ tags: { ...TAGS, Environment: environment } });
  const provider = resource("pulumi:providers:aws", "aws", { defaultTags });
  const names = { organization: "o", project: "payments", stack: environment };
  const all = [provider, ...resources];
  return { ...names, resources: all, outputs: {}, secretOutputs: [], calls: [] };
}

const topic = (name: string, inputs: object = {}) =>
  resource(TOPIC, name, { tags: TAGS, ...inputs });
const good = topic("good", { kmsMasterKeyId: KEY });
const bad = topic("bad");
const worse = topic("worse");
const image = resource("awsx:ecr:Image", "image", {}, { remote: true, custom: false });

const EXEMPTION: Exemption = {
  rule: "sns-cmk",
  type: TOPIC,
  name: "bad",
  environments: ["prod"],
  reason: "The topic is read by a partner who has no key.",
  until: "2027-05-31",
};
const UNUSED = { ...EXEMPTION, name: "gone" };

describe("the policies in a preview", () => {
  const check = (resources: Evaluation["resources"], exemptions: Exemption[] = []) =>
    checkPolicies([evaluationOf(resources)], NOW, exemptions);

  it("stop where a mandatory rule is violated, and not where it is exempt", () => {
    assert.equal(violatesPolicies(check([good])), false);
    assert.equal(violatesPolicies(check([good, bad])), true);
    assert.equal(violatesPolicies(check([good, bad], [EXEMPTION])), false);
  });

  it("stop where an exemption has ended, and where one is none", () => {
    assert.equal(violatesPolicies(check([bad], [{ ...EXEMPTION, until: "2026-11-27" }])), true);
    const unreasoned = check([good], [{ ...EXEMPTION, reason: "" }]);
    assert.equal(violatesPolicies(unreasoned), true);
    assert.match(policiesText(unreasoned), /exemption 1 \(sns-cmk, bad\): reason: got nothing/);
  });

  it("do not stop for advice", () => {
    const key = resource("aws:kms/key:Key", "key", {
      ...{ enableKeyRotation: true, policy: "{}", tags: { ...TAGS, Environment: "dev" } },
    });
    const dev = checkPolicies([evaluationOf([key], "dev")], NOW, []);
    assert.equal(violatesPolicies(dev), false);
    assert.match(
      policiesText(dev),
      /0 mandatory and 1 advisory.*\n {2}advisory\n {4}stateful-prot/,
    );
    const prod = checkPolicies([evaluationOf([key])], NOW, []);
    assert.equal(violatesPolicies(prod), true);
  });

  it("know the environment by the provider's tags, and are strict where there is no provider", () => {
    assert.equal(environmentOf(evaluationOf([], "dev")), "dev");
    assert.equal(environmentOf({ resources: [good] }), undefined);
    assert.equal(environmentOf({ resources: [resource("pulumi:providers:aws", "a")] }), undefined);
  });

  it("see secrets and what is not known, but nothing of files", () => {
    const seen = neutral(topic("t", { a: secret("x"), b: [UNKNOWN_TEXT], c: { d: secret("y") } }));
    assert.deepEqual(seen.properties, { tags: TAGS, a: "x", b: [UNKNOWN], c: { d: "y" } });
  });

  it("are shown in groups, one line for what is said of several", () => {
    const text = policiesText(check([good, bad, worse, image], [{ ...EXEMPTION, name: "x" }]));
    const [headline, ...lines] = text.split("\n");
    assert.match(
      headline ?? "",
      /^Policies: \d+ rules over 3 resources and 0 in nested templates: 2 mandatory and 0 advisory violations, 0 exempt$/,
    );
    assert.deepEqual(lines.slice(0, 2), ["  mandatory", "    sns-cmk  bad, worse"]);
    assert.match(lines[2] ?? "", /^ {6}kmsMasterKeyId: got nothing, allowed: /);
    assert.deepEqual(lines.slice(3), [
      "  exemptions that cover nothing in these stacks",
      "    sns-cmk  x  until 2027-05-31",
      "  not visible before a deployment",
      "    what image (awsx:ecr:Image) makes",
      "",
    ]);
  });

  it("show each exemption with its reason and its end", () => {
    const lines = policiesText(check([bad, worse], [EXEMPTION])).split("\n");
    assert.ok(lines.includes("    sns-cmk  worse"));
    const told = `    sns-cmk  bad  until 2027-05-31: ${EXEMPTION.reason}`;
    assert.ok(lines.includes(told), lines.join("\n"));
  });

  it("are in the summary by what stops and what is exempt", () => {
    const evaluation = evaluationOf([bad, worse]);
    const policies = checkPolicies([evaluation], NOW, [EXEMPTION]);
    const lines = previewSummary([evaluation], undefined, policies).split("\n");
    const start = lines.findIndex((line) => line.startsWith("Policies: "));
    assert.match(lines[start] ?? "", /1 mandatory and 0 advisory violations, 1 exempt/);
    assert.equal(lines[start + 2], "    sns-cmk  worse");
    assert.equal(lines.at(-1), `    sns-cmk  bad  until 2027-05-31: ${EXEMPTION.reason}`);
    assert.ok(!previewSummary([evaluation]).includes("Policies"));
  });

  it("are told to machines with all that people are told, and the controls", () => {
    const json = policiesJson(check([good, bad, worse, image], [EXEMPTION, UNUSED]));
    const { rules, violations, exempted, ...rest } = json;
    assert.ok(rules > 55);
    const common = { stack: "prod", rule: "sns-cmk", level: "mandatory", type: TOPIC };
    const { message, controls, ...violation } = violations[0] ?? {};
    assert.deepEqual(violation, { ...common, name: "worse", urn: worse.urn });
    assert.match(message ?? "", /^kmsMasterKeyId: got nothing/);
    assert.deepEqual(controls, { securityHub: ["SNS.1"], checkov: ["CKV_AWS_26"] });
    const [one] = exempted;
    assert.deepEqual([one?.name, one?.reason, one?.until], ["bad", EXEMPTION.reason, "2027-05-31"]);
    assert.deepEqual(rest, {
      resources: 3,
      templateResources: 0,
      unusedExemptions: [UNUSED],
      mistakes: [],
      notVisible: [{ stack: "prod", type: "awsx:ecr:Image", name: "image" }],
    });
  });
});
