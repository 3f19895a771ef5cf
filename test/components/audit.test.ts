import assert from "node:assert/strict";
import { HardenedBucket, type HardenedBucketArgs } from "../../components/audit/bucket";
import { Trail, type TrailArgs, trailArn } from "../../components/audit/trail";
import { ACCOUNT, COMMON, KEY, type Rendered, render, statements } from "./support";

const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/payments-test`;
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/cutover-state-test-0a1b2c3`;
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:cutover-function-test-`;
const BUCKET = "arn:aws:s3:::payments-exports";

function renderBucket(changes: Partial<HardenedBucketArgs> = {}) {
  return render(
    () =>
      new HardenedBucket("exports-test", {
        ...COMMON,
        kind: "exports",
        keyArn: `${KEY}/data`,
        retentionDays: 400,
        recoveryDays: 30,
        lock: "none",
        deletionProtection: true,
        ...changes,
      }),
  );
}

describe("HardenedBucket", () => {
  let plain: Rendered;
  let locked: Rendered;
  let bucket: unknown;
  before(async () => {
    [plain, locked] = await Promise.all([renderBucket(), renderBucket({ lock: "governance" })]);
    bucket = plain.get("exports-bucket-test").state.bucket;
  });

  it("is not deleted by Pulumi", () => {
    assert.deepEqual(plain.tagged("exports-bucket-test"), {
      objectLockEnabled: false,
      forceDestroy: false,
    });
    assert.equal(plain.get("exports-bucket-test").options.protect, true);
  });

  it("is closed to the public and to access lists", () => {
    assert.deepEqual(plain.get("exports-bucket-access-test").inputs, {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(plain.get("exports-bucket-ownership-test").inputs, {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("encrypts with its key and no other", () => {
    assert.deepEqual(plain.get("exports-bucket-encryption-test").inputs, {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: `${KEY}/data`,
          },
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    });
  });

  it("keeps versions, and ends them in time", () => {
    assert.deepEqual(plain.get("exports-bucket-versioning-test").inputs, {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    assert.deepEqual(plain.get("exports-bucket-lifecycle-test").inputs, {
      bucket,
      rules: [
        {
          id: "retention",
          status: "Enabled",
          filter: {},
          expiration: { days: 400 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
    const needs = plain.needs("exports-bucket-lifecycle-test");
    assert.ok(needs.includes("exports-bucket-versioning-test"), needs.join());
  });

  it("refuses everybody who comes without TLS 1.2, and admits nobody", () => {
    const { policy, ...others } = plain.get("exports-bucket-policy-test").inputs;
    assert.deepEqual(others, { bucket });
    assert.deepEqual(statements(policy), tls(plain.get("exports-bucket-test").state.arn));
  });

  it("gets its policy once nobody else can open it", () => {
    const needs = plain.needs("exports-bucket-policy-test");
    for (const name of ["exports-bucket-access-test", "exports-bucket-ownership-test"])
      assert.ok(needs.includes(name), needs.join());
  });

  it("can be locked, in a way that a person can go past", () => {
    assert.equal(locked.get("exports-bucket-test").inputs.objectLockEnabled, true);
    const lock = locked.get("exports-bucket-lock-test");
    assert.deepEqual(lock.inputs, {
      bucket,
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 400 } },
    });
    assert.equal(lock.options.protect, true);
    const needs = locked.needs("exports-bucket-lock-test");
    assert.ok(needs.includes("exports-bucket-versioning-test"), needs.join());
    assert.ok(!plain.names.includes("exports-bucket-lock-test"));
  });

  it("can be removed with its objects where nothing is protected", async () => {
    const relaxed = await renderBucket({ deletionProtection: false, lock: "governance" });
    assert.equal(relaxed.get("exports-bucket-test").inputs.forceDestroy, true);
    for (const { name, options } of relaxed.resources) assert.equal(options.protect, false, name);
  });

  it("gives its name and ARN", () => {
    const { arn } = plain.get("exports-bucket-test").state;
    assert.deepEqual(plain.outputs("exports-test", "payments:audit:HardenedBucket"), {
      name: bucket,
      arn,
    });
  });
});

function renderTrail(changes: Partial<TrailArgs> = {}) {
  return render(
    () =>
      new Trail("audit-test", {
        ...COMMON,
        trailKeyArn: `${KEY}/trail`,
        logsKeyArn: `${KEY}/logs`,
        data: { bucketArns: [BUCKET], tableArns: [TABLE], functionArns: [FUNCTION] },
        retentionDays: 400,
        logRetentionDays: 365,
        lock: "governance",
        accountId: ACCOUNT,
        region: "us-east-1",
        deletionProtection: true,
        ...changes,
      }),
  );
}

describe("Trail", () => {
  let trail: Rendered;
  let bucketArn: string;
  before(async () => {
    trail = await renderTrail();
    bucketArn = trail.get("trail-bucket-test").state.arn as string;
  });

  it("records every Region in signed, encrypted files and in a log group, and is not deleted", () => {
    const { advancedEventSelectors: _, ...inputs } = trail.tagged("trail-test") as {
      advancedEventSelectors: unknown;
    };
    assert.deepEqual(inputs, {
      name: "payments-test",
      s3BucketName: trail.get("trail-bucket-test").state.bucket,
      kmsKeyId: `${KEY}/trail`,
      cloudWatchLogsGroupArn: `${trail.get("trail-logs-test").state.arn}:*`,
      cloudWatchLogsRoleArn: trail.get("trail-role-test").state.arn,
      enableLogging: true,
      enableLogFileValidation: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
    });
    assert.equal(trail.get("trail-test").options.protect, true);
  });

  it("records management events, the use of data, and whoever reads or deletes its own files", () => {
    const data = (name: string, type: string, arns: string[], ...others: object[]) => ({
      name,
      fieldSelectors: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: [type] },
        { field: "resources.ARN", startsWiths: arns },
        ...others,
      ],
    });
    assert.deepEqual(trail.get("trail-test").inputs.advancedEventSelectors, [
      {
        name: "Management events",
        fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
      },
      data("Use of the audit trail", "AWS::S3::Object", [`${bucketArn}/`], {
        field: "eventName",
        notEquals: ["PutObject"],
      }),
      data("Objects", "AWS::S3::Object", [`${BUCKET}/`]),
      data("Tables", "AWS::DynamoDB::Table", [TABLE]),
      data("Functions", "AWS::Lambda::Function", [FUNCTION]),
    ]);
  });

  it("selects nothing by an empty list, and never records its own deliveries", async () => {
    const none = await renderTrail({ data: { bucketArns: [], tableArns: [], functionArns: [] } });
    assert.deepEqual(selectorNames(none), ["Management events", "Use of the audit trail"]);
    const own = await renderTrail({
      data: { bucketArns: [bucketArn], tableArns: [], functionArns: [] },
    });
    assert.deepEqual(selectorNames(own), ["Management events", "Use of the audit trail"]);
  });

  it("looks for unusual activity only when asked to", async () => {
    const { insightSelectors } = (await renderTrail({ insights: true })).get("trail-test").inputs;
    assert.deepEqual(insightSelectors, [
      { insightType: "ApiCallRateInsight" },
      { insightType: "ApiErrorRateInsight" },
    ]);
    const { inputs } = (await renderTrail({ insights: false })).get("trail-test");
    assert.equal(inputs.insightSelectors, undefined);
  });

  it("is made once CloudTrail may write to both places", () => {
    const needs = trail.needs("trail-test");
    for (const name of ["trail-bucket-policy-test", "trail-policy-test"])
      assert.ok(needs.includes(name), needs.join());
  });

  it("lets this trail alone, of this account, deliver files to its bucket", () => {
    const { policy } = trail.get("trail-bucket-policy-test").inputs;
    const Principal = { Service: "cloudtrail.amazonaws.com" };
    assert.deepEqual(statements(policy), {
      ...tls(bucketArn),
      CheckBucket: {
        Effect: "Allow",
        Principal,
        Action: "s3:GetBucketAcl",
        Resource: bucketArn,
        Condition: { StringEquals: { "aws:SourceArn": TRAIL } },
      },
      DeliverFiles: {
        Effect: "Allow",
        Principal,
        Action: "s3:PutObject",
        Resource: `${bucketArn}/AWSLogs/${ACCOUNT}/*`,
        Condition: {
          StringEquals: {
            "aws:SourceArn": TRAIL,
            "s3:x-amz-acl": "bucket-owner-full-control",
          },
        },
      },
    });
    assert.equal(trailArn("test", ACCOUNT, "us-east-1"), TRAIL);
  });

  it("keeps its files locked, encrypted with the trail's key", () => {
    const inputs = (name: string) => trail.get(`trail-bucket-${name}-test`).inputs;
    const [rule] = inputs("encryption").rules as {
      applyServerSideEncryptionByDefault: { kmsMasterKeyId: string };
    }[];
    assert.equal(rule?.applyServerSideEncryptionByDefault.kmsMasterKeyId, `${KEY}/trail`);
    const [lifecycle] = inputs("lifecycle").rules as { [field: string]: unknown }[];
    assert.deepEqual(lifecycle?.expiration, { days: 400 });
    assert.deepEqual(lifecycle?.noncurrentVersionExpiration, { noncurrentDays: 90 });
    assert.deepEqual(inputs("lock").rule, { defaultRetention: { mode: "GOVERNANCE", days: 400 } });
    assert.deepEqual(trail.tagged("trail-bucket-test"), {
      objectLockEnabled: true,
      forceDestroy: false,
    });
  });

  it("keeps events in an encrypted log group, which CloudTrail may write its own streams of", () => {
    assert.deepEqual(trail.tagged("trail-logs-test"), {
      kmsKeyId: `${KEY}/logs`,
      retentionInDays: 365,
    });
    const { role, policy } = trail.get("trail-policy-test").inputs;
    assert.equal(role, trail.get("trail-role-test").id);
    const logGroupArn = trail.get("trail-logs-test").state.arn;
    assert.deepEqual(statements(policy), {
      WriteEvents: {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logGroupArn}:log-stream:${ACCOUNT}_CloudTrail_us-east-1*`,
      },
    });
  });

  it("lets only CloudTrail take the role", () => {
    const { assumeRolePolicy, ...others } = trail.tagged("trail-role-test") as {
      assumeRolePolicy: string;
    };
    assert.deepEqual(others, {});
    assert.deepEqual(statements(assumeRolePolicy), {
      Service: {
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    });
  });

  it("gives its place to whoever reads or watches it", () => {
    const { arn } = trail.get("trail-test").state;
    assert.deepEqual(trail.outputs("audit-test", "payments:audit:Trail"), {
      arn,
      bucketName: trail.get("trail-bucket-test").state.bucket,
      bucketArn,
      logGroupName: trail.get("trail-logs-test").state.name,
    });
  });

  it("makes what it needs and nothing else", () => {
    assert.deepEqual(trail.names, [
      "audit-test",
      "trail-bucket-access-test",
      "trail-bucket-encryption-test",
      "trail-bucket-lifecycle-test",
      "trail-bucket-lock-test",
      "trail-bucket-ownership-test",
      "trail-bucket-policy-test",
      "trail-bucket-test",
      "trail-bucket-versioning-test",
      "trail-files-test",
      "trail-logs-test",
      "trail-policy-test",
      "trail-role-test",
      "trail-test",
    ]);
  });

  it("can be removed with its files where nothing is protected", async () => {
    const relaxed = await renderTrail({ deletionProtection: false });
    assert.equal(relaxed.get("trail-bucket-test").inputs.forceDestroy, true);
    for (const { name, options } of relaxed.resources) assert.equal(options.protect, false, name);
  });

  for (const retentionDays of [364, 365.5, Number.NaN])
    it(`refuses to keep files for ${retentionDays} days`, async () => {
      await assert.rejects(
        renderTrail({ retentionDays }),
        new RegExp(`trail audit-test: got ${retentionDays} days of retention, allowed: .* 365`),
      );
    });

  it("keeps files for a year at least", async () => {
    const year = await renderTrail({ retentionDays: 365 });
    const [rule] = year.get("trail-bucket-lifecycle-test").inputs.rules as { expiration: object }[];
    assert.deepEqual(rule?.expiration, { days: 365 });
  });
});

function selectorNames(rendered: Rendered): string[] {
  const selectors = rendered.get("trail-test").inputs.advancedEventSelectors;
  return (selectors as { name: string }[]).map(({ name }) => name);
}

function tls(bucketArn: unknown) {
  const everything = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
  };
  return {
    TlsOnly: { ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    Tls12OrNewer: { ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  };
}
