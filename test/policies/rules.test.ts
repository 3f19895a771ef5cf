import assert from "node:assert/strict";
import { COUNTERPARTS } from "../../policies/cloudformation/types";
import { checkStack, withTemplates } from "../../policies/core/check";
import type { Resource } from "../../policies/core/resource";
import { factsOf, isAbout, type Rule } from "../../policies/core/rule";
import { isObject, UNKNOWN, type Value } from "../../policies/core/values";
import { RULE_IDS, RULES } from "../../policies/rules";
import { FIXTURES } from "./fixtures";
import type { Fixture, Sample } from "./fixtures/make";

const FACTS = factsOf("prod", "2026-11-28");

function messages(rule: Rule, sample: Sample): string[] {
  return checkStack([rule], [], sample, FACTS).violations.map(({ message }) => message);
}

/** Whether the rule has anything to look at in the sample. */
function isSeen(rule: Rule, sample: Sample, where: (resource: Resource) => boolean): boolean {
  return withTemplates(sample).some((one) => isAbout(rule, one.type) && where(one));
}

const inTemplate = ({ template }: Resource) => template !== undefined;
const TEMPLATE_TYPES = Object.values(COUNTERPARTS).map(({ type }) => type);

/** What a resource looks like in a preview of a stack that is not there yet. */
function unknown(resource: Resource): Resource {
  const hide = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(hide);
    if (!isObject(value)) return UNKNOWN;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hide(item)]));
  };
  const properties = hide(resource.properties) as Resource["properties"];
  return { ...resource, properties, outputs: properties, madeFrom: undefined };
}

describe("the fixtures", () => {
  it("have an entry for each rule, and none beside", () => {
    assert.deepEqual(Object.keys(FIXTURES).sort(), [...RULE_IDS].sort());
  });
});

for (const rule of RULES)
  describe(`rule ${rule.id}`, () => {
    const { passing, failing } = FIXTURES[rule.id] as Fixture;
    const samples = [...passing, ...failing.map(({ sample }) => sample)];

    it("has a sample that passes, of a type that it looks at, and says nothing about it", () => {
      assert.ok(passing.some((sample) => isSeen(rule, sample, () => true)));
      for (const sample of passing) assert.deepEqual(messages(rule, sample), []);
    });

    it("has samples that break it, and says what is wrong, what is allowed and what to do", () => {
      assert.ok(failing.length > 0);
      for (const { sample, says } of failing) {
        const said = messages(rule, sample);
        assert.ok(
          said.some((message) => says.test(message)),
          `${says} in ${JSON.stringify(said)} of ${JSON.stringify(sample[0]?.properties)}`,
        );
        for (const message of said) {
          assert.match(message, /\. [A-Z][^.]+.*\.$|: looks secret|no rule can see/, message);
          assert.doesNotMatch(message, /hunter2|undefined|\[object|NaN/, message);
        }
      }
    });

    if (rule.types !== "every AWS type" && rule.types.some((type) => TEMPLATE_TYPES.includes(type)))
      it("has samples of both kinds in CloudFormation's shape", () => {
        assert.ok(passing.some((sample) => isSeen(rule, sample, inTemplate)));
        assert.ok(failing.some(({ sample }) => isSeen(rule, sample, inTemplate)));
      });

    it("says nothing about what is not known yet", () => {
      for (const sample of passing) assert.deepEqual(messages(rule, sample.map(unknown)), []);
    });

    it("reads any value without failing", () => {
      const odd: Value[] = [null, true, 0, "text", [], {}, [null], [[]], UNKNOWN];
      for (const sample of samples)
        for (const value of odd)
          messages(
            rule,
            sample.map((one) => ({ ...one, properties: each(one.properties, value) })),
          );
    });
  });

/** The same properties, all of one value. */
function each(properties: Resource["properties"], value: Value): Resource["properties"] {
  return Object.fromEntries(Object.keys(properties).map((name) => [name, value]));
}

describe("the rules", () => {
  it("have ids of their own, in small letters", () => {
    assert.equal(new Set(RULE_IDS).size, RULE_IDS.length);
    for (const id of RULE_IDS) assert.match(id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
  });

  it("name at least one control each, in the form of its source", () => {
    for (const { id, controls } of RULES) {
      const { pci = [], securityHub = [], checkov = [], other = [] } = controls;
      assert.ok([...pci, ...securityHub, ...checkov, ...other].length > 0, id);
      for (const one of pci) assert.match(one, /^(A1\.)?\d+(\.\d+)*$/, id);
      for (const one of securityHub) assert.match(one, /^[A-Z][A-Za-z0-9]+\.\d+$/, id);
      for (const one of checkov) assert.match(one, /^CKV2?_AWS_\d+$/, id);
    }
  });
});
