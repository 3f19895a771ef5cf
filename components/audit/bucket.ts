import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, type PolicyStatement, policyDocument, resourceName } from "../common";
import { tlsStatements } from "./policies";

/**
 * Whether objects can be deleted before their time.
 * - `none`: what is deleted can be brought back for some days.
 * - `governance`: no version of an object is deleted before its time, until somebody with the right to
 *   do so goes past the lock.
 *
 * There is no `compliance`: nobody, not even AWS, can undo that lock before its time, or close the
 * account before. No deployment should be able to decide that.
 */
export type ObjectLock = "none" | "governance";

export interface HardenedBucketArgs extends CommonArgs {
  /** Prefix of the logical names, such as `trail`. */
  kind: string;
  /** Customer-managed key of the objects. */
  keyArn: pulumi.Input<string>;
  /** Days that objects are kept. */
  retentionDays: number;
  /** Days in which what was overwritten or deleted, or has ended, can be brought back. */
  recoveryDays: number;
  /** Of all versions, for `retentionDays`. */
  lock: ObjectLock;
  /** Who may use the bucket without an IAM policy of this account. @default nobody */
  statements?: (bucketArn: string) => pulumi.Input<PolicyStatement[]>;
  /** True: Pulumi refuses to delete the bucket. False: deleting it takes its objects along. */
  deletionProtection: boolean;
}

/** A bucket that is never public, always encrypted, keeps versions, and speaks TLS 1.2 or newer. */
export class HardenedBucket extends pulumi.ComponentResource {
  public readonly name: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;
  /** Whoever is admitted by `statements` is so once this is there. */
  public readonly policy: pulumi.Resource;

  constructor(name: string, args: HardenedBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:audit:HardenedBucket", name, {}, opts);
    const { environment, tags, kind, lock, deletionProtection } = args;
    const bucket = new aws.s3.Bucket(
      resourceName(`${kind}-bucket`, environment),
      {
        objectLockEnabled: lock === "governance",
        forceDestroy: !deletionProtection,
        tags,
      },
      { parent: this, protect: deletionProtection },
    );
    this.policy = closeToOthers(bucket, args, this);
    encrypt(bucket, args, this);
    keepVersions(bucket, args, this);
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ name: this.name, arn: this.arn });
  }
}

/** No public access, no access lists, and a policy that says who else may come and how. */
function closeToOthers(
  bucket: aws.s3.Bucket,
  { environment, kind, statements }: HardenedBucketArgs,
  parent: pulumi.Resource,
): aws.s3.BucketPolicy {
  const access = new aws.s3.BucketPublicAccessBlock(
    resourceName(`${kind}-bucket-access`, environment),
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent },
  );
  const ownership = new aws.s3.BucketOwnershipControls(
    resourceName(`${kind}-bucket-ownership`, environment),
    { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    { parent },
  );
  const policy = bucket.arn.apply((arn) =>
    pulumi
      .output(statements?.(arn) ?? [])
      .apply((others) => policyDocument([...tlsStatements(arn), ...others])),
  );
  return new aws.s3.BucketPolicy(
    resourceName(`${kind}-bucket-policy`, environment),
    { bucket: bucket.bucket, policy },
    // One after the other: S3 refuses what it calls conflicting operations on one bucket.
    { parent, dependsOn: [access, ownership] },
  );
}

function encrypt(
  bucket: aws.s3.Bucket,
  { environment, kind, keyArn }: HardenedBucketArgs,
  parent: pulumi.Resource,
) {
  new aws.s3.BucketServerSideEncryptionConfiguration(
    resourceName(`${kind}-bucket-encryption`, environment),
    {
      bucket: bucket.bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          // One call of KMS for many objects.
          bucketKeyEnabled: true,
          // Nobody locks objects up with a key that only they have.
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    },
    { parent },
  );
}

/** Versions, how long they are kept, and the lock on them. */
function keepVersions(bucket: aws.s3.Bucket, args: HardenedBucketArgs, parent: pulumi.Resource) {
  const { environment, kind, retentionDays, recoveryDays, deletionProtection } = args;
  const versioning = new aws.s3.BucketVersioning(
    resourceName(`${kind}-bucket-versioning`, environment),
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    { parent },
  );
  // Both are of versions, and refused or without effect before there are any.
  const afterVersioning = { parent, dependsOn: [versioning] };
  new aws.s3.BucketLifecycleConfiguration(
    resourceName(`${kind}-bucket-lifecycle`, environment),
    {
      bucket: bucket.bucket,
      rules: [
        {
          id: "retention",
          status: "Enabled",
          // Everything.
          filter: {},
          expiration: { days: retentionDays },
          noncurrentVersionExpiration: { noncurrentDays: recoveryDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    afterVersioning,
  );
  if (args.lock === "governance")
    new aws.s3.BucketObjectLockConfiguration(
      resourceName(`${kind}-bucket-lock`, environment),
      {
        bucket: bucket.bucket,
        rule: { defaultRetention: { mode: "GOVERNANCE", days: retentionDays } },
      },
      { ...afterVersioning, protect: deletionProtection },
    );
}
