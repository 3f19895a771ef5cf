import type { PolicyStatement } from "../common";

/**
 * Refuses whoever comes without TLS, or with a version older than 1.2. All actions, because a
 * denial that names some is one that a new action walks past.
 */
export function tlsStatements(bucketArn: string): PolicyStatement[] {
  const everything = {
    Effect: "Deny" as const,
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
  };
  return [
    {
      Sid: "TlsOnly",
      ...everything,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "Tls12OrNewer",
      ...everything,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
  ];
}

/** Lets CloudTrail deliver this one trail's files into this account's folder (CloudTrail user guide). */
export function deliveryStatements(
  bucketArn: string,
  trailArn: string,
  accountId: string,
): PolicyStatement[] {
  const common = { Effect: "Allow" as const, Principal: { Service: "cloudtrail.amazonaws.com" } };
  return [
    {
      Sid: "CheckBucket",
      ...common,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "DeliverFiles",
      ...common,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: {
        StringEquals: {
          "aws:SourceArn": trailArn,
          "s3:x-amz-acl": "bucket-owner-full-control",
        },
      },
    },
  ];
}

/** Lets CloudTrail write its own streams of the log group, whose names AWS prescribes. */
export function logStatements(
  logGroupArn: string,
  accountId: string,
  region: string,
): PolicyStatement[] {
  return [
    {
      Sid: "WriteEvents",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logGroupArn}:log-stream:${accountId}_CloudTrail_${region}*`,
    },
  ];
}
