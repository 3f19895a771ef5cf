import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PRODUCTION_PLAN, PRODUCTION_TICK_SECONDS } from "../../bench/plan";

describe("PRODUCTION_PLAN", () => {
  const path = join(__dirname, "..", "..", "Pulumi.prod.yaml");
  const { config } = parse(readFileSync(path, "utf8")) as { config: { [key: string]: unknown } };

  it("has production's steps and tick", () => {
    assert.deepEqual(PRODUCTION_PLAN.steps, config["payments:cutoverSteps"]);
    assert.equal(PRODUCTION_TICK_SECONDS, config["payments:tickSeconds"]);
  });

  it("has each of production's limits", () => {
    for (const [name, limit] of Object.entries(PRODUCTION_PLAN.limits))
      assert.equal(limit, config[`payments:${name}`], name);
  });
});
