import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color, weightsFor } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";
import { colorHost, createColorHosts } from "./colorHosts";
import { balancerMistakes } from "./mistakes";

export interface LoadBalancerArgs extends CommonArgs {
  vpcId: pulumi.Input<string>;
  /** Public subnets, one in each zone. */
  subnetIds: pulumi.Input<string[]>;
  securityGroupId: pulumi.Input<string>;
  listener: { protocol: "HTTPS" | "HTTP"; port: number };
  /** Required with HTTPS, and of no use with HTTP. Covers the colors' names too, where there are any. */
  certificateArn: pulumi.Input<string> | undefined;
  /**
   * Name under which clients come, such as `pay.example.com`. With it each color has a name of its
   * own, `blue.<domain>` and `green.<domain>`, for tests before any traffic. @default none
   */
  domainName?: string;
  /**
   * IPv4 networks, 1 to 4, that may use the colors' names. Required with a domain, and without a
   * default: what is posted to a color is a real payment, and a release that nobody has tested
   * yet is nothing to show to the internet.
   */
  testCidrs?: readonly string[];
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
 * Seconds after which a client has to connect anew; 60 is AWS's least, an hour its default. The
 * weights between colors reach every request, but a client that stays connected looks up no name:
 * this is how long it may miss what DNS, or a zonal shift, has changed.
 */
const CLIENT_KEEP_ALIVE_SECONDS = 60;

/**
 * The load balancer, with a target group for each color and one rule that holds nothing but the
 * weights between them. The controller changes that rule; Pulumi makes it and never again touches
 * its actions, so no deployment can move payments.
 *
 * With a domain each color can be reached by a name of its own as well, from `testCidrs` only. An
 * argument that AWS would refuse, or that makes no sense, is a `ResourceError`.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly dnsName: pulumi.Output<string>;
  /** Hosted zone of `dnsName`, for alias records. */
  public readonly zoneId: pulumi.Output<string>;
  /** `LoadBalancer` dimension of the metrics. */
  public readonly dimension: pulumi.Output<string>;
  public readonly targetGroups: { readonly [color in Color]: TargetGroup };
  public readonly weightsRuleArn: pulumi.Output<string>;
  /** The rule itself, for what can only be made when the target groups are in use. */
  public readonly weightsRule: pulumi.Resource;
  /** Where each color answers by itself; undefined without a domain. */
  public readonly urls: { readonly [color in Color]: string } | undefined;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:edge:LoadBalancer", name, {}, opts);
    this.refuseMistakes(name, args);
    const balancer = createBalancer(args, this);
    const groups = {
      blue: createTargetGroup("blue", args, this),
      green: createTargetGroup("green", args, this),
    };
    const listener = createListener(balancer, args, this);
    const rule = createWeightsRule(listener, groups, args, this);
    this.urls = createTestAccess(listener, groups, args, this);
    this.arn = balancer.arn;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.dimension = balancer.arnSuffix;
    this.targetGroups = {
      blue: { arn: groups.blue.arn, dimension: groups.blue.arnSuffix },
      green: { arn: groups.green.arn, dimension: groups.green.arnSuffix },
    };
    this.weightsRuleArn = rule.arn;
    this.weightsRule = rule;
    this.registerOutputs({ dnsName: this.dnsName, weightsRuleArn: this.weightsRuleArn });
  }

  private refuseMistakes(name: string, args: LoadBalancerArgs): void {
    const { listener, certificateArn, domainName, testCidrs } = args;
    const hasCertificate = certificateArn !== undefined;
    const mistakes = balancerMistakes({ listener, hasCertificate, domainName, testCidrs });
    if (mistakes.length === 0) return;
    throw new pulumi.ResourceError(`load balancer ${name}: ${mistakes.join("\n  ")}`, this, true);
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
      // The application must be able to trust the last address, and that one the balancer adds.
      xffHeaderProcessingMode: "append",
      // What the client negotiated is in the connection log: no application reads these headers.
      enableTlsVersionAndCipherSuiteHeaders: false,
      enableHttp2: true,
      idleTimeout: 60,
      clientKeepAlive: CLIENT_KEEP_ALIVE_SECONDS,
      // Lets an operator, or AWS, take an ailing zone out without a deployment.
      enableZonalShift: true,
      // Closed: better no payment than one that nothing has looked at.
      enableWafFailOpen: false,
      ipAddressType: "ipv4",
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

/** Names of the colors, for tests; none without a domain. */
function createTestAccess(
  listener: aws.lb.Listener,
  groups: { [color in Color]: aws.lb.TargetGroup },
  args: LoadBalancerArgs,
  parent: pulumi.Resource,
): { [color in Color]: string } | undefined {
  const { environment, tags, domainName, testCidrs } = args;
  if (domainName === undefined || testCidrs === undefined) return undefined;
  const targetGroupArns = { blue: groups.blue.arn, green: groups.green.arn };
  createColorHosts(
    { environment, tags, listenerArn: listener.arn, targetGroupArns, domainName, testCidrs },
    parent,
  );
  const { protocol, port } = args.listener;
  const usual = port === (protocol === "HTTPS" ? 443 : 80);
  const url = (color: Color) =>
    `${protocol.toLowerCase()}://${colorHost(color, domainName)}${usual ? "" : `:${port}`}`;
  return { blue: url("blue"), green: url("green") };
}
