import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";
import { CAPACITY_PROVIDERS, type FargateCapacity } from "./fargate";

export interface ApplicationClusterArgs extends CommonArgs {
  /** Encrypts the tasks' ephemeral storage. */
  computeKeyArn: pulumi.Input<string>;
  /** What services may run on besides on-demand. @default nothing */
  capacity?: FargateCapacity;
}

/** The ECS cluster that both colors run in; on Fargate only. */
export class ApplicationCluster extends pulumi.ComponentResource {
  /** Known when services can run in it. */
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
    const capacity = createCapacity(cluster, args, this);
    // ECS refuses a service whose capacity provider the cluster does not have yet.
    this.arn = pulumi.all([cluster.arn, capacity.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}

function createCapacity(
  cluster: aws.ecs.Cluster,
  { environment, capacity }: ApplicationClusterArgs,
  parent: pulumi.Resource,
) {
  const onDemand = CAPACITY_PROVIDERS["on-demand"];
  const capacityProviders = capacity === "spot" ? [onDemand, CAPACITY_PROVIDERS.spot] : [onDemand];
  return new aws.ecs.ClusterCapacityProviders(
    resourceName("app-capacity", environment),
    {
      clusterName: cluster.name,
      capacityProviders,
      // What names none, such as a migration run by hand, is not taken away in the middle.
      defaultCapacityProviderStrategies: [{ capacityProvider: onDemand, weight: 1 }],
    },
    { parent },
  );
}
