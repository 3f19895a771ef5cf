import assert from "node:assert/strict";
import { AlertsTopic } from "../../components/observability/alertsTopic";
import { FailureEvents } from "../../components/observability/failureEvents";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const TOPIC = "arn:alerts";
const VAULT = `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:backup-vault-test`;
const SECRETS = ["blue", "green"].map(
  (color) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${color}-app-AbCdEf`,
);

describe("FailureEvents", () => {
  let events: Rendered;
  before(async () => {
    events = await render(
      () =>
        new FailureEvents("failure-events-test", {
          ...COMMON,
          topicArn: TOPIC,
          backupVaultArns: [VAULT],
          secretArns: SECRETS,
        }),
    );
  });

  const rule = (name: string) => {
    const { eventPattern, ...inputs } = events.tagged(name) as { eventPattern: string };
    assert.ok(eventPattern.length <= 4096, "EventBridge takes 4,096 characters");
    return { ...inputs, eventPattern: JSON.parse(eventPattern) };
  };

  it("match backups of these vaults that ended without a recovery point", () => {
    assert.deepEqual(rule("failed-backup-rule-test"), {
      description: "Failed backup in test",
      eventPattern: {
        source: ["aws.backup"],
        "detail-type": ["Backup Job State Change"],
        detail: { state: ["FAILED", "ABORTED", "EXPIRED"], backupVaultArn: [VAULT] },
      },
    });
  });

  it("match rotations of these secrets that failed, as CloudTrail tells them", () => {
    assert.deepEqual(rule("failed-rotation-rule-test"), {
      description: "Failed rotation in test",
      eventPattern: {
        source: ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        detail: {
          eventSource: ["secretsmanager.amazonaws.com"],
          eventName: ["RotationFailed", "RotationAbandoned"],
          additionalEventData: { SecretId: SECRETS },
        },
      },
    });
  });

  it("go to the topic without a role, and an alarm tells when they do not arrive", () => {
    for (const kind of ["failed-backup", "failed-rotation"]) {
      const name = events.get(`${kind}-rule-test`).state.name;
      assert.deepEqual(events.get(`${kind}-target-test`).inputs, { rule: name, arn: TOPIC });
      const { alarmDescription, ...alarm } = events.tagged(`${kind}-undelivered-test`) as {
        alarmDescription: string;
      };
      assert.match(alarmDescription, /could not be told .* admit events\.amazonaws\.com/);
      assert.deepEqual(alarm, {
        namespace: "AWS/Events",
        metricName: "FailedInvocations",
        dimensions: { RuleName: name },
        statistic: "Sum",
        period: 300,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        treatMissingData: "notBreaching",
        alarmActions: [TOPIC],
        okActions: [TOPIC],
      });
    }
  });

  it("are none where nothing is watched", async () => {
    const none = await render(
      () => new FailureEvents("failure-events-test", { ...COMMON, topicArn: TOPIC }),
    );
    assert.deepEqual(none.names, ["failure-events-test"]);
  });
});

describe("AlertsTopic with EventBridge", () => {
  it("admits it without a condition, which it cannot meet, and the others only with theirs", async () => {
    const alerts = await render(
      () =>
        new AlertsTopic("alerts-test", {
          ...COMMON,
          messagingKeyArn: `${KEY}/messaging`,
          accountId: ACCOUNT,
          publishers: ["backup.amazonaws.com", "events.amazonaws.com", "cloudwatch.amazonaws.com"],
        }),
    );
    const { policy } = alerts.get("alerts-topic-policy-test").inputs;
    const { Services, Events, TlsOnly, ...others } = statements(policy);
    assert.deepEqual(others, {});
    assert.deepEqual(Services?.Principal, {
      Service: ["backup.amazonaws.com", "cloudwatch.amazonaws.com"],
    });
    assert.deepEqual(Services?.Condition, { StringEquals: { "aws:SourceAccount": ACCOUNT } });
    assert.equal(TlsOnly?.Effect, "Deny");
    assert.deepEqual(Events, {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: alerts.get("alerts-topic-test").state.arn,
    });
  });
});
