import { must, when } from "../../core/messages";
import { canHaveStatement, refusesPlainText } from "../../core/policyDocument";
import { namesResource, ofTypes } from "../../core/relations";
import type { Resource } from "../../core/resource";
import type { StackFinding, StackRule } from "../../core/rule";
import { at, canBe, isMissing, UNKNOWN, type Value } from "../../core/values";

const BUCKET = "aws:s3/bucket:Bucket";
const KINDS = {
  encryption:
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  access: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
};

/**
 * What a rule says about each bucket and the resource that settles one matter of it. Nothing about a
 * bucket where it is not known yet which resource that is.
 */
function eachBucket(
  resources: readonly Resource[],
  type: string,
  messages: (settings: Resource | undefined) => string[],
): StackFinding[] {
  const settings = ofTypes(resources, type);
  return ofTypes(resources, BUCKET).flatMap((bucket) => {
    const answers = settings.map((one) => ({ one, names: namesResource(one, "bucket", bucket) }));
    const own = answers.find(({ names }) => names === true)?.one;
    if (own === undefined && answers.some(({ names }) => names === UNKNOWN)) return [];
    return messages(own).map((message) => ({ resource: bucket, message }));
  });
}

export const bucketKey: StackRule = {
  id: "s3-cmk",
  title: "Buckets are encrypted with a key of ours",
  severity: "mandatory",
  controls: { securityHub: ["S3.17"], checkov: ["CKV_AWS_145"] },
  types: [BUCKET],
  checkStack: (resources) =>
    eachBucket(resources, KINDS.encryption, (settings) => {
      const rules = settings?.properties.rules;
      return rules === UNKNOWN ? [] : encryptionMistakes(at(rules, 0));
    }),
};

function encryptionMistakes(rule: Value): string[] {
  const byDefault = at(rule, "applyServerSideEncryptionByDefault");
  const algorithm = at(byDefault, "sseAlgorithm");
  const key = at(byDefault, "kmsMasterKeyId");
  const bucketKeyEnabled = at(rule, "bucketKeyEnabled");
  return [
    ...must(
      canBe(algorithm, "aws:kms", "aws:kms:dsse") && !isMissing(key),
      "server-side encryption",
      algorithm,
      "aws:kms with the ARN of a key of ours",
      "Add a BucketServerSideEncryptionConfiguration with both.",
    ),
    ...must(
      canBe(bucketKeyEnabled, true),
      "bucketKeyEnabled",
      bucketKeyEnabled,
      "true",
      "Set it: without, each object is a call to KMS.",
    ),
  ];
}

export const bucketTlsOnly: StackRule = {
  id: "s3-tls-only",
  title: "Buckets refuse whoever comes without TLS",
  severity: "mandatory",
  controls: { securityHub: ["S3.5"], other: ["prowler s3_bucket_secure_transport_policy"] },
  types: [BUCKET],
  checkStack: (resources) =>
    eachBucket(resources, KINDS.policy, (settings) =>
      when(
        !canHaveStatement(settings?.properties.policy, refusesPlainText),
        `policy: got ${settings === undefined ? "none" : "no such statement"}, allowed: one that denies everybody where aws:SecureTransport is false. Add it.`,
      ),
    ),
};

const BLOCKED = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

export const bucketNotPublic: StackRule = {
  id: "s3-public-access-blocked",
  title: "No policy and no list can make a bucket public",
  severity: "mandatory",
  controls: {
    securityHub: ["S3.1", "S3.8"],
    checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"],
  },
  types: [BUCKET],
  checkStack: (resources) =>
    eachBucket(resources, KINDS.access, (settings) =>
      BLOCKED.flatMap((name) => {
        const value = settings?.properties[name];
        return must(
          canBe(value, true),
          name,
          value,
          "true",
          "Block it in a BucketPublicAccessBlock.",
        );
      }),
    ),
};

export const bucketVersioned: StackRule = {
  id: "s3-versioned",
  title: "What is overwritten or deleted in a bucket can be had back",
  severity: "mandatory",
  controls: { securityHub: ["S3.14"], checkov: ["CKV_AWS_21"] },
  types: [BUCKET],
  checkStack: (resources) =>
    eachBucket(resources, KINDS.versioning, (settings) => {
      const status = at(settings?.properties.versioningConfiguration, "status");
      return must(
        canBe(status, "Enabled"),
        "versioning",
        status,
        "Enabled",
        "Add a BucketVersioning with it.",
      );
    }),
};
