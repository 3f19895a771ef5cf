import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../common";
import { type AlarmArgs, createAlarm, over, under } from "./alarm";
import { DEFAULT_LIMITS } from "./limits";

export interface TrafficAlarmsArgs extends AlarmArgs {
  /** `LoadBalancer` dimension of the metrics. */
  loadBalancer: pulumi.Input<string>;
  /** Payments in a usual hour. @default any number is fine, none as well */
  expectedPaymentsPerHour?: number;
  /** Share of the expected payments below which something keeps them away, in percent. @default 50 */
  floorPercent?: number;
}

/** Failures of the balancer's own, in a minute, that are no longer chance. */
const MAX_BALANCER_ERRORS = 5;

/**
 * Whether payments come in at all. No color is to blame for either of these, so neither takes
 * payments back.
 */
export class TrafficAlarms extends pulumi.ComponentResource {
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: TrafficAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:TrafficAlarms", name, {}, opts);
    const floor = createFloor(args, this);
    const errors = createBalancerErrors(args, this);
    this.alarmArns = [...(floor ? [floor] : []), errors].map(({ arn }) => arn);
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

function createFloor(args: TrafficAlarmsArgs, parent: pulumi.Resource) {
  const { expectedPaymentsPerHour, floorPercent = DEFAULT_LIMITS.floorPercent } = args;
  if (expectedPaymentsPerHour === undefined) return undefined;
  const paymentsIn5Minutes = Math.round((expectedPaymentsPerHour / 12) * (floorPercent / 100));
  return createAlarm(
    resourceName("throughput", args.environment),
    {
      alarmDescription: `Fewer than ${floorPercent} % of the expected ${expectedPaymentsPerHour} payments an hour have come in for 10 minutes. Something before the colors keeps clients away: DNS, the certificate, the firewall, the network. In a quiet season, lower what is expected.`,
      namespace: "AWS/ApplicationELB",
      metricName: "RequestCount",
      dimensions: { LoadBalancer: args.loadBalancer },
      statistic: "Sum",
      period: 300,
      ...under(paymentsIn5Minutes, 2),
      // The balancer publishes no zeros: no data means no payments.
      treatMissingData: "breaching",
    },
    args,
    parent,
  );
}

function createBalancerErrors(args: TrafficAlarmsArgs, parent: pulumi.Resource) {
  return createAlarm(
    resourceName("alb-errors", args.environment),
    {
      alarmDescription:
        "The load balancer itself refuses payments, without an answer of any color: no healthy target, a connection that broke, or a target that took too long. See the targets' health, then the balancer's log.",
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_ELB_5XX_Count",
      dimensions: { LoadBalancer: args.loadBalancer },
      statistic: "Sum",
      period: 60,
      ...over(MAX_BALANCER_ERRORS, 3),
      // Published only when there are some.
      treatMissingData: "notBreaching",
    },
    args,
    parent,
  );
}
