import { must, when } from "../../core/messages";
import { canBeNamedBy, ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { ResourceRule, StackRule } from "../../core/rule";
import { at, canBe, canSome, isMissing, items, UNKNOWN } from "../../core/values";

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";

/** Zones that production's load balancer spans, so that a majority is left when one is lost. */
const LEAST_SUBNETS = { production: 3, development: 2 };

export const loadBalancerHardened: ResourceRule = {
  id: "alb-hardened",
  title:
    "The load balancer drops malformed requests, spans zones, and lets nothing past the firewall",
  severity: "mandatory",
  controls: {
    pci: ["6.2.4"],
    securityHub: ["ELB.4", "ELB.12", "ELB.13"],
    checkov: ["CKV_AWS_131", "CKV_AWS_328"],
  },
  types: [LOAD_BALANCER],
  check: ({ properties }, { relaxed }) => {
    const { dropInvalidHeaderFields, desyncMitigationMode, enableWafFailOpen, subnets } =
      properties;
    const least = relaxed ? LEAST_SUBNETS.development : LEAST_SUBNETS.production;
    return [
      ...must(
        canBe(dropInvalidHeaderFields, true),
        "dropInvalidHeaderFields",
        dropInvalidHeaderFields,
        "true",
        "Set it.",
      ),
      ...must(
        // Defensive, where nothing is given.
        canBe(desyncMitigationMode, undefined, "defensive", "strictest"),
        "desyncMitigationMode",
        desyncMitigationMode,
        "defensive or strictest",
        "Set it to strictest.",
      ),
      ...when(
        enableWafFailOpen === true,
        "enableWafFailOpen: got true, allowed: false. Leave it out: requests would pass unseen while the firewall is away.",
      ),
      ...must(
        subnets === UNKNOWN || items(subnets).length >= least,
        "subnets",
        items(subnets).length,
        `at least ${least}, each in a zone of its own`,
        "Give it the public subnets.",
      ),
    ];
  },
};

export const loadBalancerKept: ResourceRule = {
  id: "alb-deletion-protection",
  title: "AWS refuses to delete the load balancer",
  severity: "mandatory-in-production",
  controls: { securityHub: ["ELB.6"], checkov: ["CKV_AWS_150"] },
  types: [LOAD_BALANCER],
  check: ({ properties: { enableDeletionProtection } }) =>
    must(
      canBe(enableDeletionProtection, true),
      "enableDeletionProtection",
      enableDeletionProtection,
      "true",
      "Set payments:deletionProtection true.",
    ),
};

export const loadBalancerLogs: StackRule = {
  id: "alb-logs",
  title: "Every request to the load balancer is on record",
  severity: "mandatory-in-production",
  controls: { pci: ["10.2.1"], securityHub: ["ELB.5"], checkov: ["CKV_AWS_91"] },
  types: [LOAD_BALANCER],
  checkStack: (resources) => {
    const sources = ofTypes(resources, "aws:cloudwatch/logDeliverySource:LogDeliverySource").filter(
      ({ properties }) => canBe(properties.logType, "ALB_ACCESS_LOGS"),
    );
    const deliveries = ofTypes(resources, "aws:cloudwatch/logDelivery:LogDelivery");
    const delivered = sources.filter((source) =>
      canBeNamedBy(deliveries, "deliverySourceName", source),
    );
    return ofTypes(resources, LOAD_BALANCER)
      .filter(({ properties }) => !canBe(at(properties.accessLogs, "enabled"), true))
      .filter((one) => !canBeNamedBy(delivered, "resourceArn", one))
      .map((resource) => ({
        resource,
        message:
          "access logs: got none, allowed: a log delivery of ALB_ACCESS_LOGS, or accessLogs.enabled. Deliver them to a log group.",
      }));
  },
};

export const loadBalancerFirewall: StackRule = {
  id: "alb-waf-associated",
  title: "A firewall stands before every load balancer that the internet reaches",
  severity: "mandatory-in-production",
  controls: {
    pci: ["6.4.2"],
    securityHub: ["ELB.16"],
    checkov: ["CKV2_AWS_28", "CKV2_AWS_76"],
  },
  types: [LOAD_BALANCER],
  checkStack: (resources) => {
    const associations = ofTypes(resources, "aws:wafv2/webAclAssociation:WebAclAssociation");
    return ofTypes(resources, LOAD_BALANCER)
      .filter(facesInternet)
      .filter((one) => !canBeNamedBy(associations, "resourceArn", one))
      .map((resource) => ({
        resource,
        message:
          "web ACL: got none, allowed: one associated with this load balancer. Associate it.",
      }));
  },
};

/** Where nothing is given, AWS makes it face the internet. */
function facesInternet({ properties: { internal } }: Resource): boolean {
  return isMissing(internal) || internal === false;
}

const LOG_NAME = /aws-waf-logs-/;

export const firewallWatched: StackRule = {
  id: "wafv2-logging-and-rules",
  title: "Every firewall has rules, shows up in metrics, and logs what it saw",
  severity: "mandatory-in-production",
  controls: {
    pci: ["6.4.2"],
    securityHub: ["WAF.10", "WAF.11", "WAF.12"],
    checkov: ["CKV_AWS_175", "CKV_AWS_192", "CKV2_AWS_31"],
  },
  types: ["aws:wafv2/webAcl:WebAcl"],
  checkStack: (resources) => {
    const logging = ofTypes(
      resources,
      "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    );
    return ofTypes(resources, "aws:wafv2/webAcl:WebAcl").flatMap((acl) =>
      firewallMistakes(acl, logging).map((message) => ({ resource: acl, message })),
    );
  },
};

function firewallMistakes(acl: Resource, logging: Resource[]): string[] {
  const { rules, visibilityConfig } = acl.properties;
  const metrics = at(visibilityConfig, "cloudwatchMetricsEnabled");
  const named = logging.filter(({ properties }) =>
    canSome(properties.logDestinationConfigs, (one) => LOG_NAME.test(String(one))),
  );
  return [
    ...must(
      rules === UNKNOWN || items(rules).length > 0,
      "rules",
      rules,
      "at least one",
      "Add AWS's rule groups.",
    ),
    ...must(
      canBe(metrics, true),
      "visibilityConfig.cloudwatchMetricsEnabled",
      metrics,
      "true",
      "Set it.",
    ),
    ...when(
      !canBeNamedBy(named, "resourceArn", acl),
      "logging: got none, allowed: a logging configuration to a log group whose name begins with aws-waf-logs-. Add it.",
    ),
  ];
}
