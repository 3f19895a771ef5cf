import { must, when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import { at, canBe, isMissing, items, UNKNOWN, type Value } from "../../core/values";

const LISTENER = "aws:lb/listener:Listener";
const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

/** The policies that Security Hub's ELB.17 takes for recommended: TLS 1.2 and 1.3 with good ciphers only. */
const TLS_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
];

export const listenerTlsPolicy: ResourceRule = {
  id: "alb-listener-tls-policy",
  title: "Listeners speak TLS 1.2 or 1.3 with strong ciphers only",
  severity: "mandatory",
  controls: {
    pci: ["4.2.1"],
    securityHub: ["ELB.17"],
    checkov: ["CKV_AWS_103", "CKV2_AWS_74"],
    other: ["prowler elbv2_listener_pqc_tls_enabled"],
  },
  types: [LISTENER],
  check: ({ properties: { protocol, sslPolicy } }) => {
    if (protocol !== "HTTPS" && protocol !== "TLS") return [];
    return must(
      canBe(sslPolicy, ...TLS_POLICIES),
      "sslPolicy",
      sslPolicy,
      TLS_POLICIES.slice(0, 2).join(", "),
      "Set it: without, AWS takes one from 2016 that allows TLS 1.0.",
    );
  },
};

export const listenerNoPlainHttp: ResourceRule = {
  id: "alb-no-plain-http",
  title: "Nobody is served over plain HTTP; at most, one is led to HTTPS",
  severity: "mandatory-in-production",
  controls: {
    securityHub: ["ELB.1", "ELB.18"],
    checkov: ["CKV_AWS_2", "CKV2_AWS_20"],
    other: ["awsguard alb-http-to-https-redirection"],
  },
  types: [LISTENER],
  check: ({ properties: { protocol, defaultActions } }) => {
    if (protocol !== "HTTP" || defaultActions === UNKNOWN) return [];
    const actions = items(defaultActions);
    const redirects = actions.length === 1 && actions.every(leadsToHttps);
    return when(
      !redirects,
      "protocol: got HTTP, allowed: HTTPS, or HTTP with one action that redirects to HTTPS. Serve HTTPS: payments:allowPlainHttp false.",
    );
  },
};

function leadsToHttps(action: Value): boolean {
  return (
    canBe(at(action, "type"), "redirect") && canBe(at(action, "redirect", "protocol"), "HTTPS")
  );
}

export const targetGroupHttps: ResourceRule = {
  id: "alb-target-group-https",
  title: "Payments and health checks reach the tasks over HTTPS",
  severity: "mandatory-in-production",
  controls: { securityHub: ["ELB.21", "ELB.22"], checkov: ["CKV_AWS_378"] },
  types: [TARGET_GROUP],
  check: ({ properties: { protocol, healthCheck } }) => {
    const checked = at(healthCheck, "protocol");
    return [
      ...must(
        canBe(protocol, "HTTPS", "TLS"),
        "protocol",
        protocol,
        "HTTPS",
        "Set it; AWS replaces the target group.",
      ),
      ...must(canBe(checked, "HTTPS"), "healthCheck.protocol", checked, "HTTPS", "Set it."),
    ];
  },
};

export const noStickiness: ResourceRule = {
  id: "alb-no-stickiness",
  title: "No client sticks to a color: stickiness would outlive a rollback",
  severity: "mandatory",
  controls: { other: ["Elastic Load Balancing: stickiness takes precedence over weights"] },
  types: [TARGET_GROUP, LISTENER, LISTENER_RULE],
  check: ({ type, properties }) => {
    if (type === TARGET_GROUP) return stickyMistakes("stickiness", properties.stickiness);
    const name = type === LISTENER ? "defaultActions" : "actions";
    return items(properties[name]).flatMap((action) =>
      stickyMistakes(`${name}.forward.stickiness`, at(action, "forward", "stickiness")),
    );
  },
};

function stickyMistakes(name: string, stickiness: Value): string[] {
  const enabled = at(stickiness, "enabled");
  // What only says for how long is taken for on.
  const on = isMissing(stickiness) ? false : (enabled ?? true);
  return when(
    String(on) === "true",
    `${name}: got ${isMissing(enabled) ? "no enabled" : "enabled true"}, allowed: enabled false. Set it: clients would stay on a color after its payments are taken back.`,
  );
}
