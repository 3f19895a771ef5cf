import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, createServiceRole, type PolicyStatement, resourceName } from "../common";

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
    const { role, policy } = createRole(logGroup, args, this);
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
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs({});
  }
}

function createRole(
  logGroup: aws.cloudwatch.LogGroup,
  args: FlowLogsArgs,
  parent: pulumi.Resource,
) {
  const statements = logGroup.arn.apply((arn): PolicyStatement[] => [
    {
      Sid: "WriteFlowLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: [arn, `${arn}:*`],
    },
  ]);
  const { environment, tags, accountId } = args;
  const service = "vpc-flow-logs.amazonaws.com";
  const roleArgs = { environment, tags, service, forAccount: accountId, statements };
  return createServiceRole("flow-logs", roleArgs, parent);
}
