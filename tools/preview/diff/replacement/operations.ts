import type { ReplacementTable } from "./table";

/** Sources: the provider's schemas of aws_cloudformation_stack, aws_cloudtrail, aws_cloudwatch_* and aws_sns_*. */
export const OPERATIONS: ReplacementTable = {
  "aws:cloudformation/stack:Stack": {
    replaced: "disableRollback name onFailure timeoutInMinutes",
    inPlace: `
      capabilities iamRoleArn notificationArns parameters policyBody policyUrl templateBody
      templateUrl`,
  },
  "aws:cloudtrail/trail:Trail": {
    replaced: "name",
    inPlace: `
      advancedEventSelectors cloudWatchLogsGroupArn cloudWatchLogsRoleArn
      enableLogFileValidation enableLogging eventSelectors includeGlobalServiceEvents
      isMultiRegionTrail kmsKeyId s3BucketName s3KeyPrefix snsTopicName`,
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    replaced: "actionsEnabled alarmName",
    inPlace: `
      actionsSuppressor alarmActions alarmDescription alarmRule insufficientDataActions
      okActions`,
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    replaced: "dashboardName",
    inPlace: "dashboardBody",
  },
  "aws:cloudwatch/eventRule:EventRule": {
    replaced: "eventBusName name namePrefix",
    inPlace: "description eventPattern roleArn scheduleExpression state",
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    replaced: "eventBusName rule targetId",
    inPlace: "arn deadLetterConfig input inputPath inputTransformer retryPolicy roleArn",
  },
  "aws:cloudwatch/logDelivery:LogDelivery": {
    replaced: "deliveryDestinationArn deliverySourceName",
    inPlace: "fieldDelimiter recordFields s3DeliveryConfigurations",
  },
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": {
    replaced: "name",
    inPlace: "",
  },
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": {
    replaced: "name",
    inPlace: "",
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    replaced: "logGroupClass name namePrefix",
    inPlace: "kmsKeyId retentionInDays skipDestroy",
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    replaced: "policyName",
    inPlace: "policyDocument",
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    replaced: "name",
    inPlace: `
      actionsEnabled alarmActions alarmDescription comparisonOperator datapointsToAlarm
      dimensions evaluateLowSampleCountPercentiles evaluationPeriods extendedStatistic
      insufficientDataActions metricName metricQueries namespace okActions period statistic
      threshold thresholdMetricId treatMissingData unit`,
  },
  "aws:sns/topic:Topic": {
    replaced: "fifoTopic name namePrefix",
    inPlace: "deliveryPolicy displayName kmsMasterKeyId policy signatureVersion tracingConfig",
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    replaced: "arn",
    inPlace: "policy",
  },
};
