import assert from "node:assert/strict";
import { AlbLogs } from "../../components/edge/albLogs";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const BALANCER = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:loadbalancer/app/alb/1`;

const LOGS = {
  access: "ALB_ACCESS_LOGS",
  connection: "ALB_CONNECTION_LOGS",
  "health-check": "ALB_HEALTH_CHECK_LOGS",
};

describe("AlbLogs", () => {
  let logs: Rendered;
  before(async () => {
    logs = await render(
      () =>
        new AlbLogs("alb-logs-test", {
          ...COMMON,
          loadBalancerArn: BALANCER,
          accountId: ACCOUNT,
          region: "us-east-1",
          logsKeyArn: `${KEY}/logs`,
          logRetentionDays: 400,
        }),
    );
  });

  for (const [kind, logType] of Object.entries(LOGS))
    it(`delivers the ${kind} log to a group under the key, with an end`, () => {
      const group = logs.get(`alb-${kind}-logs-test`);
      assert.deepEqual(logs.tagged(`alb-${kind}-logs-test`), {
        kmsKeyId: `${KEY}/logs`,
        retentionInDays: 400,
      });
      assert.deepEqual(logs.tagged(`alb-${kind}-source-test`), { resourceArn: BALANCER, logType });
      assert.deepEqual(logs.tagged(`alb-${kind}-destination-test`), {
        deliveryDestinationConfiguration: { destinationResourceArn: group.state.arn },
        outputFormat: "json",
      });
      assert.deepEqual(logs.tagged(`alb-${kind}-delivery-test`), {
        deliverySourceName: logs.get(`alb-${kind}-source-test`).state.name,
        deliveryDestinationArn: logs.get(`alb-${kind}-destination-test`).state.arn,
      });
    });

  it("lets nobody write but AWS's delivery, for this account, and that before it begins", () => {
    const { policyName, policyDocument } = logs.get("alb-logs-policy-test").inputs;
    assert.equal(policyName, "alb-logs-policy-test");
    assert.deepEqual(statements(policyDocument), {
      LogDelivery: {
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: Object.keys(LOGS).map(
          (kind) => `${logs.get(`alb-${kind}-logs-test`).state.arn}:log-stream:*`,
        ),
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${ACCOUNT}:*` },
        },
      },
    });
    for (const kind of Object.keys(LOGS)) {
      const needs = logs.needs(`alb-${kind}-delivery-test`);
      assert.ok(needs.includes("alb-logs-policy-test"), `${kind}: ${needs.join()}`);
    }
  });

  it("tells where the logs are", () => {
    assert.deepEqual(logs.outputs("alb-logs-test", "payments:edge:AlbLogs"), {
      logGroupNames: Object.fromEntries(
        Object.keys(LOGS).map((kind) => [kind, logs.get(`alb-${kind}-logs-test`).state.name]),
      ),
    });
  });
});
