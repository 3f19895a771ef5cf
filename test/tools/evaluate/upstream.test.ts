import * as assert from "node:assert/strict";
import { evaluateWithUpstream } from "../../../tools/evaluate/evaluate";
import { type Fixture, makeFixture } from "../../support/fixture";

describe("Evaluation of a program with the stacks that it reads from", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = makeFixture({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n" });
  });
  afterEach(() => fixture.remove());

  const program = `
      import * as pulumi from "@pulumi/pulumi";
    const upstream = new pulumi.Config().get("upstream") ?? "";
    const name = upstream.includes("/") ? upstream : "organization/shop/" + upstream;
    const base = upstream === "" ? undefined : new pulumi.StackReference(name);
    export const secret = base === undefined ? pulumi.secret("hidden") : base.getOutput("secret");
    export const word = base === undefined ? "open" : base.requireOutput("word");
  `;

  function evaluateAll(upstreams: { [stack: string]: string }, stack: string) {
    fixture.write("index.ts", program);
    for (const [name, upstream] of Object.entries(upstreams))
      fixture.write(`Pulumi.${name}.yaml`, `config:\n  shop:upstream: "${upstream}"\n`);
    return evaluateWithUpstream({ directory: fixture.directory, stack });
  }

  it("passes outputs on, secrets as secrets", async () => {
    const stacks = await evaluateAll({ top: "middle", middle: "base", base: "" }, "top");
    assert.deepEqual(
      stacks.map(({ stack }) => stack),
      ["base", "middle", "top"],
    );
    const top = stacks[2];
    assert.deepEqual(top?.outputs, { secret: "hidden", word: "open" });
    assert.deepEqual(top?.secretOutputs, ["secret"]);
  });

  it("understands a full name, and its organization", async () => {
    const stacks = await evaluateAll({ top: "acme/shop/base", base: "" }, "top");
    assert.equal(stacks[0]?.organization, "acme");
    assert.equal(stacks[1]?.outputs.word, "open");
  });

  it("refuses a circle", async () => {
    const message = /circle: top <- middle <- top/;
    await assert.rejects(evaluateAll({ top: "middle", middle: "top" }, "top"), message);
  });

  it("refuses a stack of another project", async () => {
    await assert.rejects(evaluateAll({ top: "acme/other/base" }, "top"), /another project/);
  });
});
