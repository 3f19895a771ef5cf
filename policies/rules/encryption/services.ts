import { must, when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import {
  at,
  canBe,
  canBeWithin,
  canMatch,
  isMissing,
  isObject,
  type Value,
} from "../../core/values";

const OWN_KEY = "the ARN of a key of ours";
const SET_KEY = "Give it the key of its class of data.";

/** A year of audit trail has to be kept (PCI DSS 10.5.1). */
const LEAST_LOG_DAYS = 365;

export const logGroupKept: ResourceRule = {
  id: "log-group-cmk-retention",
  title:
    "Log groups are encrypted with a key of ours and kept for a year; in development, for a time that is set",
  severity: "mandatory",
  controls: {
    pci: ["10.5.1"],
    checkov: ["CKV_AWS_66", "CKV_AWS_158", "CKV_AWS_338"],
    other: ["AWS Config CW_LOGGROUP_RETENTION_PERIOD_CHECK"],
  },
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  check: ({ properties: { kmsKeyId, retentionInDays } }, { relaxed }) => {
    // Zero means for ever, which nobody has decided.
    const least = relaxed ? 1 : LEAST_LOG_DAYS;
    return [
      ...must(!isMissing(kmsKeyId), "kmsKeyId", kmsKeyId, OWN_KEY, "Give it the key for logs."),
      ...must(
        canBeWithin(retentionInDays, least),
        "retentionInDays",
        retentionInDays,
        `at least ${least}`,
        "Set it to payments:logRetentionDays.",
      ),
    ];
  },
};

/** Keys that AWS manages leave no say in who may use them. */
const AWS_MANAGED = /(^|[:/])alias\/aws\//;

function keyMistakes(name: string, key: Value): string[] {
  const managed = typeof key === "string" && AWS_MANAGED.test(key);
  return must(!isMissing(key) && !managed, name, key, OWN_KEY, SET_KEY);
}

export const topicKey: ResourceRule = {
  id: "sns-cmk",
  title: "Topics are encrypted with a key of ours",
  severity: "mandatory",
  controls: { securityHub: ["SNS.1"], checkov: ["CKV_AWS_26"] },
  types: ["aws:sns/topic:Topic"],
  check: ({ properties: { kmsMasterKeyId } }) => keyMistakes("kmsMasterKeyId", kmsMasterKeyId),
};

export const queueKey: ResourceRule = {
  id: "sqs-cmk",
  title: "Queues are encrypted with a key of ours",
  severity: "mandatory",
  controls: { securityHub: ["SQS.1"], checkov: ["CKV_AWS_27", "CKV2_AWS_73"] },
  types: ["aws:sqs/queue:Queue"],
  check: ({ properties: { kmsMasterKeyId } }) => keyMistakes("kmsMasterKeyId", kmsMasterKeyId),
};

export const secretKey: ResourceRule = {
  id: "secret-cmk",
  title: "Secrets are encrypted with a key of ours",
  severity: "mandatory",
  controls: {
    checkov: ["CKV_AWS_149"],
    other: ["cfn-guard SECRETSMANAGER_USING_CMK"],
  },
  types: ["aws:secretsmanager/secret:Secret"],
  check: ({ properties: { kmsKeyId } }) => keyMistakes("kmsKeyId", kmsKeyId),
};

/** Parameters that hold addresses and no secret, so that plans and the console may show them. */
const PLAIN_PARAMETERS = /^\/payments\/[^/]+\/database\/writer$/;

export const parameterKey: ResourceRule = {
  id: "ssm-securestring-cmk",
  title:
    "Parameters are encrypted with a key of ours, except the writer pointer, which holds addresses",
  severity: "mandatory",
  controls: { checkov: ["CKV2_AWS_34", "CKV_AWS_337"] },
  types: ["aws:ssm/parameter:Parameter"],
  check: ({ properties: { name, type, keyId } }) => {
    if (canMatch(name, PLAIN_PARAMETERS)) return [];
    return [
      ...must(
        canBe(type, "SecureString"),
        "type",
        type,
        "SecureString",
        "Set it, or add the name to the plain parameters of this rule with the reason.",
      ),
      ...keyMistakes("keyId", keyId),
    ];
  },
};

export const storageOfTasksKey: ResourceRule = {
  id: "ecs-cluster-ephemeral-cmk",
  title: "The storage of tasks is encrypted with a key of ours",
  severity: "mandatory-in-production",
  controls: { other: ["Fargate ephemeral storage, Amazon ECS developer guide"] },
  types: ["aws:ecs/cluster:Cluster"],
  check: ({ properties: { configuration } }) => {
    const name = "fargateEphemeralStorageKmsKeyId";
    const key = at(configuration, "managedStorageConfiguration", name);
    return must(!isMissing(key), name, key, OWN_KEY, SET_KEY);
  },
};

/** What a variable is called that holds a secret, and endings of names that only tell where it is. */
const SECRET_NAME = /pass(word|wd|phrase)?|secret|token|credential|(api|access|private)_?key/i;
const ABOUT_SECRET = /_?(arn|arns|id|name|parameter|days|seconds)$/i;

export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name) && !ABOUT_SECRET.test(name);
}

export const functionVariablesKey: ResourceRule = {
  id: "lambda-env-cmk",
  title: "Variables of functions are encrypted with a key of ours, and none is a secret",
  severity: "mandatory",
  controls: { checkov: ["CKV_AWS_45", "CKV_AWS_173"] },
  types: ["aws:lambda/function:Function"],
  check: ({ properties: { environment, kmsKeyArn } }) => {
    const variables = at(environment, "variables");
    if (!isObject(variables)) return [];
    return [
      ...must(!isMissing(kmsKeyArn), "kmsKeyArn", kmsKeyArn, OWN_KEY, SET_KEY),
      ...Object.keys(variables)
        .filter(looksSecret)
        .map(
          (name) =>
            `environment variable ${name}: looks secret, and whoever may describe the function reads it. Pass the secret's ARN instead.`,
        ),
    ];
  },
};

export const trailHardened: ResourceRule = {
  id: "cloudtrail-hardened",
  title: "The audit trail covers every Region, is signed and encrypted, and can be searched",
  severity: "mandatory",
  controls: {
    pci: ["10.3.4"],
    securityHub: ["CloudTrail.1", "CloudTrail.2", "CloudTrail.4", "CloudTrail.5"],
    checkov: ["CKV_AWS_35", "CKV_AWS_36", "CKV_AWS_67", "CKV_AWS_251", "CKV2_AWS_10"],
  },
  types: ["aws:cloudtrail/trail:Trail"],
  check: ({ properties }) => {
    const { kmsKeyId, enableLogFileValidation, isMultiRegionTrail } = properties;
    const { cloudWatchLogsGroupArn, enableLogging } = properties;
    const on = (name: string, value: Value) =>
      must(canBe(value, true), name, value, "true", "Set it.");
    return [
      ...must(!isMissing(kmsKeyId), "kmsKeyId", kmsKeyId, OWN_KEY, SET_KEY),
      ...on("enableLogFileValidation", enableLogFileValidation),
      ...on("isMultiRegionTrail", isMultiRegionTrail),
      ...must(
        !isMissing(cloudWatchLogsGroupArn),
        "cloudWatchLogsGroupArn",
        cloudWatchLogsGroupArn,
        "the ARN of a log group",
        "Send the events to one.",
      ),
      ...when(enableLogging === false, "enableLogging: got false, allowed: true. Set it."),
    ];
  },
};
