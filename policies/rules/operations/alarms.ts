import { must, when } from "../../core/messages";
import type { ResourceRule } from "../../core/rule";
import { at, isMissing, isObject, items, UNKNOWN, type Value } from "../../core/values";

const METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

/** What CloudWatch can take missing data for. */
const CHOICES: readonly Value[] = ["breaching", "notBreaching", "ignore", "missing"];

export const alarmsActionable: ResourceRule = {
  id: "alarms-actionable",
  title: "Every alarm tells somebody, and says what missing data means",
  severity: "mandatory-in-production",
  controls: {
    pci: ["10.4", "10.7"],
    checkov: ["CKV_AWS_319"],
    other: ["AWS Config CLOUDWATCH_ALARM_ACTION_CHECK"],
  },
  types: [METRIC_ALARM, COMPOSITE_ALARM],
  check: ({ type, properties }) => {
    const { alarmActions, actionsEnabled, treatMissingData } = properties;
    return [
      ...when(actionsEnabled === false, "actionsEnabled: got false, allowed: true. Leave it out."),
      ...must(
        alarmActions === UNKNOWN || items(alarmActions).length > 0,
        "alarmActions",
        alarmActions,
        "at least one",
        "Name the topic that tells people.",
      ),
      ...must(
        type === COMPOSITE_ALARM ||
          treatMissingData === UNKNOWN ||
          CHOICES.includes(treatMissingData),
        "treatMissingData",
        treatMissingData,
        CHOICES.join(", "),
        "Choose: without data, nobody knows whether all is well.",
      ),
    ];
  },
};

/** Metrics of a replication task, which AWS DMS publishes under two dimensions. */
const TASK_METRICS = /^(CDC|FullLoad)/;

export const replicationAlarmsHeard: ResourceRule = {
  id: "dms-alarm-dimensions",
  title:
    "Alarms on replication look at metrics that AWS DMS publishes: by instance, and by the end of the task's ARN",
  severity: "mandatory",
  controls: { other: ["AWS DMS user guide, monitoring: dimensions of task metrics"] },
  types: [METRIC_ALARM],
  check: ({ properties: { namespace, metricName, dimensions } }) => {
    if (namespace !== "AWS/DMS" || !isObject(dimensions)) return [];
    const task = at(dimensions, "ReplicationTaskIdentifier");
    const instance = at(dimensions, "ReplicationInstanceIdentifier");
    const ofTask = TASK_METRICS.test(String(metricName));
    return [
      ...must(
        !isMissing(instance),
        "dimensions.ReplicationInstanceIdentifier",
        instance,
        "the instance's name",
        "Set it.",
      ),
      ...must(
        !ofTask || (!isMissing(task) && !/-/.test(String(task))),
        "dimensions.ReplicationTaskIdentifier",
        task,
        "the last part of the task's ARN",
        "Set it: under the task's own name nothing is published.",
      ),
    ];
  },
};
