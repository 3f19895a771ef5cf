import type { ReplacementTable } from "./table";

/** Sources: the provider's schemas of aws_kms_*, aws_secretsmanager_*, aws_iam_*, aws_ssm_parameter, and random_*. */
export const ACCESS: ReplacementTable = {
  "aws:kms/key:Key": {
    replaced: "customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId",
    inPlace: `
      bypassPolicyLockoutSafetyCheck deletionWindowInDays description enableKeyRotation
      isEnabled policy rotationPeriodInDays`,
  },
  "aws:kms/alias:Alias": {
    replaced: "name namePrefix",
    inPlace: "targetKeyId",
  },
  "aws:secretsmanager/secret:Secret": {
    replaced: "name namePrefix",
    inPlace: `
      description forceOverwriteReplicaSecret kmsKeyId policy recoveryWindowInDays replicas`,
  },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    replaced: "secretId",
    inPlace: "rotateImmediately rotationLambdaArn rotationRules",
  },
  "aws:iam/role:Role": {
    replaced: "name namePrefix path",
    inPlace: `
      assumeRolePolicy description forceDetachPolicies maxSessionDuration permissionsBoundary`,
  },
  "aws:iam/rolePolicy:RolePolicy": {
    replaced: "name namePrefix role",
    inPlace: "policy",
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    replaced: "policyArn role",
    inPlace: "",
  },
  "aws:ssm/parameter:Parameter": {
    replaced: "name",
    inPlace: "description insecureValue keyId value",
  },
  "random:index/randomId:RandomId": {
    replaced: "byteLength keepers prefix",
    inPlace: "",
  },
  "random:index/randomPassword:RandomPassword": {
    replaced: `
      keepers length lower minLower minNumeric minSpecial minUpper number numeric
      overrideSpecial special upper`,
    inPlace: "",
  },
};
