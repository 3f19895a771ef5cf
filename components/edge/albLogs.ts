import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";
import { logDeliveryPolicy } from "./logDelivery";

export interface AlbLogsArgs extends CommonArgs {
  loadBalancerArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** What a load balancer tells: each request, each connection with its TLS, each health check. */
const LOG_TYPES = {
  access: "ALB_ACCESS_LOGS",
  connection: "ALB_CONNECTION_LOGS",
  "health-check": "ALB_HEALTH_CHECK_LOGS",
} as const;
type LogKind = keyof typeof LOG_TYPES;
const LOG_KINDS = Object.keys(LOG_TYPES) as LogKind[];

/**
 * The load balancer's three logs, in log groups under a key of ours and with an end (PCI DSS 10.2.1,
 * 10.5.1; Security Hub ELB.5).
 *
 * They come by CloudWatch's log delivery, which AWS opened to application load balancers in July 2026.
 * Whoever deploys it needs `elasticloadbalancing:AllowVendedLogDeliveryForResource` on the load
 * balancer, and a load balancer has one delivery source for each type of log: where an account-wide
 * telemetry rule has made one already, leave this out.
 *
 * The alternative, the load balancer's own `accessLogs`,
 * `connectionLogs` and `healthCheckLogs`, writes to an S3 bucket that may be encrypted with S3's keys
 * (SSE-S3) and with no other: there, "everything at rest under customer-managed keys" is not true. It
 * is cheaper for very many requests; a bucket under a key of ours is possible too, as a destination
 * of the same log delivery.
 */
export class AlbLogs extends pulumi.ComponentResource {
  public readonly logGroupNames: { readonly [kind in LogKind]: pulumi.Output<string> };

  constructor(name: string, args: AlbLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:edge:AlbLogs", name, {}, opts);
    const groups = LOG_KINDS.map((kind) => ({ kind, group: createLogGroup(kind, args, this) }));
    const policy = admitDelivery(
      groups.map(({ group }) => group.arn),
      args,
      this,
    );
    for (const { kind, group } of groups) deliver(kind, group, policy, args, this);
    this.logGroupNames = Object.fromEntries(
      groups.map(({ kind, group }) => [kind, group.name]),
    ) as typeof this.logGroupNames;
    this.registerOutputs({ logGroupNames: this.logGroupNames });
  }
}

function createLogGroup(kind: LogKind, args: AlbLogsArgs, parent: pulumi.Resource) {
  return new aws.cloudwatch.LogGroup(
    resourceName(`alb-${kind}-logs`, args.environment),
    { kmsKeyId: args.logsKeyArn, retentionInDays: args.logRetentionDays, tags: args.tags },
    { parent },
  );
}

function admitDelivery(
  logGroupArns: pulumi.Output<string>[],
  args: AlbLogsArgs,
  parent: pulumi.Resource,
) {
  const policyName = resourceName("alb-logs-policy", args.environment);
  const policyDocument = pulumi
    .output({ logGroupArns, accountId: args.accountId, region: args.region })
    .apply(logDeliveryPolicy);
  return new aws.cloudwatch.LogResourcePolicy(
    policyName,
    { policyName, policyDocument },
    { parent },
  );
}

/** Source, destination and the way between them: one of each, since AWS changes each only alone. */
function deliver(
  kind: LogKind,
  group: aws.cloudwatch.LogGroup,
  policy: aws.cloudwatch.LogResourcePolicy,
  args: AlbLogsArgs,
  parent: pulumi.Resource,
) {
  const { environment, tags } = args;
  const source = new aws.cloudwatch.LogDeliverySource(
    resourceName(`alb-${kind}-source`, environment),
    { resourceArn: args.loadBalancerArn, logType: LOG_TYPES[kind], tags },
    { parent },
  );
  const destination = new aws.cloudwatch.LogDeliveryDestination(
    resourceName(`alb-${kind}-destination`, environment),
    {
      deliveryDestinationConfiguration: { destinationResourceArn: group.arn },
      outputFormat: "json",
      tags,
    },
    { parent },
  );
  new aws.cloudwatch.LogDelivery(
    resourceName(`alb-${kind}-delivery`, environment),
    { deliverySourceName: source.name, deliveryDestinationArn: destination.arn, tags },
    // Before it AWS would make a policy of its own.
    { parent, dependsOn: [policy] },
  );
}
