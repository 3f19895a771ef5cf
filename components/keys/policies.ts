import type { PolicyStatement } from "../common";

/** Classes of data that have a key each, so that access to one gives no access to another. */
export const KEY_CLASSES = ["data", "secrets", "logs", "messaging", "compute"] as const;
export type KeyClass = (typeof KEY_CLASSES)[number];

export const KEY_PURPOSES: { [keyClass in KeyClass]: string } = {
  data: "databases, their snapshots and insights, and the controller's state",
  secrets: "database credentials",
  logs: "log groups and the audit trail",
  messaging: "notification topics",
  compute: "task storage and function environments",
};

/** What the key policies need to know of their surroundings. */
export interface KeyPolicyContext {
  accountId: string;
  region: string;
  partition: string;
  /** Service principals that publish to encrypted topics with credentials of their own. */
  publishers: readonly string[];
  /** The audit trail whose files are encrypted. @default there is none */
  trailArn?: string;
}

/**
 * The key's policy. The account's administrators keep control, so that IAM policies work and
 * nobody is locked out; services that act without a caller's credentials are admitted one by one.
 */
export function keyPolicy(keyClass: KeyClass, context: KeyPolicyContext): PolicyStatement[] {
  const root = `arn:${context.partition}:iam::${context.accountId}:root`;
  const administration: PolicyStatement = {
    Sid: "AccountAdministration",
    Effect: "Allow",
    Principal: { AWS: root },
    // "kms:*" is the one wildcard of this program: AWS's own default statement, without which IAM
    // policies on the key have no effect and a wrong policy could never be mended.
    Action: "kms:*",
    Resource: "*",
  };
  return [administration, ...serviceStatements(keyClass, context)];
}

function serviceStatements(keyClass: KeyClass, context: KeyPolicyContext): PolicyStatement[] {
  switch (keyClass) {
    case "logs":
      return [cloudWatchLogs(context), ...auditTrail(context)];
    case "messaging":
      return topicPublishers(context);
    case "compute":
      return fargateStorage(context);
    // RDS, DynamoDB and Secrets Manager use the credentials of whoever calls them: IAM decides.
    case "data":
    case "secrets":
      return [];
  }
}

/** CloudWatch Logs, for this account's log groups only. */
function cloudWatchLogs({ accountId, region, partition }: KeyPolicyContext): PolicyStatement {
  return {
    Sid: "CloudWatchLogs",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncrypt*",
      "kms:GenerateDataKey*",
      "kms:DescribeKey",
    ],
    Resource: "*",
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:*`,
      },
    },
  };
}

/** CloudTrail, for this environment's trail only (CloudTrail user guide, key policies). */
function auditTrail({ accountId, partition, trailArn }: KeyPolicyContext): PolicyStatement[] {
  if (trailArn === undefined) return [];
  const common = {
    Effect: "Allow" as const,
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Resource: "*",
  };
  const fromTrail = { StringEquals: { "aws:SourceArn": trailArn } };
  return [
    {
      Sid: "AuditTrail",
      ...common,
      Action: "kms:GenerateDataKey*",
      Condition: {
        ...fromTrail,
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": `arn:${partition}:cloudtrail:*:${accountId}:trail/*`,
        },
      },
    },
    {
      Sid: "AuditTrailKey",
      ...common,
      // The bucket keeps a key of its own under this one, and reads it back.
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Condition: fromTrail,
    },
  ];
}

/** Does not say for which account it publishes: a condition on that would shut it out. */
const EVENT_BRIDGE = "events.amazonaws.com";

/** Alarms and events reach encrypted topics only if their service may use the topic's key. */
function topicPublishers(context: KeyPolicyContext): PolicyStatement[] {
  const { accountId, region, partition, publishers } = context;
  const named = publishers.filter((publisher) => publisher !== EVENT_BRIDGE);
  const common = { Effect: "Allow" as const, Action: ["kms:Decrypt", "kms:GenerateDataKey*"] };
  const services: PolicyStatement = {
    Sid: "TopicPublishers",
    ...common,
    Principal: { Service: named },
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  };
  if (named.length === publishers.length) return [services];
  const events: PolicyStatement = {
    Sid: "EventPublisher",
    ...common,
    Principal: { Service: EVENT_BRIDGE },
    Resource: "*",
    // SNS says which topic it encrypts for: only this account's.
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:sns:topicArn": `arn:${partition}:sns:${region}:${accountId}:*`,
      },
    },
  };
  return [services, events];
}

/** Fargate encrypts the ephemeral storage of this account's tasks. */
function fargateStorage({ accountId }: KeyPolicyContext): PolicyStatement[] {
  const Principal = { Service: "fargate.amazonaws.com" };
  const context = { "kms:EncryptionContext:aws:ecs:clusterAccount": [accountId] };
  return [
    {
      Sid: "FargateDataKeys",
      Effect: "Allow",
      Principal,
      Action: "kms:GenerateDataKeyWithoutPlaintext",
      Resource: "*",
      Condition: { StringEquals: context },
    },
    {
      Sid: "FargateGrants",
      Effect: "Allow",
      Principal,
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: {
        StringEquals: context,
        "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] },
      },
    },
  ];
}
