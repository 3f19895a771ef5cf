import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../common";
import { type AlarmArgs, anyRed } from "./alarm";
import { environmentAlarmName } from "./alarmNames";

export interface EnvironmentAlarmArgs extends AlarmArgs {
  /** Names of the alarms that make it red: those of the colors, and of the active replication. */
  alarmNames: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * The one alarm to page somebody for: red when payments are hurt, or when a switchover could not be
 * done. The others say why, and what will hurt later.
 */
export class EnvironmentAlarm extends pulumi.ComponentResource {
  public readonly alarmArn: pulumi.Output<string>;

  constructor(name: string, args: EnvironmentAlarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:EnvironmentAlarm", name, {}, opts);
    const { environment, tags, topicArn } = args;
    const alarm = new aws.cloudwatch.CompositeAlarm(
      resourceName("environment", environment),
      {
        alarmName: environmentAlarmName(environment),
        alarmDescription: `Payments in ${environment} are hurt, or could not be switched over: a color is in trouble, or replication is late or stopped. The dashboard payments-${environment} shows which.`,
        alarmRule: pulumi.output(args.alarmNames).apply(anyRed),
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags,
      },
      { parent: this },
    );
    this.alarmArn = alarm.arn;
    this.registerOutputs({ alarmArn: this.alarmArn });
  }
}
