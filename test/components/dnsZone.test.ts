import assert from "node:assert/strict";
import { HostedZone, type HostedZoneArgs } from "../../components/dns/zone";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const ZONE = "Z0123456789ABCDEFGHIJ";
const LOGGING = { accountId: ACCOUNT, logsKeyArn: `${KEY}/logs`, logRetentionDays: 400 };
const TOKEN = "payments:dns:HostedZone";

function renderZone(changes: Partial<HostedZoneArgs> = {}) {
  return render(
    () =>
      new HostedZone("hosted-zone-test", {
        ...COMMON,
        zone: { id: ZONE },
        deletionProtection: true,
        ...changes,
      }),
  );
}

describe("HostedZone", () => {
  let made: Rendered;
  before(async () => {
    made = await renderZone({ zone: { create: "example.com" }, queryLogging: LOGGING });
  });

  it("uses a zone that exists, and makes nothing", async () => {
    const existing = await renderZone();
    assert.deepEqual(existing.names, ["hosted-zone-test"]);
    assert.deepEqual(existing.outputs("hosted-zone-test", TOKEN), { zoneId: ZONE });
  });

  it("makes a zone that Pulumi will not delete, and tells its name servers", () => {
    assert.deepEqual(made.tagged("zone-test"), {
      name: "example.com",
      comment: "payments test",
      forceDestroy: false,
    });
    assert.equal(made.get("zone-test").options.protect, true);
    const { zoneId, nameServers } = made.get("zone-test").state;
    assert.deepEqual(made.outputs("hosted-zone-test", TOKEN), { zoneId, nameServers });
  });

  it("lets a zone go where nothing is protected", async () => {
    const free = await renderZone({ zone: { create: "example.com" }, deletionProtection: false });
    assert.equal(free.get("zone-test").options.protect, false);
  });

  it("logs queries in us-east-1, under the key, with an end", () => {
    assert.deepEqual(made.tagged("dns-query-logs-test"), {
      region: "us-east-1",
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 400,
    });
    assert.deepEqual(made.get("dns-query-log-test").inputs, {
      zoneId: made.get("zone-test").state.zoneId,
      cloudwatchLogGroupArn: made.get("dns-query-logs-test").state.arn,
    });
  });

  it("lets Route 53 write there for this zone only, before it begins", () => {
    const { region, policyName, policyDocument } = made.get("dns-query-logs-policy-test").inputs;
    assert.deepEqual([region, policyName], ["us-east-1", "dns-query-logs-policy-test"]);
    assert.deepEqual(statements(policyDocument), {
      Route53QueryLogs: {
        Effect: "Allow",
        Principal: { Service: "route53.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${made.get("dns-query-logs-test").state.arn}:*`,
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnLike: {
            "aws:SourceArn": `arn:aws:route53:::hostedzone/${made.get("zone-test").state.zoneId}`,
          },
        },
      },
    });
    const needs = made.needs("dns-query-log-test");
    assert.ok(needs.includes("dns-query-logs-policy-test"), needs.join());
  });

  it("logs the queries of a zone that exists, too", async () => {
    const existing = await renderZone({ queryLogging: LOGGING });
    assert.equal(existing.get("dns-query-log-test").inputs.zoneId, ZONE);
  });

  const MISTAKES: { [what: string]: [Partial<HostedZoneArgs>, RegExp] } = {
    "a name for an ID": [
      { zone: { id: "example.com" } },
      /^hosted zone hosted-zone-test: zone\.id: got example\.com, allowed: an ID such as Z/,
    ],
    "no ID": [{ zone: { id: "" } }, /zone\.id: got nothing,/],
    "a zone without a dot": [{ zone: { create: "com" } }, /zone\.create: got com, allowed: a name/],
    "a key in another Region": [
      {
        queryLogging: { ...LOGGING, logsKeyArn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/logs` },
      },
      /queryLogging\.logsKeyArn: got arn:aws:kms:eu-central-1:\S+, allowed: a key in us-east-1\./,
    ],
  };
  for (const [what, [changes, message]] of Object.entries(MISTAKES))
    it(`refuses ${what}`, () => assert.rejects(renderZone(changes), { message }));
});
