import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ApplicationImage } from "../../components/compute/applicationImage";
import { byName, DIRECTORY, evaluation } from "../support/program";
import { COMMON, KEY, render } from "./support";

describe("ApplicationImage", () => {
  it("builds the reference application for the tasks' processors, from the repository's root", async () => {
    const image = await render(
      () =>
        new ApplicationImage("application-image-test", {
          ...COMMON,
          computeKeyArn: `${KEY}/compute`,
          deletionProtection: false,
        }),
    );
    const { repositoryUrl, ...inputs } = image.get("app-image-test").inputs;
    assert.deepEqual(inputs, {
      context: ".",
      dockerfile: "app/Dockerfile",
      platform: "linux/arm64",
    });
    assert.equal(repositoryUrl, image.get("images-test").state.repositoryUrl);
    assert.ok(existsSync(join(DIRECTORY, String(inputs.dockerfile))));
  });

  it("runs in both colors of dev, which names no other, and may be pulled there", async () => {
    const { resources } = await evaluation("dev");
    const uri = byName(resources, "app-image-dev").state.imageUri;
    for (const color of ["blue", "green"]) {
      const { containerDefinitions } = byName(resources, `${color}-app-task-dev`).inputs;
      const [container] = JSON.parse(String(containerDefinitions)) as { image: string }[];
      assert.equal(container?.image, uri);
      const { policy } = byName(resources, `${color}-app-execution-policy-dev`).inputs;
      assert.ok(String(policy).includes(String(byName(resources, "images-dev").state.arn)));
    }
  });

  it("is not made where both images are named", async () => {
    const { resources } = await evaluation("prod");
    assert.deepEqual(
      resources.filter(({ type }) => /ecr/.test(type)),
      [],
    );
  });
});
