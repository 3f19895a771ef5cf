import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

type Rule = aws.types.input.wafv2.WebAclRule;

/** `count` lets everything through and tells what `block` would have stopped. */
export type WebAclMode = "block" | "count";

export interface WebAclRulesArgs {
  mode: WebAclMode;
  requestsPerFiveMinutesPerIp: number;
  /** IP set of the partners, whose requests the rate rule does not count; undefined: none. */
  partnersArn: pulumi.Input<string> | undefined;
}

/**
 * AWS's groups, each in the version that AWS recommends at the time: new attacks are met without a
 * deployment. Cheap ones first. Together with the rate rule they take about 1,130 of the 1,500
 * capacity units that the base price covers.
 *
 * None of their rules is excepted. `SizeRestrictions_BODY` of the common set, which many switch off,
 * stays: a payment is far below its 8 KB, and no more than that of a body is looked at behind a load
 * balancer, so that a larger one would carry the rest through unseen. `NoUserAgent_HEADER` stops
 * clients that do not say what they are: `count` shows beforehand whom a rule would hit.
 */
const MANAGED_GROUPS = [
  { name: "ip-reputation", priority: 10, group: "AWSManagedRulesAmazonIpReputationList" },
  { name: "common", priority: 30, group: "AWSManagedRulesCommonRuleSet" },
  { name: "known-bad-inputs", priority: 40, group: "AWSManagedRulesKnownBadInputsRuleSet" },
  { name: "sql-injection", priority: 50, group: "AWSManagedRulesSQLiRuleSet" },
];
const RATE = { name: "rate", priority: 20 };

/** Tells a client that is refused for its rate to come back later, where 403 would say never. */
const TOO_MANY_REQUESTS = 429;

export function webAclRules(args: WebAclRulesArgs): Rule[] {
  const managed = MANAGED_GROUPS.map(({ name, priority, group }) => ({
    name,
    priority,
    overrideAction: args.mode === "count" ? { count: {} } : { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name: group } },
    visibilityConfig: visibility(name),
  }));
  return [...managed, rateRule(args)].sort((a, b) => a.priority - b.priority);
}

/** A partner sends the payments of many people from few addresses: it would be the first to be cut off. */
function rateRule({ mode, requestsPerFiveMinutesPerIp, partnersArn }: WebAclRulesArgs) {
  const block = { block: { customResponse: { responseCode: TOO_MANY_REQUESTS } } };
  return {
    ...RATE,
    action: mode === "count" ? { count: {} } : block,
    statement: {
      rateBasedStatement: {
        aggregateKeyType: "IP",
        evaluationWindowSec: 300,
        limit: requestsPerFiveMinutesPerIp,
        ...(partnersArn !== undefined && {
          scopeDownStatement: {
            notStatement: { statement: { ipSetReferenceStatement: { arn: partnersArn } } },
          },
        }),
      },
    },
    visibilityConfig: visibility(RATE.name),
  };
}

/** Metrics, and samples of requests, which the data protection of the web ACL covers. */
export function visibility(metricName: string) {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
