import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, resourceName } from "../common";
import { logDeliveryPolicy } from "./logDelivery";
import { webAclMistakes } from "./mistakes";
import { visibility, type WebAclMode, webAclRules } from "./webAclRules";

export interface WebAclArgs extends CommonArgs {
  loadBalancerArn: pulumi.Input<string>;
  /** `block` stops what a rule matches; `count`, for development, only counts it. */
  mode: WebAclMode;
  /** Requests that one address may send in five minutes, 10 to 2,000,000,000. */
  requestsPerFiveMinutesPerIp: number;
  /** IPv4 networks of payment partners, which the rate does not bind. All other rules do. */
  partnerCidrs: readonly string[];
  accountId: pulumi.Input<string>;
  region: string;
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** Headers that identify a person or replay a payment. In lower case, as AWS keeps them. */
const SECRET_HEADERS = ["authorization", "cookie", "idempotency-key"];

/**
 * The web application firewall in front of the load balancer (PCI DSS 6.4.2): AWS's rule groups and a
 * rate per address. What no rule matches is let through. A mistake in the arguments is a
 * `ResourceError`.
 *
 * Everything is logged (Security Hub WAF.11) but secrets: the headers above, and the body, of which
 * a rule would otherwise quote what it matched, a card number for instance.
 */
export class WebAcl extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  /** `WebACL` dimension of its metrics. */
  public readonly dimension: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:edge:WebAcl", name, {}, opts);
    const mistakes = webAclMistakes(args);
    if (mistakes.length > 0)
      throw new pulumi.ResourceError(`web ACL ${name}: ${mistakes.join("\n  ")}`, this, true);
    const webAcl = createWebAcl(args, this);
    new aws.wafv2.WebAclAssociation(
      resourceName("web-acl-association", args.environment),
      { resourceArn: args.loadBalancerArn, webAclArn: webAcl.arn },
      { parent: this },
    );
    const logGroup = createLogging(webAcl, args, this);
    this.arn = webAcl.arn;
    this.dimension = webAcl.name;
    this.logGroupName = logGroup.name;
    this.registerOutputs({ arn: this.arn, logGroupName: this.logGroupName });
  }
}

function createWebAcl(args: WebAclArgs, parent: pulumi.Resource): aws.wafv2.WebAcl {
  const { environment, tags, mode, requestsPerFiveMinutesPerIp } = args;
  return new aws.wafv2.WebAcl(
    resourceName("web-acl", environment),
    {
      description: `payments ${environment}`,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rules: webAclRules({
        mode,
        requestsPerFiveMinutesPerIp,
        partnersArn: createPartners(args, parent)?.arn,
      }),
      // Reaches samples and the quotes of matched data too, which redacting the log does not.
      dataProtectionConfig: { dataProtections: dataProtections() },
      visibilityConfig: visibility("web-acl"),
      tags,
    },
    { parent },
  );
}

function dataProtections() {
  const fields = [{ fieldType: "SINGLE_HEADER", fieldKeys: SECRET_HEADERS }, { fieldType: "BODY" }];
  return fields.map((field) => ({ action: "SUBSTITUTION", field }));
}

function createPartners(args: WebAclArgs, parent: pulumi.Resource): aws.wafv2.IpSet | undefined {
  const { environment, tags, partnerCidrs } = args;
  if (partnerCidrs.length === 0) return undefined;
  return new aws.wafv2.IpSet(
    resourceName("partners", environment),
    {
      description: `payments ${environment}: partners that the rate does not bind`,
      scope: "REGIONAL",
      ipAddressVersion: "IPV4",
      addresses: [...partnerCidrs],
      tags,
    },
    { parent },
  );
}

function createLogging(webAcl: aws.wafv2.WebAcl, args: WebAclArgs, parent: pulumi.Resource) {
  const { environment, tags, accountId, region } = args;
  const logGroup = new aws.cloudwatch.LogGroup(
    // AWS WAF takes no log group whose name begins otherwise.
    resourceName("aws-waf-logs", environment),
    { kmsKeyId: args.logsKeyArn, retentionInDays: args.logRetentionDays, tags },
    { parent },
  );
  const policyName = resourceName("waf-logs-policy", environment);
  const policyDocument = pulumi
    .output({ logGroupArns: [logGroup.arn], accountId, region })
    .apply(logDeliveryPolicy);
  const policy = new aws.cloudwatch.LogResourcePolicy(
    policyName,
    { policyName, policyDocument },
    { parent },
  );
  new aws.wafv2.WebAclLoggingConfiguration(
    resourceName("waf-logging", environment),
    {
      resourceArn: webAcl.arn,
      logDestinationConfigs: [logGroup.arn],
      redactedFields: SECRET_HEADERS.map((name) => ({ singleHeader: { name } })),
    },
    // Before it AWS would make a policy of its own.
    { parent, dependsOn: [policy] },
  );
  return logGroup;
}
