import assert from "node:assert/strict";
import { AlertsTopic } from "../../components/observability/alertsTopic";
import { ACCOUNT, COMMON, KEY, render, statements } from "./support";

describe("AlertsTopic", () => {
  it("is encrypted, and takes messages over TLS of the given services for this account", async () => {
    const publishers = ["events.rds.amazonaws.com", "cloudwatch.amazonaws.com"];
    const alerts = await render(
      () =>
        new AlertsTopic("alerts-test", {
          ...COMMON,
          messagingKeyArn: `${KEY}/messaging`,
          accountId: ACCOUNT,
          publishers,
        }),
    );
    assert.deepEqual(alerts.tagged("alerts-topic-test"), { kmsMasterKeyId: `${KEY}/messaging` });
    const topicArn = alerts.get("alerts-topic-test").state.arn;
    const { arn, policy } = alerts.get("alerts-topic-policy-test").inputs;
    assert.equal(arn, topicArn);
    assert.deepEqual(statements(policy), {
      Services: {
        Effect: "Allow",
        Principal: { Service: publishers },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      },
      TlsOnly: {
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    });
  });
});
