import * as assert from "node:assert/strict";
import { readConfiguration } from "../../../tools/evaluate/configuration";
import { readProject, UsageError } from "../../../tools/evaluate/project";
import { type Fixture, makeFixture } from "../../support/fixture";

describe("Configuration of a stack", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = makeFixture({});
  });
  afterEach(() => fixture.remove());

  /** Reads with these `config` blocks. */
  function read(projectConfig: string, stackConfig: string, overrides?: { [key: string]: string }) {
    fixture.write("Pulumi.yaml", `name: shop\nruntime: nodejs\nconfig:\n${projectConfig}`);
    fixture.write("Pulumi.dev.yaml", `config:\n${stackConfig}`);
    return readConfiguration(readProject(fixture.directory), "dev", overrides);
  }

  function assertRefused(projectConfig: string, stackConfig: string, message: RegExp) {
    assert.throws(
      () => read(projectConfig, stackConfig),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  }

  it("puts keys without a namespace into the project's", () => {
    const { values } = read(
      "  color: { type: string, default: red }",
      "  size: big\n  aws:region: x",
    );
    assert.deepEqual(values, { "shop:size": "big", "aws:region": "x", "shop:color": "red" });
  });

  it("prefers the stack's value to the default", () => {
    const { values } = read("  color: { type: string, default: red }", "  shop:color: blue");
    assert.equal(values["shop:color"], "blue");
  });

  it("prefers an override to the stack's value", () => {
    const { values } = read("  color: red", "  shop:color: blue", { "shop:color": "green" });
    assert.equal(values["shop:color"], "green");
  });

  it("takes the short form as a default of our own, and as a value of others", () => {
    const { values } = read("  color: red\n  aws:region: eu-west-1", "  shop:size: big");
    assert.equal(values["shop:color"], "red");
    assert.equal(values["aws:region"], "eu-west-1");
  });

  it("passes a foreign object by `value`, as JSON", () => {
    const { values } = read("  pulumi:autonaming: { value: { pattern: x } }", "  shop:a: b");
    assert.equal(values["pulumi:autonaming"], '{"pattern":"x"}');
  });

  it("passes everything that isn't text as JSON", () => {
    const stack =
      "  shop:steps: [{ weight: 10 }]\n  shop:count: 3\n  shop:on: true\n  shop:none: ''";
    const { values } = read(
      "  list: { type: array, items: { type: string }, default: [a] }",
      stack,
    );
    assert.equal(values["shop:steps"], '[{"weight":10}]');
    assert.equal(values["shop:count"], "3");
    assert.equal(values["shop:on"], "true");
    assert.equal(values["shop:none"], "");
    assert.equal(values["shop:list"], '["a"]');
  });

  it("keeps a scalar as it is written", () => {
    const { values } = read("  a: b", "  shop:version: 1.10\n  shop:id: 0123");
    assert.equal(values["shop:version"], "1.10");
    assert.equal(values["shop:id"], "0123");
  });

  it("names all missing keys at once", () => {
    const required = "  b: { type: string }\n  a: { type: string }\n  c: { type: string }";
    assertRefused(
      required,
      "  shop:d: e",
      /^Stack 'dev' is missing configuration values 'a', 'b' and 'c'\.$/,
    );
    assertRefused("  a: { type: string }", "  shop:d: e", /missing configuration value 'a'\.$/);
  });

  const wrongTypes: [string, string, RegExp][] = [
    ["{ type: integer }", "many", /'key' must be of type 'integer'/],
    ["{ type: boolean }", "yes", /must be of type 'boolean'/],
    ["{ type: array, items: { type: integer } }", "[1, x]", /must be of type 'array<integer>'/],
    ["{ type: string, secret: true }", "open", /must be encrypted/],
  ];
  for (const [declaration, value, message] of wrongTypes)
    it(`refuses ${value} for ${declaration}`, () =>
      assertRefused(`  key: ${declaration}`, `  shop:key: ${value}`, message));

  it("gives the program a placeholder for a secret, and marks the key", () => {
    const stack =
      "  shop:password:\n    secure: v1:abc\n  shop:db:\n    user: me\n    pin: { secure: v1:x }";
    const { values, secretKeys } = read("  a: b", stack);
    assert.deepEqual(secretKeys, ["shop:password", "shop:db"]);
    assert.ok(!JSON.stringify(values).includes("v1:"));
    assert.equal(JSON.parse(values["shop:db"] ?? "").user, "me");
  });

  it("reads a dot in a declared key as a path, as Pulumi does", () => {
    const { values } = read(
      "  net.cidr: { default: x }\n  net.zones: { default: 3 }",
      "  shop:net: { zones: 2 }",
    );
    assert.deepEqual(JSON.parse(values["shop:net"] ?? ""), { zones: 2, cidr: "x" });
  });

  it("refuses a flat key that such a path would shadow", () => {
    assertRefused("  net.cidr: { default: x }", "  shop:net.cidr: y", /declares net\.cidr/);
  });

  it("takes a quoted dot as part of the name", () => {
    const { values } = read(`  '["net.cidr"]': { default: x }`, "  shop:a: b");
    assert.equal(values["shop:net.cidr"], "x");
  });

  it("lists the known stacks for an unknown one", () => {
    fixture.write("Pulumi.yaml", "name: shop\nruntime: nodejs");
    fixture.write("Pulumi.prod-base.yaml", "");
    const project = readProject(fixture.directory);
    assert.throws(
      () => readConfiguration(project, "prd"),
      /no stack prd. Known stacks: prod-base\./,
    );
  });

  it("takes a stack's file without configuration", () => {
    fixture.write("Pulumi.yaml", "name: shop\nruntime: nodejs");
    fixture.write("Pulumi.dev.yaml", "");
    const { values } = readConfiguration(readProject(fixture.directory), "dev");
    assert.deepEqual(values, {});
  });
});
