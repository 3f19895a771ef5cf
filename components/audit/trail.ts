import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, createServiceRole, resourceName } from "../common";
import { HardenedBucket, type ObjectLock } from "./bucket";
import { deliveryStatements, logStatements } from "./policies";
import { eventSelectors, type RecordedData } from "./selectors";

export interface TrailArgs extends CommonArgs {
  /** Encrypts the files; its policy must admit CloudTrail for this trail (`trailArn`). */
  trailKeyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  /** What is recorded besides management events: all, or how ARNs of it begin. */
  data: { readonly [kind in keyof RecordedData]: pulumi.Input<string>[] };
  /** Lets AWS look for unusual numbers of calls and errors; paid by the event. @default false */
  insights?: boolean;
  /** Days that files are kept, at least 365 (PCI DSS 10.5.1). */
  retentionDays: number;
  /** Days that events are kept where they can be searched and alarmed on. */
  logRetentionDays: number;
  /** Of the files. */
  lock: ObjectLock;
  accountId: pulumi.Input<string>;
  region: string;
  /** True: Pulumi refuses to delete the trail and its files. False: deleting it deletes the files. */
  deletionProtection: boolean;
}

/** A year, as PCI DSS 10.5.1 asks for. */
const MIN_RETENTION_DAYS = 365;

/** Days in which deleted files can be brought back where no lock keeps them: a quarter. */
const RECOVERY_DAYS = 90;

/** ARN of an environment's trail: known before the trail is, for the policies that it needs. */
export function trailArn(environment: string, accountId: string, region: string): string {
  return `arn:aws:cloudtrail:${region}:${accountId}:trail/${trailName(environment)}`;
}

function trailName(environment: string): string {
  return `payments-${environment}`;
}

/**
 * The record of who did what in the account, in every Region: signed files in a bucket of their own,
 * and the same events in a log group.
 *
 * One for an account is enough, and the first one's management events are free: leave it out where an
 * organization's trail records the account already.
 */
export class Trail extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly bucketName: pulumi.Output<string>;
  public readonly bucketArn: pulumi.Output<string>;
  /** For alarms on what must never happen. */
  public readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: TrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:audit:Trail", name, {}, opts);
    const { retentionDays } = args;
    if (!Number.isInteger(retentionDays) || retentionDays < MIN_RETENTION_DAYS) {
      const mistake = `got ${retentionDays} days of retention, allowed: a whole number from ${MIN_RETENTION_DAYS}`;
      throw new pulumi.ResourceError(`trail ${name}: ${mistake}`, this, true);
    }
    const bucket = createBucket(args, this);
    const logs = createLogs(args, this);
    const trail = createTrail(bucket, logs, args, this);
    this.arn = trail.arn;
    this.bucketName = bucket.name;
    this.bucketArn = bucket.arn;
    this.logGroupName = logs.group.name;
    const { arn, bucketName, bucketArn, logGroupName } = this;
    this.registerOutputs({ arn, bucketName, bucketArn, logGroupName });
  }
}

function createBucket(args: TrailArgs, parent: pulumi.Resource): HardenedBucket {
  const { environment, region } = args;
  return new HardenedBucket(
    resourceName("trail-files", environment),
    {
      ...args,
      kind: "trail",
      keyArn: args.trailKeyArn,
      recoveryDays: RECOVERY_DAYS,
      statements: (bucketArn) =>
        pulumi
          .output(args.accountId)
          .apply((accountId) =>
            deliveryStatements(bucketArn, trailArn(environment, accountId, region), accountId),
          ),
    },
    { parent },
  );
}

interface Logs {
  group: aws.cloudwatch.LogGroup;
  role: aws.iam.Role;
  policy: pulumi.Resource;
}

function createLogs(args: TrailArgs, parent: pulumi.Resource): Logs {
  const { environment, tags, region } = args;
  const group = new aws.cloudwatch.LogGroup(
    resourceName("trail-logs", environment),
    { kmsKeyId: args.logsKeyArn, retentionInDays: args.logRetentionDays, tags },
    { parent },
  );
  const statements = pulumi
    .all([group.arn, args.accountId])
    .apply(([groupArn, accountId]) => logStatements(groupArn, accountId, region));
  // CloudTrail does not say for which account it takes the role (its user guide).
  const roleArgs = { environment, tags, service: "cloudtrail.amazonaws.com", statements };
  return { group, ...createServiceRole("trail", roleArgs, parent) };
}

function createTrail(
  bucket: HardenedBucket,
  logs: Logs,
  args: TrailArgs,
  parent: pulumi.Resource,
): aws.cloudtrail.Trail {
  const { environment, tags, deletionProtection } = args;
  return new aws.cloudtrail.Trail(
    resourceName("trail", environment),
    {
      name: trailName(environment),
      s3BucketName: bucket.name,
      kmsKeyId: args.trailKeyArn,
      cloudWatchLogsGroupArn: pulumi.interpolate`${logs.group.arn}:*`,
      cloudWatchLogsRoleArn: logs.role.arn,
      enableLogging: true,
      enableLogFileValidation: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      advancedEventSelectors: pulumi
        .all([bucket.arn, pulumi.output(args.data)])
        .apply(([bucketArn, data]) => eventSelectors(bucketArn, data)),
      ...(args.insights && {
        insightSelectors: [
          { insightType: "ApiCallRateInsight" },
          { insightType: "ApiErrorRateInsight" },
        ],
      }),
      tags,
    },
    // CloudTrail tries both out when the trail is made.
    { parent, protect: deletionProtection, dependsOn: [bucket.policy, logs.policy] },
  );
}
