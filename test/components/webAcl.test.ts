import assert from "node:assert/strict";
import { WebAcl, type WebAclArgs } from "../../components/edge/webAcl";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const BALANCER = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:loadbalancer/app/alb/1`;
const PARTNERS = ["192.0.2.0/28", "198.51.100.7/32"];

function renderAcl(changes: Partial<WebAclArgs> = {}) {
  return render(
    () =>
      new WebAcl("web-acl-test", {
        ...COMMON,
        loadBalancerArn: BALANCER,
        mode: "block",
        requestsPerFiveMinutesPerIp: 2000,
        partnerCidrs: PARTNERS,
        accountId: ACCOUNT,
        region: "us-east-1",
        logsKeyArn: `${KEY}/logs`,
        logRetentionDays: 400,
        ...changes,
      }),
  );
}

const ACL = "aws:wafv2/webAcl:WebAcl";

function visibility(metricName: string) {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}

function managed(name: string, priority: number, group: string, overrideAction: object) {
  return {
    name,
    priority,
    overrideAction,
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name: group } },
    visibilityConfig: visibility(name),
  };
}

function rate(action: object, scopeDown: object) {
  return {
    name: "rate",
    priority: 20,
    action,
    statement: {
      rateBasedStatement: {
        aggregateKeyType: "IP",
        evaluationWindowSec: 300,
        limit: 2000,
        ...scopeDown,
      },
    },
    visibilityConfig: visibility("rate"),
  };
}

/** AWS's groups without an exception, around the rate rule. */
function rules(rateRule: object, override: object) {
  return [
    managed("ip-reputation", 10, "AWSManagedRulesAmazonIpReputationList", override),
    rateRule,
    managed("common", 30, "AWSManagedRulesCommonRuleSet", override),
    managed("known-bad-inputs", 40, "AWSManagedRulesKnownBadInputsRuleSet", override),
    managed("sql-injection", 50, "AWSManagedRulesSQLiRuleSet", override),
  ];
}

const TOO_MANY = { block: { customResponse: { responseCode: 429 } } };

describe("WebAcl", () => {
  let acl: Rendered;
  before(async () => {
    acl = await renderAcl();
  });

  it("blocks what AWS's rules and the rate match, hides secrets, and lets the rest through", () => {
    const arn = acl.get("partners-test").state.arn;
    const scopeDownStatement = {
      notStatement: { statement: { ipSetReferenceStatement: { arn } } },
    };
    assert.deepEqual(acl.tagged("web-acl-test", ACL), {
      description: "payments test",
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rules: rules(rate(TOO_MANY, { scopeDownStatement }), { none: {} }),
      dataProtectionConfig: {
        dataProtections: [
          {
            action: "SUBSTITUTION",
            field: {
              fieldType: "SINGLE_HEADER",
              fieldKeys: ["authorization", "cookie", "idempotency-key"],
            },
          },
          { action: "SUBSTITUTION", field: { fieldType: "BODY" } },
        ],
      },
      visibilityConfig: visibility("web-acl"),
    });
  });

  it("counts in the same places, where it is to count only", async () => {
    const counting = await renderAcl({ mode: "count", partnerCidrs: [] });
    assert.deepEqual(
      counting.get("web-acl-test", ACL).inputs.rules,
      rules(rate({ count: {} }, {}), { count: {} }),
    );
  });

  it("knows the partners, whom the rate does not bind", () => {
    assert.deepEqual(acl.tagged("partners-test"), {
      description: "payments test: partners that the rate does not bind",
      scope: "REGIONAL",
      ipAddressVersion: "IPV4",
      addresses: PARTNERS,
    });
  });

  it("has no list of partners where there are none, and binds everyone", async () => {
    const strict = await renderAcl({ partnerCidrs: [] });
    assert.ok(!strict.names.includes("partners-test"));
    assert.deepEqual(
      strict.get("web-acl-test", ACL).inputs.rules,
      rules(rate(TOO_MANY, {}), { none: {} }),
    );
  });

  it("stands before the load balancer", () => {
    assert.deepEqual(acl.get("web-acl-association-test").inputs, {
      resourceArn: BALANCER,
      webAclArn: acl.get("web-acl-test", ACL).state.arn,
    });
  });

  it("logs to a group of the name that AWS WAF asks for, without secret headers", () => {
    const group = acl.get("aws-waf-logs-test");
    assert.match(group.state.name as string, /^aws-waf-logs-/);
    assert.deepEqual(acl.tagged("aws-waf-logs-test"), {
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
    assert.deepEqual(acl.get("waf-logging-test").inputs, {
      resourceArn: acl.get("web-acl-test", ACL).state.arn,
      logDestinationConfigs: [group.state.arn],
      redactedFields: ["authorization", "cookie", "idempotency-key"].map((name) => ({
        singleHeader: { name },
      })),
    });
  });

  it("admits AWS's delivery to the log before it begins", () => {
    const { policyName, policyDocument } = acl.get("waf-logs-policy-test").inputs;
    assert.equal(policyName, "waf-logs-policy-test");
    assert.deepEqual(statements(policyDocument), {
      LogDelivery: {
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`${acl.get("aws-waf-logs-test").state.arn}:log-stream:*`],
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${ACCOUNT}:*` },
        },
      },
    });
    const needs = acl.needs("waf-logging-test");
    assert.ok(needs.includes("waf-logs-policy-test"), needs.join());
  });

  const MISTAKES: { [what: string]: [Partial<WebAclArgs>, RegExp] } = {
    "a rate below AWS's least": [
      { requestsPerFiveMinutesPerIp: 9 },
      /^web ACL web-acl-test: requestsPerFiveMinutesPerIp: got 9, allowed: a whole number from 10 to 2000000000\.$/,
    ],
    "a rate that is no number": [{ requestsPerFiveMinutesPerIp: Number.NaN }, /got NaN/],
    "a rate in parts": [{ requestsPerFiveMinutesPerIp: 10.5 }, /got 10\.5/],
    "a partner of everybody": [
      { partnerCidrs: ["0.0.0.0/0"] },
      /^web ACL web-acl-test: partnerCidrs: got 0\.0\.0\.0\/0, allowed: an IPv4 network by its first address/,
    ],
    "a partner by an address inside its network": [
      { partnerCidrs: ["192.0.2.1/24"] },
      /got 192\.0\.2\.1\/24/,
    ],
    "more partners than an IP set holds": [
      { partnerCidrs: Array.from({ length: 10_001 }, () => "192.0.2.1/32") },
      /got 10001 networks, allowed: at most 10000/,
    ],
  };
  for (const [what, [changes, message]] of Object.entries(MISTAKES))
    it(`refuses ${what}`, () => assert.rejects(renderAcl(changes), { message }));

  it("tells every mistake at once", () =>
    assert.rejects(
      renderAcl({ requestsPerFiveMinutesPerIp: 0, partnerCidrs: ["everyone"] }),
      /requestsPerFiveMinutesPerIp: got 0,.*\n {2}partnerCidrs: got everyone,/,
    ));
});
