import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";

export interface ApplicationClusterArgs extends CommonArgs {
  /** Encrypts the tasks' ephemeral storage. */
  computeKeyArn: pulumi.Input<string>;
}

/** The ECS cluster that both colors run in; on Fargate only. */
export class ApplicationCluster extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ApplicationClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:compute:ApplicationCluster", name, {}, opts);
    const { environment, tags } = args;
    const cluster = new aws.ecs.Cluster(
      resourceName("app-cluster", environment),
      {
        settings: [{ name: "containerInsights", value: "enhanced" }],
        configuration: {
          managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: args.computeKeyArn },
        },
        tags,
      },
      { parent: this },
    );
    new aws.ecs.ClusterCapacityProviders(
      resourceName("app-capacity", environment),
      { clusterName: cluster.name, capacityProviders: ["FARGATE"] },
      { parent: this },
    );
    this.arn = cluster.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
