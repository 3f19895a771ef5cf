import * as assert from "node:assert/strict";
import type { ResourceSnapshot } from "../../../../tools/preview/diff/snapshot";
import { compare, resource, snapshot } from "./support";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const TABLE = "aws:dynamodb/table:Table";

const task = (color: string, image: string, cpu = "256") =>
  resource(TASK, `${color}-app-task-prod`, {
    containerDefinitions: JSON.stringify([{ name: "payments", image }]),
    cpu,
  });

/** Settings and resources before and after, and the warnings' kinds and texts. */
function warn(
  before: [ResourceSnapshot[], { [key: string]: string }?],
  after: [ResourceSnapshot[], { [key: string]: string }?],
) {
  const { warnings } = compare(snapshot(...before), snapshot(...after));
  return {
    kinds: warnings.map(({ kind }) => kind),
    text: warnings.map(({ text }) => text).join("\n"),
  };
}

describe("The warnings before a change", () => {
  it("say in so many words that the live color's image changes in place", () => {
    const { kinds, text } = warn(
      [[task("blue", "a:1"), task("green", "a:1")]],
      [[task("blue", "a:2"), task("green", "a:1")]],
    );
    assert.deepEqual(kinds, ["live image"]);
    assert.match(
      text,
      /image of blue, which is live, changes in place \(a:1 → a:2\): that is no blue-green release\./,
    );
  });

  it("say nothing where the standby's image changes", () => {
    assert.deepEqual(warn([[task("green", "a:1")]], [[task("green", "a:2")]]).kinds, []);
  });

  it("go by who is live when the deployment begins, not by who shall be", () => {
    const toGreen = { live: "green" };
    const blue = warn([[task("blue", "a:1")]], [[task("blue", "a:2")], toGreen]);
    assert.deepEqual(blue.kinds, ["live image", "cutover"]);
    const green = warn([[task("green", "a:1")]], [[task("green", "a:2")], toGreen]);
    assert.deepEqual(green.kinds, ["cutover"]);
  });

  it("tell of the live color's tasks where something else of theirs changes", () => {
    const { kinds, text } = warn([[task("blue", "a")]], [[task("blue", "a", "512")]]);
    assert.deepEqual(kinds, ["live tasks"]);
    assert.match(text, /task definition of blue, which is live, changes \(cpu\)/);
  });

  for (const [type, property, action] of [
    ["aws:rds/cluster:Cluster", "kmsKeyId", "would be replaced"],
    ["aws:rds/clusterInstance:ClusterInstance", "engine", "would be replaced"],
    ["awsx:ec2:Vpc", "cidrBlock", "would be replaced"],
    ["aws:kms/key:Key", "keyUsage", "would be replaced"],
    [TABLE, "hashKey", "would be replaced"],
    ["aws:s3/bucket:Bucket", "bucket", "would be replaced"],
    ["aws:backup/vault:Vault", "kmsKeyArn", "would be replaced"],
    ["aws:dms/replicationTask:ReplicationTask", "sourceEndpointArn", "would be replaced"],
    ["AWS::SecretsManager::Secret", "Name", "would be replaced"],
    [TABLE, "strange", "it is unknown here whether it would be replaced"],
  ] as const)
    it(`tell that ${type} ${action} when ${property} changes`, () => {
      const { kinds, text } = warn(
        [[resource(type, "it-prod", { [property]: "a" })]],
        [[resource(type, "it-prod", { [property]: "b" })]],
      );
      assert.deepEqual(kinds, ["stateful"]);
      assert.ok(text.includes(`${action} because of ${property}, and with it goes `), text);
    });

  it("tell of a stateful resource that is deleted, and that Pulumi refuses where it is protected", () => {
    const table = resource(TABLE, "state-prod", {}, { protect: true });
    const { kinds, text } = warn([[table]], [[]]);
    assert.deepEqual(kinds, ["stateful"]);
    assert.match(
      text,
      /state-prod \(.*\) would be deleted, and with it goes .* It is protected: Pulumi refuses/,
    );
  });

  it("say nothing of what changes in place, is created, or holds nothing", () => {
    const before = [
      resource(TABLE, "a", { tags: {} }),
      resource("aws:sns/topic:Topic", "t", { name: "a" }),
    ];
    const after = [
      resource(TABLE, "a", { tags: { A: "1" } }),
      resource("aws:sns/topic:Topic", "t", { name: "b" }),
      resource(TABLE, "b"),
    ];
    assert.deepEqual(warn([before], [after]).kinds, []);
  });

  for (const [releaseGate, words] of [
    [
      "attached",
      /this starts a cutover\. .*`pulumi up` waits for its end, and fails if the payments are taken back/,
    ],
    [
      "detached",
      /this starts a cutover\. .*ends when the cutover begins, and only the topic tells/,
    ],
    ["none", /no cutover starts by itself\. A person starts it/],
  ] as const)
    it(`say what a change of live does with the gate ${releaseGate}`, () => {
      const { text } = warn([[], { releaseGate }], [[], { releaseGate, live: "green" }]);
      assert.match(text, /`live` changes from blue to green/);
      assert.match(text, words);
    });

  it("say that live of a stack without colors stays as it is", () => {
    const layers = '["foundation","data"]';
    const { kinds, text } = warn([[], { layers }], [[], { layers, live: "green" }]);
    assert.deepEqual(kinds, ["writer"]);
    assert.match(text, /whose database began as the writer.*change it back/);
  });

  it("name every setting of the plan and its limits that changes", () => {
    const { kinds, text } = warn(
      [[], { maxErrorsPerThousand: "10", cutoverSteps: "[1]", domainName: "a" }],
      [[], { maxErrorsPerThousand: "50", cutoverSteps: "[2]", domainName: "b" }],
    );
    assert.deepEqual(kinds, ["plan"]);
    assert.match(
      text,
      /change: cutoverSteps \(\[1\] → \[2\]\), maxErrorsPerThousand \(10 → 50\)\./,
    );
  });

  it("say nothing of a plan that another layer's stack does not use", () => {
    const layers = '["data"]';
    const { kinds } = warn(
      [[], { layers, tickSeconds: "10" }],
      [[], { layers, tickSeconds: "20" }],
    );
    assert.deepEqual(kinds, []);
  });
});
