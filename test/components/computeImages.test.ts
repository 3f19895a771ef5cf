import assert from "node:assert/strict";
import { ImageRepository } from "../../components/compute/imageRepository";
import { COMMON, KEY, type Rendered, render } from "./support";

function renderRepository(changes: { keepImages?: number; deletionProtection?: boolean } = {}) {
  return render(
    () =>
      new ImageRepository("image-repository-test", {
        ...COMMON,
        computeKeyArn: `${KEY}/compute`,
        keepImages: 50,
        deletionProtection: true,
        ...changes,
      }),
  );
}

describe("ImageRepository", () => {
  let images: Rendered;
  before(async () => {
    images = await renderRepository();
  });

  it("encrypts and scans images, whose tags stay with them, and is not deleted", () => {
    assert.deepEqual(images.tagged("images-test"), {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: `${KEY}/compute` }],
      forceDelete: false,
    });
    assert.equal(images.get("images-test").options.protect, true);
  });

  it("keeps the newest images, tagged or not", () => {
    const { policy, ...others } = images.get("images-lifecycle-test").inputs;
    assert.deepEqual(others, { repository: images.get("images-test").state.name });
    assert.deepEqual(JSON.parse(policy as string), {
      rules: [
        {
          rulePriority: 1,
          description: "Keep the newest 50 images",
          selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 50 },
          action: { type: "expire" },
        },
      ],
    });
  });

  it("admits nobody by a policy of its own", () => {
    assert.deepEqual(images.names, [
      "image-repository-test",
      "images-lifecycle-test",
      "images-test",
    ]);
  });

  it("says where images go", () => {
    const { arn, repositoryUrl } = images.get("images-test").state;
    assert.match(repositoryUrl as string, /\.dkr\.ecr\.us-east-1\.amazonaws\.com\/images-test/);
    assert.deepEqual(images.outputs("image-repository-test", "payments:compute:ImageRepository"), {
      arn,
      url: repositoryUrl,
    });
  });

  it("can be removed with its images where nothing is protected", async () => {
    const relaxed = (await renderRepository({ deletionProtection: false })).get("images-test");
    assert.equal(relaxed.inputs.forceDelete, true);
    assert.equal(relaxed.options.protect, false);
  });

  for (const keepImages of [0, 1.5])
    it(`refuses to keep ${keepImages} images`, async () => {
      await assert.rejects(
        renderRepository({ keepImages }),
        new RegExp(`image repository image-repository-test: got ${keepImages} images to keep`),
      );
    });
});
