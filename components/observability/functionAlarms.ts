import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../common";
import { type AlarmArgs, createAlarm, over, under } from "./alarm";

/** A function that is watched. */
export interface WatchedFunction {
  /** `FunctionName` dimension of the metrics. */
  functionName: pulumi.Input<string>;
  /** What stands still while the function fails, for people, as a sentence. */
  consequence: string;
  /** Minutes between two wake-ups by its schedule, 1 to 480. @default it has no schedule */
  everyMinutes?: number;
}

export interface FunctionAlarmsArgs extends AlarmArgs {
  /** By a short name, such as `cutover`. */
  functions: { readonly [name: string]: WatchedFunction };
}

/** Whether the functions run, and do not fail. A function that does not run has no errors either. */
export class FunctionAlarms extends pulumi.ComponentResource {
  public readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: FunctionAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:FunctionAlarms", name, {}, opts);
    this.alarmArns = Object.entries(args.functions).flatMap(([what, watched]) =>
      createAlarms(what, watched, args, this).map(({ arn }) => arn),
    );
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

function createAlarms(
  what: string,
  { functionName, consequence, everyMinutes }: WatchedFunction,
  args: FunctionAlarmsArgs,
  parent: pulumi.Resource,
) {
  const watched = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName } };
  const nameOf = (kind: string) => resourceName(`${what}-function-${kind}`, args.environment);
  const counted = { ...watched, statistic: "Sum", period: 300, ...over(0, 1) };
  const errors = createAlarm(
    nameOf("errors"),
    {
      alarmDescription: `The ${what} function failed in the last 5 minutes; its log says why. ${consequence}`,
      ...counted,
      metricName: "Errors",
      treatMissingData: "notBreaching",
    },
    args,
    parent,
  );
  const throttles = createAlarm(
    nameOf("throttles"),
    {
      alarmDescription: `Lambda refused to run the ${what} function in the last 5 minutes: the account's concurrency is used up. Find what uses it, or raise the quota. ${consequence}`,
      ...counted,
      metricName: "Throttles",
      treatMissingData: "notBreaching",
    },
    args,
    parent,
  );
  if (everyMinutes === undefined) return [errors, throttles];
  const idle = createAlarm(
    nameOf("idle"),
    {
      alarmDescription: `The ${what} function was not woken three times in a row: its schedule or its permission is gone. ${consequence}`,
      ...watched,
      metricName: "Invocations",
      statistic: "Sum",
      period: everyMinutes * 60,
      ...under(1, 3),
      treatMissingData: "breaching",
    },
    args,
    parent,
  );
  return [errors, throttles, idle];
}
