import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color, otherColor } from "../../lambdas/cutover/contract";
import { resourceName } from "../common";
import { type AlarmArgs, type AlarmSettings, createAlarm, MEBIBYTE, over, under } from "./alarm";
import { DEFAULT_LIMITS } from "./limits";

export interface ReplicationAlarmsArgs extends AlarmArgs {
  /** `ReplicationInstanceIdentifier` dimension of the metrics: the name of the instance. */
  instanceId: pulumi.Input<string>;
  /**
   * By the color that a task reads from. `id` is the `ReplicationTaskIdentifier` dimension: the last
   * part of the task's ARN. With its name instead, an alarm would never see any data.
   */
  tasks: { readonly [source in Color]: { id: pulumi.Input<string> } };
  /** Seconds that a direction may lag behind. @default 60 */
  maxLagSeconds?: number;
}

/** Longer than it takes to restart a task, as the refresh of credentials does. */
const SILENT_MINUTES = 10;

/** What AWS DMS publishes for each direction, and where to look when it is too high. */
const LAGS = [
  {
    kind: "replication-source-lag",
    metricName: "CDCLatencySource",
    what: "read",
    advice: "Look at the load of the source and of the replication instance.",
  },
  {
    kind: "replication-target-lag",
    metricName: "CDCLatencyTarget",
    what: "written",
    advice: "Look at the load of the target, and at locks there.",
  },
] as const;

/**
 * Whether the second database keeps up with the first.
 *
 * Only one direction is active, and a switchover changes which: no setting of the program can tell.
 * So each direction's lag is judged while there is one (without data it is green, since an idle task
 * publishes nothing), and one more alarm is red when neither direction says anything: then the
 * active one has stopped, whichever it is. Were missing data red for the first writer's direction,
 * its alarm would stay red for good after the first switchover.
 */
export class ReplicationAlarms extends pulumi.ComponentResource {
  /** Names of the alarms that speak for the active direction. */
  public readonly lagAlarmNames: pulumi.Output<string>[];
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: ReplicationAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:ReplicationAlarms", name, {}, opts);
    const lags = COLORS.flatMap((source) => createLags(source, args, this));
    const silence = createSilence(args, this);
    const instance = createInstanceAlarms(args, this);
    this.lagAlarmNames = [silence, ...lags].map((alarm) => alarm.name);
    this.alarmArns = [silence, ...lags, ...instance].map(({ arn }) => arn);
    const { lagAlarmNames, alarmArns } = this;
    this.registerOutputs({ lagAlarmNames, alarmArns });
  }
}

function createLags(source: Color, args: ReplicationAlarmsArgs, parent: pulumi.Resource) {
  const { environment, maxLagSeconds = DEFAULT_LIMITS.maxLagSeconds } = args;
  const target = otherColor(source);
  return LAGS.map(({ kind, metricName, what, advice }) =>
    createAlarm(
      resourceName(kind, environment, source),
      {
        alarmDescription: `What ${source} commits is ${what} for ${target} more than ${maxLagSeconds} seconds late. ${advice} Until it is over, no switchover can be done.`,
        namespace: "AWS/DMS",
        metricName,
        dimensions: taskDimensions(source, args),
        statistic: "Maximum",
        period: 60,
        ...over(maxLagSeconds, 3),
        treatMissingData: "notBreaching",
      },
      args,
      parent,
    ),
  );
}

function createSilence(args: ReplicationAlarmsArgs, parent: pulumi.Resource) {
  const reading = (source: Color) => ({
    id: source,
    metric: {
      namespace: "AWS/DMS",
      metricName: "CDCLatencySource",
      dimensions: taskDimensions(source, args),
      period: 60,
      stat: "SampleCount",
    },
  });
  return createAlarm(
    resourceName("replication-silent", args.environment),
    {
      alarmDescription: `Neither direction of replication has said anything for ${SILENT_MINUTES} minutes: the active task has stopped. Its state and its log tell why; start it again before binary logs that it has not read expire. Expected before the first start, and while everything is loaded.`,
      metricQueries: [
        {
          id: "readings",
          label: "readings of either direction",
          // A sum of series has a datapoint wherever one of them has: no data means none of either.
          expression: "SUM([blue, green])",
          returnData: true,
        },
        ...COLORS.map(reading),
      ],
      ...under(1, SILENT_MINUTES),
      treatMissingData: "breaching",
    },
    args,
    parent,
  );
}

function taskDimensions(source: Color, { instanceId, tasks }: ReplicationAlarmsArgs) {
  return {
    ReplicationInstanceIdentifier: instanceId,
    ReplicationTaskIdentifier: tasks[source].id,
  };
}

/** What stops every task at once when it runs out. The instance has 100 GiB of storage. */
function createInstanceAlarms(
  args: ReplicationAlarmsArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm[] {
  const { environment, instanceId } = args;
  const watched = {
    namespace: "AWS/DMS",
    dimensions: { ReplicationInstanceIdentifier: instanceId },
  };
  const create = (kind: string, settings: AlarmSettings) =>
    createAlarm(
      resourceName(`replication-${kind}`, environment),
      { ...watched, period: 60, ...settings },
      args,
      parent,
    );
  return [
    create("cpu", {
      alarmDescription:
        "The replication instance has had no CPU to spare for 15 minutes, or says nothing at all: lag follows. Use a larger class, or look whether it still runs.",
      metricName: "CPUUtilization",
      statistic: "Average",
      ...over(80, 15),
      treatMissingData: "breaching",
    }),
    create("memory", {
      alarmDescription:
        "The replication instance runs out of memory: tasks then fail. Use a larger class, memory first.",
      metricName: "FreeableMemory",
      statistic: "Minimum",
      ...under(256 * MEBIBYTE, 5),
      treatMissingData: "missing",
    }),
    create("swap", {
      alarmDescription:
        "The replication instance swaps changes out to its disk: replication slows down. Look for long transactions on the source, or use a larger class.",
      metricName: "SwapUsage",
      statistic: "Maximum",
      ...over(256 * MEBIBYTE, 15),
      treatMissingData: "missing",
    }),
    create("storage", {
      alarmDescription:
        "Less than 10 GiB of the replication instance's storage are left: full, it stops every task. Changes that wait for the target pile up there; so do detailed logs.",
      metricName: "FreeStorageSpace",
      statistic: "Minimum",
      ...under(10 * 1024 * MEBIBYTE, 5),
      treatMissingData: "missing",
    }),
  ];
}
