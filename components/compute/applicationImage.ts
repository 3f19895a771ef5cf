import * as awsx from "@pulumi/awsx/ecr/image";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";
import { ImageRepository } from "./imageRepository";

export interface ApplicationImageArgs extends CommonArgs {
  computeKeyArn: pulumi.Input<string>;
  deletionProtection: boolean;
}

/** Enough to go back some builds; nobody releases from here. */
const KEEP_IMAGES = 10;

/**
 * The reference application, built from this repository where Pulumi runs, which needs Docker there.
 * For development: what runs elsewhere is built once and named by its digest.
 */
export class ApplicationImage extends pulumi.ComponentResource {
  /** Image with its digest, so that ECS sees when it has changed. */
  public readonly uri: pulumi.Output<string>;

  constructor(name: string, args: ApplicationImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:compute:ApplicationImage", name, {}, opts);
    const { environment, tags, computeKeyArn, deletionProtection } = args;
    const repository = new ImageRepository(
      resourceName("image-repository", environment),
      { environment, tags, computeKeyArn, keepImages: KEEP_IMAGES, deletionProtection },
      { parent: this },
    );
    const image = new awsx.Image(
      resourceName("app-image", environment),
      {
        repositoryUrl: repository.url,
        // The repository's root, whose lock the image uses.
        context: ".",
        dockerfile: "app/Dockerfile",
        platform: "linux/arm64",
      },
      { parent: this },
    );
    this.uri = image.imageUri;
    this.registerOutputs({ uri: this.uri });
  }
}
