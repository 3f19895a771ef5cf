import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Color } from "../../lambdas/cutover/contract";
import type { Environment } from "./environment";
import { TABLE } from "./resources";

/** What people and other programs do to the things that the controller depends on. */

/** A target group of somebody else's. */
export async function foreignGroup({ aws }: Environment): Promise<string> {
  const command = new elb.CreateTargetGroupCommand({ Name: "foreign", TargetType: "lambda" });
  return (await aws.elb.send(command)).TargetGroups?.[0]?.TargetGroupArn ?? "";
}

/** Lets the rule forward to these groups, with equal weights. */
export async function forwardTo({ aws, ruleArn }: Environment, groups: string[]): Promise<void> {
  const TargetGroups = groups.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 50 }));
  const Actions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups } }];
  await aws.elb.send(new elb.ModifyRuleCommand({ RuleArn: ruleArn, Actions }));
}

export async function answerFixed({ aws, ruleArn }: Environment): Promise<void> {
  const FixedResponseConfig = { StatusCode: "503" };
  const Actions = [{ Type: "fixed-response" as const, FixedResponseConfig }];
  await aws.elb.send(new elb.ModifyRuleCommand({ RuleArn: ruleArn, Actions }));
}

export async function deleteRule({ aws, ruleArn }: Environment): Promise<void> {
  await aws.elb.send(new elb.DeleteRuleCommand({ RuleArn: ruleArn }));
}

export async function deregister(environment: Environment, color: Color): Promise<void> {
  const TargetGroupArn = environment.targetGroupArns[color];
  const { TargetHealthDescriptions } = await environment.aws.elb.send(
    new elb.DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  const Targets = (TargetHealthDescriptions ?? []).map(({ Target }) => ({ Id: Target?.Id }));
  const command = new elb.DeregisterTargetsCommand({ TargetGroupArn, Targets });
  await environment.aws.elb.send(command);
}

export async function deleteAlarm({ aws }: Environment, name: string): Promise<void> {
  await aws.cloudwatch.send(new cloudwatch.DeleteAlarmsCommand({ AlarmNames: [name] }));
}

export async function deleteTable({ aws }: Environment): Promise<void> {
  await aws.dynamodb.send(new dynamodb.DeleteTableCommand({ TableName: TABLE }));
}
