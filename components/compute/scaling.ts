import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Between what a color grows, and when. */
export interface ScalingLimits {
  /** Most tasks of the color. */
  maxTasks: number;
  /**
   * Requests a second that one task serves with ease, as a load test shows it. The color grows when
   * its tasks get more than this.
   */
  requestsPerTaskPerSecond: number;
}

/** Dimensions of the metrics that speak for a color. */
export interface ScalingDimensions {
  /** `LoadBalancer` dimension. */
  loadBalancer: pulumi.Input<string>;
  /** `TargetGroup` dimension: this color's group. */
  targetGroup: pulumi.Input<string>;
}

/** How a color grows with its load. */
export interface ScalingArgs extends ScalingLimits, ScalingDimensions {}

/** What a color must have room for: ten times the 50,000 payments of a usual hour, a request each. */
export const PEAK_REQUESTS_PER_HOUR = 10 * 50_000;

/** CPU, in percent, above which a color grows whatever its requests say. */
export const CPU_TARGET_PERCENT = 60;

/**
 * Seconds between two steps. Out as soon as the last step shows in the metrics; in slowly, since the
 * color that payments have left is the one that a rollback takes them back to.
 */
export const COOLDOWN_SECONDS = { out: 60, in: 600 };

/**
 * Tasks that serve so many requests.
 *
 * The arithmetic, at 50 requests a second and task: 500,000 requests an hour are 139 a second
 * (500,000 / 3,600), which 3 tasks serve (139 / 50, rounded up). A usual hour, 14 a second, needs
 * one. `maxTasks` is best twice the peak's or more, because a zone may fail in the middle of it.
 * `taskCount` is best the peak's: growing takes three to five minutes, and a step or a rollback
 * sends a color its share all at once.
 */
export function tasksFor(requestsPerHour: number, requestsPerTaskPerSecond: number): number {
  return Math.ceil(requestsPerHour / 3600 / requestsPerTaskPerSecond);
}

/** What is wrong with the settings; empty when nothing is. */
export function scalingMistakes(
  taskCount: number,
  { maxTasks, requestsPerTaskPerSecond }: ScalingLimits,
): string[] {
  const mistakes: string[] = [];
  if (!Number.isInteger(maxTasks) || maxTasks < taskCount)
    mistakes.push(
      `got at most ${maxTasks} tasks, allowed: a whole number from ${taskCount}, the least`,
    );
  if (!(requestsPerTaskPerSecond > 0))
    mistakes.push(
      `got ${requestsPerTaskPerSecond} requests a task and second, allowed: more than 0`,
    );
  return mistakes;
}

type CustomMetric =
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification;

/**
 * Requests a minute that each healthy task of the color gets.
 *
 * Own arithmetic instead of AWS's `ALBRequestCountPerTarget`, which AWS does not support where
 * traffic moves between target groups.
 *
 * `FILL`, because the load balancer reports no requests rather than zero of them, and what is missing
 * never makes a service smaller: the color that everything has left would stay as large as it was.
 * It makes no zeros of requests that are reported late: the load balancer reports its hosts at the
 * same time, and where they are missing so is the quotient.
 */
export function requestsPerTask(dimensions: ScalingDimensions): CustomMetric {
  return {
    metrics: [
      source("requests", "RequestCount", "Sum", dimensions),
      source("hosts", "HealthyHostCount", "Average", dimensions),
      {
        id: "requests_per_host",
        label: "Requests a minute and healthy task",
        expression: "FILL(requests, 0) / hosts",
        returnData: true,
      },
    ],
  };
}

/** One metric of the target group; by the minute, as scaling policies read all metrics. */
function source(
  id: string,
  metricName: string,
  stat: string,
  { loadBalancer, targetGroup }: ScalingDimensions,
) {
  const dimensions = [
    { name: "LoadBalancer", value: loadBalancer },
    { name: "TargetGroup", value: targetGroup },
  ];
  return {
    id,
    metricStat: { metric: { namespace: "AWS/ApplicationELB", metricName, dimensions }, stat },
    returnData: false,
  };
}
