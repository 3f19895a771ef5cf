import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COLORS, DNS_TTL_SECONDS, SET_IDENTIFIERS } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";
import { createHealthCheck } from "./healthCheck";
import { dnsMistakes } from "./mistakes";
import { colorName, misplaced } from "./names";

export interface DnsArgs extends CommonArgs {
  /** Public hosted zone of the domain. */
  zoneId: pulumi.Input<string>;
  /** Name under which clients come, such as `pay.example.com`. */
  domainName: string;
  loadBalancer: {
    dnsName: pulumi.Input<string>;
    /** Hosted zone of the load balancer's own name. */
    zoneId: pulumi.Input<string>;
  };
  /**
   * Weight of AWS when its record is made, 0 to 255; later the controller decides. Its share is its
   * part of the sum of both weights, which is never 0.
   */
  initialWeight: number;
  /** The on-premises endpoint that clients used so far. @default none */
  legacy?: LegacyEndpoint;
}

export interface LegacyEndpoint {
  /** IPv4, one or more. */
  addresses: readonly string[];
  /** Weight when the record is made, 0 to 255; later the controller decides. */
  initialWeight: number;
  /**
   * Path that Route 53 asks for over HTTPS every 10 seconds. With a check, Route 53 sends everyone to
   * AWS as soon as the endpoint fails, whatever the weights: ask for one only where AWS may take
   * payments at any time. @default none
   */
  healthCheckPath?: string;
}

/**
 * The names by which clients find the payments: one for everybody, weighted between AWS and the
 * on-premises endpoint, and one for each color.
 *
 * Weights in DNS are for these two ends only, coarse and slow as DNS is. Between blue and green they
 * would do nothing: both colors are behind one load balancer, so two records would lead to the same
 * addresses, and nothing in a request tells by which of them it came. That move is made by the load
 * balancer's own weights.
 *
 * A record that Route 53 holds for unhealthy gives way to the other, even to one of weight 0, and
 * payments would go to a database that is not the one to be written. So neither counts as unhealthy by
 * itself: the legacy endpoint is not checked unless that is asked for, and the target groups of AWS's
 * load balancer have their DNS failover off. When the move is over, leave `legacy` out.
 *
 * The controller changes the weights, so Pulumi makes them and never again touches them. The record of
 * AWS is weighted even where there is nothing else: a plain one would exclude a second. A mistake in
 * the arguments is a `ResourceError`.
 */
export class Dns extends pulumi.ComponentResource {
  public readonly zoneId: pulumi.Output<string>;
  /** The name for everybody, known once its record is made. */
  public readonly recordName: pulumi.Output<string>;
  /** By which the controller tells the weighted records apart; without legacy there is one. */
  public readonly setIdentifiers: { readonly aws: string; readonly legacy?: string };

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:dns:Dns", name, {}, opts);
    const { domainName, initialWeight, legacy } = args;
    const mistakes = dnsMistakes({ domainName, initialWeight, legacy });
    if (mistakes.length > 0) throw this.error(name, mistakes.join("\n  "));
    const record = createAwsRecord(args, this);
    if (legacy !== undefined) createLegacyRecord(legacy, args, this);
    for (const color of COLORS)
      createAlias(
        resourceName("record", args.environment, color),
        colorName(color, domainName),
        args,
        this,
      );
    this.zoneId = pulumi.output(args.zoneId);
    this.recordName = record.fqdn.apply((fqdn) => {
      const mistake = misplaced(domainName, fqdn);
      if (mistake !== undefined) throw this.error(name, `zoneId: ${mistake}`);
      return fqdn;
    });
    const { aws: awsIdentifier, legacy: legacyIdentifier } = SET_IDENTIFIERS;
    this.setIdentifiers = {
      aws: awsIdentifier,
      ...(legacy !== undefined && { legacy: legacyIdentifier }),
    };
    const { zoneId, recordName, setIdentifiers } = this;
    this.registerOutputs({ zoneId, recordName, setIdentifiers });
  }

  private error(name: string, message: string): pulumi.ResourceError {
    return new pulumi.ResourceError(`dns ${name}: ${message}`, this, true);
  }
}

function createAwsRecord(args: DnsArgs, parent: pulumi.Resource): aws.route53.Record {
  const { dnsName, zoneId } = args.loadBalancer;
  return new aws.route53.Record(
    resourceName("aws-record", args.environment),
    {
      zoneId: args.zoneId,
      name: args.domainName,
      type: "A",
      setIdentifier: SET_IDENTIFIERS.aws,
      weightedRoutingPolicies: [{ weight: args.initialWeight }],
      aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }],
    },
    { parent, ignoreChanges: ["weightedRoutingPolicies"] },
  );
}

function createLegacyRecord(legacy: LegacyEndpoint, args: DnsArgs, parent: pulumi.Resource) {
  const { environment, tags, domainName } = args;
  const { addresses, healthCheckPath: path } = legacy;
  const check =
    path === undefined
      ? undefined
      : createHealthCheck({ environment, tags, domainName, addresses, path }, parent);
  return new aws.route53.Record(
    resourceName("legacy-record", environment),
    {
      zoneId: args.zoneId,
      name: domainName,
      type: "A",
      setIdentifier: SET_IDENTIFIERS.legacy,
      weightedRoutingPolicies: [{ weight: legacy.initialWeight }],
      // As long as resolvers keep a load balancer's addresses: either end is left equally fast.
      ttl: DNS_TTL_SECONDS,
      records: [...addresses],
      ...(check !== undefined && { healthCheckId: check.id }),
    },
    { parent, ignoreChanges: ["weightedRoutingPolicies"] },
  );
}

/** A color is to be found even while it is unwell: finding out why is what its name is for. */
function createAlias(logicalName: string, name: string, args: DnsArgs, parent: pulumi.Resource) {
  const { dnsName, zoneId } = args.loadBalancer;
  return new aws.route53.Record(
    logicalName,
    {
      zoneId: args.zoneId,
      name,
      type: "A",
      aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: false }],
    },
    { parent },
  );
}
