import * as pulumi from "@pulumi/pulumi";
import { METRICS } from "../../lambdas/switchover/contract";
import { resourceName } from "../common";
import { type AlarmArgs, createAlarm, over } from "./alarm";

/** How long replication may take to be turned round, in seconds. */
const LONGEST_SECONDS = 15 * 60;
/** Half of what a marker may take at a switchover, in milliseconds. */
const LATE_MILLISECONDS = 10_000;

/** Whether the writer could be moved: what the switchover function measures each minute. */
export class SwitchoverAlarms extends pulumi.ComponentResource {
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: AlarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:SwitchoverAlarms", name, {}, opts);
    const { environment } = args;
    const { namespace, unsettled, heartbeat } = METRICS;
    const measured = { namespace, dimensions: { Environment: environment }, period: 60 };
    const alarms = [
      createAlarm(
        resourceName("switchover-unsettled", environment),
        {
          alarmDescription: `A switchover has not come to rest for ${LONGEST_SECONDS / 60} minutes: until it does, the writer cannot be moved back. docs/runbook-switchover.md says what each phase waits for; the function's status tells the phase.`,
          ...measured,
          metricName: unsettled,
          statistic: "Maximum",
          ...over(LONGEST_SECONDS, 1),
          // That the function is silent is an alarm of its own.
          treatMissingData: "missing",
        },
        args,
        this,
      ),
      createAlarm(
        resourceName("switchover-heartbeat", environment),
        {
          alarmDescription: `What is written to one database has not come to the other within ${LATE_MILLISECONDS / 1000} seconds, or not at all, for 10 minutes. No switchover can start. Look at the replication task that reads the writer.`,
          ...measured,
          metricName: heartbeat,
          statistic: "Maximum",
          ...over(LATE_MILLISECONDS, 10),
          // One that has not arrived is not measured.
          treatMissingData: "breaching",
        },
        args,
        this,
      ),
    ];
    this.alarmArns = alarms.map(({ arn }) => arn);
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}
