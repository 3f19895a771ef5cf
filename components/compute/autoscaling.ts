import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";
import { COOLDOWN_SECONDS, CPU_TARGET_PERCENT, requestsPerTask, type ScalingArgs } from "./scaling";

interface AutoscalingArgs extends CommonArgs {
  color: Color;
  clusterArn: pulumi.Input<string>;
  /** Least tasks of the color, also while it is the standby. */
  taskCount: number;
  scaling: ScalingArgs;
}

/**
 * Lets the service grow and shrink between its least and most tasks: by requests and by CPU, of which
 * the larger counts. It shrinks only if both say so, and never while it is being deployed.
 */
export function createAutoscaling(
  service: aws.ecs.Service,
  args: AutoscalingArgs,
  parent: pulumi.Resource,
) {
  const { environment, color, tags, taskCount, scaling } = args;
  const clusterName = pulumi
    .output(args.clusterArn)
    .apply((arn) => arn.slice(arn.indexOf("/") + 1));
  const target = new aws.appautoscaling.Target(
    resourceName("app-scaling", environment, color),
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${clusterName}/${service.name}`,
      minCapacity: taskCount,
      maxCapacity: scaling.maxTasks,
      tags,
    },
    { parent },
  );
  createPolicy(
    "requests",
    {
      customizedMetricSpecification: requestsPerTask(scaling),
      // Metrics are by the minute.
      targetValue: scaling.requestsPerTaskPerSecond * 60,
    },
    target,
    args,
    parent,
  );
  createPolicy(
    "cpu",
    {
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      targetValue: CPU_TARGET_PERCENT,
    },
    target,
    args,
    parent,
  );
}

function createPolicy(
  kind: string,
  tracking: aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
  target: aws.appautoscaling.Target,
  { environment, color }: AutoscalingArgs,
  parent: pulumi.Resource,
) {
  new aws.appautoscaling.Policy(
    resourceName(`app-scaling-${kind}`, environment, color),
    {
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        ...tracking,
        scaleOutCooldown: COOLDOWN_SECONDS.out,
        scaleInCooldown: COOLDOWN_SECONDS.in,
      },
    },
    { parent },
  );
}
