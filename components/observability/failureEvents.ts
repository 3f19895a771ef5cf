import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../common";
import { type AlarmArgs, createAlarm, over } from "./alarm";

export interface FailureEventsArgs extends AlarmArgs {
  /** Vaults in this Region whose jobs are watched. @default none is */
  backupVaultArns?: pulumi.Input<string>[];
  /** Secrets whose rotation is watched. @default none is */
  secretArns?: pulumi.Input<string>[];
}

/** How a backup may end without a recovery point: refused, stopped by somebody, or never begun. */
const NO_BACKUP = ["FAILED", "ABORTED", "EXPIRED"];

/** `RotationAbandoned`: somebody else wrote the secret while it was rotated. */
const NO_ROTATION = ["RotationFailed", "RotationAbandoned"];

/**
 * Failures that no metric shows, told to the topic as the events that AWS makes of them.
 *
 * - Secrets Manager's come through CloudTrail: without a trail in the account and Region, there are
 *   none.
 * - EventBridge names neither account nor rule when it publishes, so the policies of the topic and of
 *   its key have to admit `events.amazonaws.com` without `aws:SourceAccount` (SNS developer guide, on
 *   encrypted topics). A target with a role does not help: EventBridge's guide warns that it may fail
 *   with encrypted topics.
 *
 * What cannot be delivered is lost, so an alarm watches each rule for just that; CloudWatch reaches
 * the topic on its own.
 */
export class FailureEvents extends pulumi.ComponentResource {
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: FailureEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:FailureEvents", name, {}, opts);
    const { backupVaultArns = [], secretArns = [] } = args;
    const create = (kind: string, description: string, pattern: object) =>
      createRule(kind, description, pattern, args, this);
    this.alarmArns = [];
    if (backupVaultArns.length > 0)
      this.alarmArns.push(create("failed-backup", "Failed backup", backups(backupVaultArns)));
    if (secretArns.length > 0)
      this.alarmArns.push(create("failed-rotation", "Failed rotation", rotations(secretArns)));
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

function backups(vaultArns: pulumi.Input<string>[]): object {
  return {
    source: ["aws.backup"],
    "detail-type": ["Backup Job State Change"],
    detail: { state: NO_BACKUP, backupVaultArn: vaultArns },
  };
}

function rotations(secretArns: pulumi.Input<string>[]): object {
  return {
    source: ["aws.secretsmanager"],
    "detail-type": ["AWS Service Event via CloudTrail"],
    detail: {
      eventSource: ["secretsmanager.amazonaws.com"],
      eventName: NO_ROTATION,
      additionalEventData: { SecretId: secretArns },
    },
  };
}

/** A rule that sends what matches to the topic. Returns the ARN of the alarm that watches it. */
function createRule(
  kind: string,
  description: string,
  pattern: object,
  args: FailureEventsArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { environment, tags, topicArn } = args;
  const rule = new aws.cloudwatch.EventRule(
    resourceName(`${kind}-rule`, environment),
    {
      description: `${description} in ${environment}`,
      eventPattern: pulumi.jsonStringify(pattern),
      tags,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    resourceName(`${kind}-target`, environment),
    { rule: rule.name, arn: topicArn },
    { parent },
  );
  const alarm = createAlarm(
    resourceName(`${kind}-undelivered`, environment),
    {
      alarmDescription: `${description}: there was one, and its event could not be told to this topic. Look for it in the list of jobs or secrets, and see whether the policies of the topic and its key admit events.amazonaws.com.`,
      namespace: "AWS/Events",
      metricName: "FailedInvocations",
      dimensions: { RuleName: rule.name },
      statistic: "Sum",
      period: 300,
      ...over(0, 1),
      // Published only when there are some.
      treatMissingData: "notBreaching",
    },
    args,
    parent,
  );
  return alarm.arn;
}
