import { must, when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import { at, canBe, canBeWithin, isMissing } from "../../core/values";

const OWN_KEY = "the ARN of a key of ours";
const SET_KEY = "Give it the key of its class of data.";

export const clusterKey: ResourceRule = {
  id: "rds-cluster-cmk",
  title: "Database clusters are encrypted with a key of ours",
  severity: "mandatory",
  controls: {
    pci: ["3.5.1"],
    securityHub: ["RDS.27"],
    checkov: ["CKV_AWS_96", "CKV_AWS_327"],
  },
  types: ["aws:rds/cluster:Cluster"],
  check: ({ properties: { storageEncrypted, kmsKeyId } }) => [
    ...must(
      canBe(storageEncrypted, true),
      "storageEncrypted",
      storageEncrypted,
      "true",
      "Set it; an existing cluster is replaced by it.",
    ),
    ...must(!isMissing(kmsKeyId), "kmsKeyId", kmsKeyId, OWN_KEY, SET_KEY),
  ],
};

/** CloudWatch Database Insights in its advanced form keeps 15 months, and refuses less. */
const ADVANCED_INSIGHTS_DAYS = 465;

export const insightsKey: ResourceRule = {
  id: "rds-pi-cmk",
  title: "Performance insights of databases are on, and encrypted with a key of ours",
  severity: "mandatory-in-production",
  controls: { checkov: ["CKV_AWS_353", "CKV_AWS_354"] },
  types: ["aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"],
  check: ({ type, properties }) => {
    const { performanceInsightsEnabled: on, performanceInsightsKmsKeyId: key } = properties;
    const { databaseInsightsMode: mode, performanceInsightsRetentionPeriod: days } = properties;
    const instance = type === "aws:rds/clusterInstance:ClusterInstance";
    return [
      ...must(!instance || canBe(on, true), "performanceInsightsEnabled", on, "true", "Set it."),
      ...must(
        canBe(on, undefined, false) || !isMissing(key),
        "performanceInsightsKmsKeyId",
        key,
        OWN_KEY,
        SET_KEY,
      ),
      ...must(
        mode !== "advanced" || canBeWithin(days, ADVANCED_INSIGHTS_DAYS),
        "performanceInsightsRetentionPeriod",
        days,
        `at least ${ADVANCED_INSIGHTS_DAYS} with databaseInsightsMode advanced`,
        "Lengthen it.",
      ),
    ];
  },
};

export const replicationKey: ResourceRule = {
  id: "dms-cmk",
  title: "Replication instances and endpoints are encrypted with a key of ours",
  severity: "mandatory",
  controls: { checkov: ["CKV_AWS_212", "CKV_AWS_296"] },
  types: ["aws:dms/replicationInstance:ReplicationInstance", "aws:dms/endpoint:Endpoint"],
  check: ({ properties: { kmsKeyArn } }) =>
    must(!isMissing(kmsKeyArn), "kmsKeyArn", kmsKeyArn, OWN_KEY, SET_KEY),
};

export const vaultKey: ResourceRule = {
  id: "backup-vault-cmk",
  title: "Backup vaults are encrypted with a key of ours",
  severity: "mandatory",
  controls: { securityHub: ["Backup.1"], checkov: ["CKV_AWS_166"] },
  types: ["aws:backup/vault:Vault"],
  check: ({ properties: { kmsKeyArn } }) =>
    must(!isMissing(kmsKeyArn), "kmsKeyArn", kmsKeyArn, OWN_KEY, SET_KEY),
};

export const repositoryHardened: ResourceRule = {
  id: "ecr-cmk-immutable-scan",
  title: "Image repositories are encrypted with a key of ours, scanned, and never change a tag",
  severity: "mandatory-in-production",
  controls: {
    pci: ["11.3"],
    securityHub: ["ECR.1", "ECR.2"],
    checkov: ["CKV_AWS_51", "CKV_AWS_136", "CKV_AWS_163"],
  },
  types: ["aws:ecr/repository:Repository"],
  check: ({ properties }) => {
    const { imageTagMutability, encryptionConfigurations, imageScanningConfiguration } = properties;
    const encryption = at(encryptionConfigurations, 0);
    const scan = at(imageScanningConfiguration, "scanOnPush");
    return [
      ...must(
        canBe(at(encryption, "encryptionType"), "KMS") && !isMissing(at(encryption, "kmsKey")),
        "encryptionConfigurations",
        encryptionConfigurations,
        `encryptionType KMS with ${OWN_KEY}`,
        SET_KEY,
      ),
      ...must(
        canBe(imageTagMutability, "IMMUTABLE"),
        "imageTagMutability",
        imageTagMutability,
        "IMMUTABLE",
        "Set it: what was tested under a tag has to be what runs.",
      ),
      ...must(canBe(scan, true), "imageScanningConfiguration.scanOnPush", scan, "true", "Set it."),
    ];
  },
};

export const tableProtected: ResourceRule = {
  id: "dynamodb-cmk-recovery",
  title: "Tables are encrypted with a key of ours and can be taken back to any second",
  severity: "mandatory",
  controls: {
    securityHub: ["DynamoDB.2"],
    checkov: ["CKV_AWS_28", "CKV_AWS_119"],
  },
  types: ["aws:dynamodb/table:Table"],
  check: ({ properties: { serverSideEncryption, pointInTimeRecovery } }) => {
    const key = at(serverSideEncryption, "kmsKeyArn");
    const recovery = at(pointInTimeRecovery, "enabled");
    return [
      ...when(
        at(serverSideEncryption, "enabled") === false,
        "serverSideEncryption.enabled: got false, allowed: true. Set it.",
      ),
      ...must(!isMissing(key), "serverSideEncryption.kmsKeyArn", key, OWN_KEY, SET_KEY),
      ...must(canBe(recovery, true), "pointInTimeRecovery.enabled", recovery, "true", "Set it."),
    ];
  },
};
