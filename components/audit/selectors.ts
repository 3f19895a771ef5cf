import type * as aws from "@pulumi/aws";

/** What the trail records the use of, besides its own files. */
export interface RecordedData {
  /** Buckets whose objects are read and written. */
  bucketArns: readonly string[];
  /** DynamoDB tables, by their ARNs or how these begin. */
  tableArns: readonly string[];
  /** Lambda functions, by their ARNs or how these begin: a later layer adds the random end. */
  functionArns: readonly string[];
}

type Selector = aws.types.input.cloudtrail.TrailAdvancedEventSelector;
type Field = aws.types.input.cloudtrail.TrailAdvancedEventSelectorFieldSelector;

/**
 * What the trail records: every management event, the use of the data, and whoever reads or deletes
 * the trail's files (PCI DSS 10.2.1.3).
 *
 * Of its own bucket it leaves out that files are put there: each delivery would be an event, which is
 * delivered, which is an event. A file that somebody replaces shows in its versions and its signature.
 */
export function eventSelectors(trailBucketArn: string, data: RecordedData): Selector[] {
  const bucketArns = data.bucketArns.filter((arn) => arn !== trailBucketArn);
  return [
    {
      name: "Management events",
      fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
    },
    dataSelector("Use of the audit trail", "AWS::S3::Object", objectsOf([trailBucketArn]), [
      { field: "eventName", notEquals: ["PutObject"] },
    ]),
    ...some("Objects", "AWS::S3::Object", objectsOf(bucketArns)),
    ...some("Tables", "AWS::DynamoDB::Table", data.tableArns),
    ...some("Functions", "AWS::Lambda::Function", data.functionArns),
  ];
}

/** The slash ends the name: another bucket's may begin with it. */
function objectsOf(bucketArns: readonly string[]): string[] {
  return bucketArns.map((arn) => `${arn}/`);
}

/** CloudTrail refuses a selector that selects by nothing. */
function some(name: string, type: string, arns: readonly string[]): Selector[] {
  return arns.length === 0 ? [] : [dataSelector(name, type, arns)];
}

function dataSelector(
  name: string,
  type: string,
  arns: readonly string[],
  others: readonly Field[] = [],
): Selector {
  return {
    name,
    fieldSelectors: [
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: [type] },
      { field: "resources.ARN", startsWiths: [...arns] },
      ...others,
    ],
  };
}
