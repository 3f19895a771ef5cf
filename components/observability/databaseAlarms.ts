import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { resourceName } from "../common";
import { type AlarmArgs, type AlarmSettings, createAlarm, MEBIBYTE, over, under } from "./alarm";

export interface DatabaseAlarmsArgs extends AlarmArgs {
  /** `identifier` is the `DBClusterIdentifier` dimension of the metrics. */
  clusters: { readonly [color in Color]: { identifier: pulumi.Input<string> } };
  /** Instances in each cluster: a single one has no replica that could lag. */
  instancesPerCluster: number;
}

type Kind = "db-cpu" | "db-memory" | "db-deadlocks" | "db-replica-lag";

/**
 * What somebody has to do something about before payments fail. Both clusters: either may be the
 * one that takes writes, and the other has to keep up with it.
 *
 * There is none for connections: how many a cluster takes depends on its class, and what uses them
 * up shows as CPU, memory or failed payments. Failovers and failures come as events.
 */
export class DatabaseAlarms extends pulumi.ComponentResource {
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: DatabaseAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:DatabaseAlarms", name, {}, opts);
    const { environment, clusters, instancesPerCluster } = args;
    this.alarmArns = COLORS.flatMap((color) => {
      const dimensions = { DBClusterIdentifier: clusters[color].identifier };
      return Object.entries(settingsOf(color, instancesPerCluster > 1)).map(([kind, settings]) => {
        const watched = { namespace: "AWS/RDS", dimensions, period: 60 };
        const alarm = createAlarm(
          resourceName(kind, environment, color),
          { ...watched, ...settings },
          args,
          this,
        );
        return alarm.arn;
      });
    });
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

/** Over the instances of a cluster the highest, or lowest, counts: that is the one in trouble. */
function settingsOf(color: Color, hasReplicas: boolean): { [kind in Kind]?: AlarmSettings } {
  return {
    "db-cpu": {
      alarmDescription: `An instance of ${color}'s database has had no CPU to spare for 10 minutes, or none says anything. Payments wait for it next: see its slow queries, or give it a larger class.`,
      metricName: "CPUUtilization",
      statistic: "Maximum",
      ...over(80, 10),
      treatMissingData: "breaching",
    },
    "db-memory": {
      alarmDescription: `An instance of ${color}'s database is about to run out of memory, and Aurora to restart it. See which connections hold it, or give it a larger class.`,
      metricName: "FreeableMemory",
      statistic: "Minimum",
      ...under(256 * MEBIBYTE, 5),
      treatMissingData: "missing",
    },
    "db-deadlocks": {
      alarmDescription: `Transactions on ${color}'s database keep locking each other out, more than 6 a minute: payments fail or are repeated. New code that locks rows in another order does this.`,
      metricName: "Deadlocks",
      statistic: "Maximum",
      // AWS publishes a rate per second.
      ...over(0.1, 5),
      treatMissingData: "notBreaching",
    },
    ...(hasReplicas && {
      "db-replica-lag": {
        alarmDescription: `A replica of ${color}'s database is more than a second behind its writer: it serves old data, and a failover to it takes longer. See the load of the replicas.`,
        metricName: "AuroraReplicaLagMaximum",
        statistic: "Maximum",
        ...over(1000, 5),
        treatMissingData: "missing",
      },
    }),
  };
}
