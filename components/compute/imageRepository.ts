import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";

export interface ImageRepositoryArgs extends CommonArgs {
  /** Encrypts the images. Changing it replaces the repository. */
  computeKeyArn: pulumi.Input<string>;
  /**
   * Images that are kept, newest first. An image that still runs in a color but is no longer here
   * cannot be started again, when a task fails or the color grows: keep more than are built between
   * two releases to production, and some for the way back.
   */
  keepImages: number;
  /** True: Pulumi refuses to delete the repository. False: deleting it takes its images along. */
  deletionProtection: boolean;
}

/**
 * Where the application's images are. A tag is given once and stays with its image; each image is
 * scanned when it comes. It has no policy of its own: IAM says who of this account may use it, and
 * nobody of another account may.
 */
export class ImageRepository extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, which images are pushed to and pulled from. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:compute:ImageRepository", name, {}, opts);
    const { environment, tags, keepImages, deletionProtection } = args;
    if (!Number.isInteger(keepImages) || keepImages < 1) {
      const mistake = `got ${keepImages} images to keep, allowed: a whole number from 1`;
      throw new pulumi.ResourceError(`image repository ${name}: ${mistake}`, this, true);
    }
    const repository = new aws.ecr.Repository(
      resourceName("images", environment),
      {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.computeKeyArn }],
        forceDelete: !deletionProtection,
        tags,
      },
      { parent: this, protect: deletionProtection },
    );
    new aws.ecr.LifecyclePolicy(
      resourceName("images-lifecycle", environment),
      { repository: repository.name, policy: lifecyclePolicy(keepImages) },
      { parent: this },
    );
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}

function lifecyclePolicy(keepImages: number): string {
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Keep the newest ${keepImages} images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
        action: { type: "expire" },
      },
    ],
  });
}
