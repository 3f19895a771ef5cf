import assert from "node:assert/strict";
import { checkStack, unusedExemptions } from "../../policies/core/check";
import { covers, type Exemption, exemptionMistakes } from "../../policies/core/exemptions";
import { dayOf, factsOf, type ResourceRule } from "../../policies/core/rule";
import { EXEMPTIONS } from "../../policies/exemptions";
import { RULE_IDS } from "../../policies/rules";
import { one } from "./fixtures/make";

const TODAY = "2026-11-28";
const TOPIC = "aws:sns/topic:Topic";

const VALID: Exemption = {
  rule: "sns-cmk",
  type: TOPIC,
  name: "alerts-*",
  environments: ["prod"],
  reason: "The topic is read by a partner who has no key of ours.",
  until: "2027-05-31",
};
const exemption = (changes: Partial<Exemption> = {}): Exemption => ({ ...VALID, ...changes });

function mistakes(changes: Partial<Exemption>, today = TODAY): string[] {
  return exemptionMistakes([exemption(changes)], RULE_IDS, today);
}

describe("an exemption", () => {
  it("is none without a rule, a type, a name, an environment, a reason or an end", () => {
    assert.deepEqual(mistakes({}), []);
    const wrong: [changes: Partial<Exemption>, says: RegExp][] = [
      [{ rule: "sns" }, /rule: got sns, allowed: the id of a rule/],
      [{ rule: "" }, /rule: got nothing/],
      [{ type: "aws:*" }, /type: got aws:\*, allowed: one type/],
      [{ type: "" }, /type: got nothing/],
      [{ name: "*" }, /name: got \*, allowed: a name with some letters/],
      [{ name: "" }, /name: got nothing/],
      [{ environments: [] }, /environments: got none/],
      [{ reason: "" }, /reason: got nothing\. Say why/],
      [{ reason: "   later   " }, /reason: got later\. Say why/],
      [{ until: "" }, /until: got nothing, allowed: a date/],
      [{ until: "soon" }, /until: got soon, allowed: a date/],
      [{ until: "2027-02-30" }, /until: got 2027-02-30, allowed: a date/],
      [{ until: "2027-5-1" }, /until: got 2027-5-1, allowed: a date/],
    ];
    for (const [changes, says] of wrong) {
      const [first, ...others] = mistakes(changes);
      assert.match(first ?? "", says);
      assert.match(first ?? "", /^exemption 1 \(/);
      assert.deepEqual(others, []);
    }
  });

  it("ends within twelve months", () => {
    assert.deepEqual(mistakes({ until: "2027-11-28" }), []);
    assert.match(mistakes({ until: "2027-11-29" })[0] ?? "", /at most 12 months ahead, 2027-11-28/);
    assert.deepEqual(mistakes({ until: "2025-02-28" }, "2024-02-29"), []);
    assert.match(mistakes({ until: "2025-03-01" }, "2024-02-29")[0] ?? "", /ahead, 2025-02-28/);
  });

  it("has all its mistakes told at once", () => {
    assert.equal(mistakes({ rule: "", reason: "", until: "" }).length, 3);
  });

  it("covers one type, names like its own, and its environments", () => {
    const prod = factsOf("prod", TODAY);
    const subject = { rule: "sns-cmk", type: TOPIC, name: "alerts-topic-prod" };
    assert.equal(covers(VALID, subject, prod), true);
    assert.equal(covers(VALID, { ...subject, name: "cutover-topic-prod" }, prod), false);
    assert.equal(covers(VALID, { ...subject, name: "my-alerts-topic" }, prod), false);
    assert.equal(covers(VALID, { ...subject, type: "aws:sqs/queue:Queue" }, prod), false);
    assert.equal(covers(VALID, { ...subject, rule: "sqs-cmk" }, prod), false);
    assert.equal(covers(VALID, subject, factsOf("dev", TODAY)), false);
    assert.equal(covers(VALID, subject, factsOf(undefined, TODAY)), false);
    const dotted = exemption({ name: "a.b" });
    assert.equal(covers(dotted, { ...subject, name: "axb" }, prod), false);
  });
});

describe("the exemptions of this repository", () => {
  it("are valid", () => {
    assert.deepEqual(exemptionMistakes(EXEMPTIONS, RULE_IDS, dayOf(new Date())), []);
  });
});

describe("what is exempt", () => {
  const rule: ResourceRule = {
    id: "sns-cmk",
    title: "Topics are encrypted",
    severity: "mandatory",
    controls: { other: ["none"] },
    types: [TOPIC],
    check: () => ["kmsMasterKeyId: got nothing."],
  };
  const topics = [
    one(TOPIC, {}, { name: "alerts-topic-prod" }),
    one(TOPIC, {}, { name: "cutover-topic-prod" }),
  ];
  const check = (exemptions: Exemption[], today = TODAY) =>
    checkStack([rule], exemptions, topics, factsOf("prod", today));

  it("is no violation, and is told with its exemption", () => {
    const { violations, exempted } = check([VALID]);
    assert.deepEqual(
      violations.map(({ resource }) => resource.name),
      ["cutover-topic-prod"],
    );
    assert.equal(exempted[0]?.exemption, VALID);
    assert.equal(exempted[0]?.violation.resource.name, "alerts-topic-prod");
  });

  it("is exempt on the last day, and a violation from the next one on", () => {
    assert.equal(check([VALID], "2027-05-31").exempted.length, 1);
    const { violations, exempted } = check([VALID], "2027-06-01");
    assert.deepEqual(exempted, []);
    assert.equal(violations.length, 2);
    assert.match(
      violations[0]?.message ?? "",
      /got nothing\. Its exemption ended on 2027-05-31: m/,
    );
    assert.equal(violations[0]?.level, "mandatory");
  });

  it("leaves an exemption unused that covers nothing in its environments", () => {
    const unused = exemption({ name: "gone-*" });
    const elsewhere = exemption({ environments: ["staging"] });
    const all = [VALID, unused, elsewhere];
    assert.deepEqual(unusedExemptions(all, [check(all)]), [unused]);
  });
});
