import assert from "node:assert/strict";
import { canBeNamedBy, namesResource } from "../../policies/core/relations";
import { UNKNOWN } from "../../policies/core/values";
import { one } from "./fixtures/make";

const topic = one("aws:sns/topic:Topic", {}, { outputs: { id: "arn:topic", arn: "arn:topic" } });
const unmade = one("aws:sns/topic:Topic", {}, { name: "new" });
const madeFrom = { arn: [unmade.urn] };

describe("whether one resource names another", () => {
  it("is told by any output that names it, alone or in a list", () => {
    assert.equal(namesResource(one("a", { arn: "arn:topic" }), "arn", topic), true);
    assert.equal(namesResource(one("a", { arn: ["x", "arn:topic"] }), "arn", topic), true);
  });

  it("is told by what has come back where the program does not say it", () => {
    assert.equal(
      namesResource(one("a", {}, { outputs: { arn: "arn:topic" } }), "arn", topic),
      true,
    );
  });

  it("is no where both are known and differ, whatever it was made from", () => {
    const other = one("a", { arn: "arn:other" }, { madeFrom: { arn: [topic.urn] } });
    assert.equal(namesResource(other, "arn", topic), false);
    assert.equal(namesResource(one("a"), "arn", topic), false);
  });

  it("is told before a deployment by what the property is made from", () => {
    assert.equal(namesResource(one("a", { arn: UNKNOWN }, { madeFrom }), "arn", unmade), true);
  });

  it("is not known where neither tells", () => {
    assert.equal(namesResource(one("a", { arn: UNKNOWN }), "arn", topic), UNKNOWN);
    assert.equal(namesResource(one("a", { arn: [UNKNOWN] }), "arn", topic), UNKNOWN);
    const nobodyTells = one("a", { arn: UNKNOWN }, { madeFrom: undefined });
    assert.equal(namesResource(nobodyTells, "arn", unmade), UNKNOWN);
  });

  it("may be so while it is not known, and not where there is nothing that could", () => {
    assert.equal(canBeNamedBy([one("a", { arn: UNKNOWN })], "arn", topic), true);
    assert.equal(canBeNamedBy([], "arn", topic), false);
  });
});
