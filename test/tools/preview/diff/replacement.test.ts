import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { effectOf, REPLACEMENT, rootOf } from "../../../../tools/preview/diff/replacement/effect";
import { STATEFUL } from "../../../../tools/preview/diff/stateful";
import { DIRECTORY, evaluations } from "../../../support/program";

const listOf = (text: string) => text.split(/\s+/).filter(Boolean);

describe("The list of what replaces a resource", () => {
  for (const [type, property, effect] of [
    ["aws:rds/cluster:Cluster", "storageEncrypted", "replaces"],
    ["aws:rds/cluster:Cluster", "engineVersion", "in place"],
    ["aws:rds/cluster:Cluster", "tags", "in place"],
    ["aws:rds/cluster:Cluster", "region", "replaces"],
    ["aws:dms/replicationInstance:ReplicationInstance", "replicationInstanceClass", "in place"],
    ["aws:dms/replicationInstance:ReplicationInstance", "kmsKeyArn", "replaces"],
    ["aws:ecs/service:Service", "taskDefinition", "in place"],
    ["aws:ecs/service:Service", "capacityProviderStrategies", "unknown"],
    ["AWS::SecretsManager::Secret", "Name", "replaces"],
    ["AWS::SecretsManager::Secret", "DeletionPolicy", "in place"],
    ["AWS::Unheard::Of", "Name", "unknown"],
    ["aws:unheard/of:Of", "name", "unknown"],
  ] as const)
    it(`has ${property} of ${type} as: ${effect}`, () => {
      assert.equal(effectOf(type, property), effect);
    });

  it("says of no property both", () => {
    for (const [type, { replaced, inPlace }] of Object.entries(REPLACEMENT)) {
      const both = listOf(replaced).filter((name) => listOf(inPlace).includes(name));
      assert.deepEqual(both, [], type);
    }
  });

  it("has only properties that the type has", () => {
    for (const [type, { replaced, inPlace }] of Object.entries(REPLACEMENT)) {
      const file = /^(aws|random):(.+):/.exec(type);
      if (file === null) continue;
      const [, owner, module = ""] = file;
      const place = module.replace(/^index\//, "");
      const declared = path.join(DIRECTORY, "node_modules/@pulumi", owner ?? "", `${place}.d.ts`);
      const text = fs.readFileSync(declared, "utf8");
      const strange = listOf(`${replaced} ${inPlace}`).filter(
        (name) => !new RegExp(`^ +(readonly )?${name}\\??:`, "m").test(text),
      );
      assert.deepEqual(strange, [], type);
    }
  });

  it("has every type that our stacks deploy", async function () {
    this.timeout(180_000);
    const all = [...(await evaluations("dev")), ...(await evaluations("prod"))];
    const types = all.flatMap(({ resources }) =>
      resources.filter(({ type }) => /^(aws|awsx|random):/.test(type)).map(({ type }) => type),
    );
    const missing = [...new Set(types)].filter((type) => REPLACEMENT[type] === undefined);
    assert.deepEqual(missing, ["awsx:ecr:Image"]);
  });

  it("has every type whose loss is warned of", () => {
    assert.deepEqual(
      Object.keys(STATEFUL).filter((type) => REPLACEMENT[type] === undefined),
      [],
    );
  });

  it("goes by the property that a path begins with", () => {
    assert.equal(rootOf("containerDefinitions[payments].image"), "containerDefinitions");
    assert.equal(rootOf("tags.A"), "tags");
    assert.equal(rootOf("name"), "name");
  });
});
