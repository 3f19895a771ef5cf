import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, policyDocument, resourceName, trustPolicy } from "../common";

export interface FlowLogsArgs extends CommonArgs {
  vpcId: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** A record of every connection in the VPC, accepted or refused (PCI DSS 10.2.1, Security Hub EC2.6). */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:network:FlowLogs", name, {}, opts);
    const { environment, tags } = args;
    const logGroup = new aws.cloudwatch.LogGroup(
      resourceName("flow-logs", environment),
      { kmsKeyId: args.logsKeyArn, retentionInDays: args.logRetentionDays, tags },
      { parent: this },
    );
    const { role, permission } = createRole(logGroup, args, this);
    new aws.ec2.FlowLog(
      resourceName("vpc-flow-log", environment),
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        // The shortest that there is: an incident is measured in minutes.
        maxAggregationInterval: 60,
        logDestinationType: "cloud-watch-logs",
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        tags,
      },
      { parent: this, dependsOn: [permission] },
    );
    this.registerOutputs({});
  }
}

function createRole(
  logGroup: aws.cloudwatch.LogGroup,
  args: FlowLogsArgs,
  parent: pulumi.Resource,
) {
  const { environment, tags } = args;
  const role = new aws.iam.Role(
    resourceName("flow-logs-role", environment),
    {
      assumeRolePolicy: pulumi
        .output(args.accountId)
        .apply((accountId) => trustPolicy("vpc-flow-logs.amazonaws.com", accountId)),
      tags,
    },
    { parent },
  );
  const policy = logGroup.arn.apply((arn) =>
    policyDocument([
      {
        Sid: "WriteFlowLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [arn, `${arn}:*`],
      },
    ]),
  );
  const permission = new aws.iam.RolePolicy(
    resourceName("flow-logs-policy", environment),
    { role: role.id, policy },
    { parent },
  );
  return { role, permission };
}
