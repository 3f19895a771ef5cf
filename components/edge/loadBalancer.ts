import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color, weightsFor } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";

export interface LoadBalancerArgs extends CommonArgs {
  vpcId: pulumi.Input<string>;
  /** Public subnets, one in each zone. */
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
  listener: { protocol: "HTTPS" | "HTTP"; port: number };
  /** Required with HTTPS. */
  certificateArn: string | undefined;
  /** Port on which the tasks serve HTTPS. */
  applicationPort: number;
  healthCheckPath: string;
  /** The color that gets everything when the rule is made; later the controller decides. */
  live: Color;
  deletionProtection: boolean;
}

/** One color's group of targets. */
export interface TargetGroup {
  readonly arn: pulumi.Output<string>;
  /** `TargetGroup` dimension of its metrics. */
  readonly dimension: pulumi.Output<string>;
}

/**
 * AWS's current policy with post-quantum key exchange; TLS 1.2 and 1.3 only. An unset policy would
 * be that of 2016, with TLS 1.0.
 */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/**
 * The load balancer, with a target group for each color and one rule that holds nothing but the
 * weights between them. The controller changes that rule; Pulumi makes it and never again touches
 * its actions, so no deployment can move payments.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  public readonly dnsName: pulumi.Output<string>;
  /** `LoadBalancer` dimension of the metrics. */
  public readonly dimension: pulumi.Output<string>;
  public readonly targetGroups: { readonly [color in Color]: TargetGroup };
  public readonly weightsRuleArn: pulumi.Output<string>;
  /** The rule itself, for what can only be made when the target groups are in use. */
  public readonly weightsRule: pulumi.Resource;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:edge:LoadBalancer", name, {}, opts);
    const balancer = createBalancer(args, this);
    const groups = {
      blue: createTargetGroup("blue", args, this),
      green: createTargetGroup("green", args, this),
    };
    const listener = createListener(balancer, args, this);
    const rule = createWeightsRule(listener, groups, args, this);
    this.dnsName = balancer.dnsName;
    this.dimension = balancer.arnSuffix;
    this.targetGroups = {
      blue: { arn: groups.blue.arn, dimension: groups.blue.arnSuffix },
      green: { arn: groups.green.arn, dimension: groups.green.arnSuffix },
    };
    this.weightsRuleArn = rule.arn;
    this.weightsRule = rule;
    this.registerOutputs({ dnsName: this.dnsName, weightsRuleArn: this.weightsRuleArn });
  }
}

function createBalancer(args: LoadBalancerArgs, parent: pulumi.Resource): aws.lb.LoadBalancer {
  return new aws.lb.LoadBalancer(
    resourceName("alb", args.environment),
    {
      loadBalancerType: "application",
      internal: false,
      subnets: args.subnetIds,
      securityGroups: [args.securityGroupId],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "strictest",
      xffHeaderProcessingMode: "append",
      idleTimeout: 60,
      enableDeletionProtection: args.deletionProtection,
      tags: args.tags,
    },
    { parent, protect: args.deletionProtection },
  );
}

function createTargetGroup(color: Color, args: LoadBalancerArgs, parent: pulumi.Resource) {
  return new aws.lb.TargetGroup(
    resourceName("tg", args.environment, color),
    {
      vpcId: args.vpcId,
      targetType: "ip",
      protocol: "HTTPS",
      port: args.applicationPort,
      healthCheck: {
        protocol: "HTTPS",
        path: args.healthCheckPath,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
      deregistrationDelay: 30,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      // Stickiness overrides weights: clients would stay on a color that was rolled back.
      stickiness: { type: "lb_cookie", enabled: false },
      targetGroupHealth: {
        // Route 53 calls a load balancer unhealthy when any of its groups has no healthy target:
        // an idle or broken standby would take the live color's name down with it.
        dnsFailover: {
          minimumHealthyTargetsCount: "off",
          minimumHealthyTargetsPercentage: "off",
        },
      },
      tags: args.tags,
    },
    { parent },
  );
}

function createListener(
  balancer: aws.lb.LoadBalancer,
  args: LoadBalancerArgs,
  parent: pulumi.Resource,
): aws.lb.Listener {
  const { protocol, port } = args.listener;
  return new aws.lb.Listener(
    resourceName("alb-listener", args.environment),
    {
      loadBalancerArn: balancer.arn,
      protocol,
      port,
      ...(protocol === "HTTPS" && {
        sslPolicy: TLS_POLICY,
        ...(args.certificateArn !== undefined && { certificateArn: args.certificateArn }),
      }),
      // Nothing reaches this as long as the weights rule stands.
      defaultActions: [
        {
          type: "fixed-response",
          fixedResponse: {
            statusCode: "503",
            contentType: "text/plain",
            messageBody: "unavailable",
          },
        },
      ],
      tags: args.tags,
    },
    { parent },
  );
}

function createWeightsRule(
  listener: aws.lb.Listener,
  groups: { [color in Color]: aws.lb.TargetGroup },
  args: LoadBalancerArgs,
  parent: pulumi.Resource,
): aws.lb.ListenerRule {
  const weights = weightsFor(args.live, 100);
  const targetGroups = COLORS.map((color) => ({ arn: groups[color].arn, weight: weights[color] }));
  return new aws.lb.ListenerRule(
    resourceName("weights-rule", args.environment),
    {
      listenerArn: listener.arn,
      priority: 100,
      conditions: [{ pathPattern: { values: ["/*"] } }],
      actions: [
        {
          type: "forward",
          order: 1,
          forward: { targetGroups, stickiness: { enabled: false, duration: 1 } },
        },
      ],
      tags: args.tags,
    },
    // The whole array: wildcards inside it are not reliable (pulumi-aws issues 5771 and 5772).
    { parent, ignoreChanges: ["actions"] },
  );
}
