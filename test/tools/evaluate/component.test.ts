import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../../../tools/evaluate/values";
import { renderComponent } from "../../support/component";
import { byName, childrenOf, descendantsOf, onlyOfType } from "../../support/program";

class Queues extends pulumi.ComponentResource {
  constructor(name: string) {
    super("payments:test:Queues", name);
    const first = new aws.sqs.Queue(`${name}-first`, {}, { parent: this });
    new aws.sqs.Queue(`${name}-second`, { redrivePolicy: first.arn }, { parent: this });
  }
}

describe("Rendering a component for a test", () => {
  it("returns it with its children and their exact inputs", async () => {
    const resources = await renderComponent(() => new Queues("q"));
    const component = onlyOfType(resources, "payments:test:Queues");
    const names = descendantsOf(resources, component).map(({ name }) => name);
    assert.deepEqual(names, ["q-first", "q-second"]);
    assert.deepEqual(childrenOf(resources), [component]);
    assert.deepEqual(byName(resources, "q-first").inputs, {});
  });

  it("starts afresh each time", async () => {
    const render = () => renderComponent(() => new Queues("q"));
    assert.deepEqual(await render(), await render());
  });

  it("leaves computed outputs unknown in a preview", async () => {
    const resources = await renderComponent(() => new Queues("q"), { preview: true });
    assert.equal(byName(resources, "q-second").inputs.redrivePolicy, UNKNOWN);
  });

  it("passes configuration", async () => {
    const config = { "payments:word": "hello" };
    const build = () => new Queues(new pulumi.Config().require("word"));
    const resources = await renderComponent(build, { config });
    assert.equal(resources[0]?.name, "hello");
  });

  it("rejects with the component's own error", async () => {
    const failing = renderComponent(() => {
      throw new Error("boom");
    });
    await assert.rejects(failing, { message: "boom" });
  });

  it("names near resources for one that isn't there", async () => {
    const resources = await renderComponent(() => new Queues("q"));
    assert.throws(() => byName(resources, "q-frist"), /no resource q-frist; near: q-first/);
  });
});
