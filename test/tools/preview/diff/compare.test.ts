import * as assert from "node:assert/strict";
import { withTemplate } from "../../../../tools/preview/diff/snapshot";
import { brief, briefProperty, compare, compareInputs, resource, snapshot, urnOf } from "./support";

const TOPIC = "aws:sns/topic:Topic";
const KEY = "aws:kms/key:Key";
const CLUSTER = "aws:rds/cluster:Cluster";

describe("What a change does to the resources", () => {
  it("is nothing where both revisions want the same", () => {
    const same = () => snapshot([resource(TOPIC, "topic-prod", { displayName: "x" })]);
    assert.deepEqual(compare(same(), same()).changes, []);
  });

  it("tells what is created, changed, replaced and deleted, in the program's order", () => {
    const before = snapshot([
      resource(TOPIC, "changed", { displayName: "a" }),
      resource(TOPIC, "gone"),
      resource(TOPIC, "replaced", { name: "a" }),
      resource(TOPIC, "same"),
    ]);
    const after = snapshot([
      resource(TOPIC, "new"),
      resource(TOPIC, "changed", { displayName: "b" }),
      resource(TOPIC, "replaced", { name: "b" }),
      resource(TOPIC, "same"),
    ]);
    assert.deepEqual(compare(before, after).changes.map(brief), [
      "create new",
      "update changed",
      "replace replaced",
      "delete gone",
    ]);
  });

  it("knows a resource by its URN: under another component it is another one", () => {
    const before = snapshot([
      resource(TOPIC, "topic", {}, { urn: urnOf(`a:b:C$${TOPIC}`, "topic") }),
    ]);
    const after = snapshot([
      resource(TOPIC, "topic", {}, { urn: urnOf(`a:b:D$${TOPIC}`, "topic") }),
    ]);
    assert.deepEqual(compare(before, after).changes.map(brief), ["create topic", "delete topic"]);
  });

  it("leaves out components, of which nothing is in AWS", () => {
    const component = resource("payments:network:Network", "network", {}, { made: false });
    assert.deepEqual(compare(snapshot([]), snapshot([component])).changes, []);
  });

  it("leaves out what the resource ignores, as a whole or at its place", () => {
    const ignoring = (ignoreChanges: string[]) =>
      compareInputs(TOPIC, { tags: { A: { B: 1 } } }, { tags: { A: { B: 2 } } }, { ignoreChanges });
    for (const ignored of ["tags", "tags.A", "*"]) assert.deepEqual(ignoring([ignored]), []);
    for (const other of ["displayName", "tags.C", "tag"])
      assert.deepEqual(ignoring([other]).map(brief), ["update it-prod"]);
  });

  it("tells every property with what its change does", () => {
    const [change] = compareInputs(
      CLUSTER,
      { engineVersion: "1", kmsKeyId: "a", tags: { A: "1" }, strange: 1 },
      { engineVersion: "2", kmsKeyId: "b", tags: { A: "1", B: "2" }, strange: 2 },
    );
    assert.equal(change?.action, "replace");
    assert.deepEqual(change?.properties.map(briefProperty), [
      'engineVersion: "1" -> "2", in place',
      'kmsKeyId: "a" -> "b", replaces',
      "strange: 1 -> 2, unknown",
      'tags.B: undefined -> "2", in place',
    ]);
  });

  it("says that it does not know, where a property or a type stands in no list", () => {
    assert.deepEqual(compareInputs(TOPIC, { strange: 1 }, { strange: 2 }).map(brief), [
      "unsure it-prod",
    ]);
    assert.deepEqual(compareInputs("aws:x/y:Z", { a: 1 }, { a: 2 }).map(brief), ["unsure it-prod"]);
  });

  it("replaces what the resource's own option replaces, by its place", () => {
    const type = "aws:cloudformation/stack:Stack";
    const more = { replaceOnChanges: ["parameters.Controller"] };
    const actionFor = (before: object, after: object) =>
      compareInputs(type, { parameters: before }, { parameters: after }, more)[0]?.action;
    assert.equal(actionFor({ Controller: "a" }, { Controller: "b" }), "replace");
    assert.equal(actionFor({ Live: "blue" }, { Live: "green" }), "update");
  });

  it("looks into texts that hold JSON, and tells items by their names", () => {
    const containers = (image: string, more: object[] = []) => ({
      containerDefinitions: JSON.stringify([...more, { name: "payments", image, cpu: 1 }]),
    });
    const type = "aws:ecs/taskDefinition:TaskDefinition";
    const [change] = compareInputs(type, containers("a"), containers("b", [{ name: "proxy" }]));
    assert.deepEqual(change?.properties.map(briefProperty), [
      'containerDefinitions[payments].image: "a" -> "b", replaces',
      'containerDefinitions[proxy]: undefined -> {"name":"proxy"}, replaces',
    ]);
  });

  it("takes another order of an object's names for the same, and another order of a list for a change", () => {
    assert.deepEqual(
      compareInputs(TOPIC, { policy: '{"a":1,"b":2}' }, { policy: '{"b":2,"a":1}' }),
      [],
    );
    assert.equal(compareInputs(CLUSTER, { ids: ["a", "b"] }, { ids: ["b", "a"] }).length, 1);
  });
});

describe("What follows from a replacement", () => {
  const keys = (description: string, keyUsage: string) =>
    resource(KEY, "key", { description, keyUsage });
  const cluster = resource(
    CLUSTER,
    "cluster",
    { kmsKeyId: "arn" },
    { madeFrom: { kmsKeyId: [urnOf(KEY, "key")] } },
  );
  const instance = resource(
    "aws:rds/clusterInstance:ClusterInstance",
    "instance",
    { clusterIdentifier: "cluster" },
    { madeFrom: { clusterIdentifier: [cluster.urn] } },
  );

  it("reaches what is made from it, and what is made from that", () => {
    const after = snapshot([keys("a", "SIGN_VERIFY"), cluster, instance]);
    const { changes } = compare(snapshot([keys("a", "ENCRYPT_DECRYPT"), cluster, instance]), after);
    assert.deepEqual(changes.map(brief), ["replace key", "replace cluster", "replace instance"]);
    assert.equal(changes[2]?.properties[0]?.follows, "cluster");
  });

  it("is nothing where the source changes in place", () => {
    const after = snapshot([keys("b", "ENCRYPT_DECRYPT"), cluster, instance]);
    const { changes } = compare(snapshot([keys("a", "ENCRYPT_DECRYPT"), cluster, instance]), after);
    assert.deepEqual(changes.map(brief), ["update key"]);
  });

  it("stops at what a resource ignores", () => {
    const deaf = { ...cluster, ignoreChanges: ["kmsKeyId"] };
    const after = snapshot([keys("a", "SIGN_VERIFY"), deaf]);
    const { changes } = compare(snapshot([keys("a", "ENCRYPT_DECRYPT"), deaf]), after);
    assert.deepEqual(changes.map(brief), ["replace key"]);
  });
});

describe("A CloudFormation template", () => {
  const stack = (template: unknown) =>
    resource("aws:cloudformation/stack:Stack", "credentials", {
      templateBody: JSON.stringify(template),
    });
  const secret = (name: string) => ({
    Type: "AWS::SecretsManager::Secret",
    Properties: { Name: name },
    DeletionPolicy: "Retain",
  });

  it("is compared resource by resource", () => {
    const before = snapshot(withTemplate(stack({ Resources: { A: secret("a"), B: secret("b") } })));
    const after = snapshot(withTemplate(stack({ Resources: { A: secret("x"), C: secret("c") } })));
    assert.deepEqual(compare(before, after).changes.map(brief), [
      "replace credentials/A",
      "create credentials/C",
      "delete credentials/B",
    ]);
  });

  it("is a change of its stack where something else in it changes", () => {
    const of = (Description: string) =>
      snapshot(withTemplate(stack({ Description, Resources: { A: secret("a") } })));
    const { changes } = compare(of("a"), of("b"));
    assert.deepEqual(changes.map(brief), ["update credentials"]);
    assert.equal(changes[0]?.properties[0]?.path, "templateBody.Description");
  });

  it("is taken as it is where it cannot be read", () => {
    const unknown = resource("aws:cloudformation/stack:Stack", "s", { templateBody: "[unknown]" });
    assert.deepEqual(withTemplate(unknown), [unknown]);
  });
});
