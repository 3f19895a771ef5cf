import { type PolicyStatement, policyDocument } from "../common";

export interface LogDelivery {
  logGroupArns: string[];
  accountId: string;
  region: string;
}

/**
 * Resource policy of CloudWatch Logs that lets AWS's log delivery write to these groups, for this
 * account's own sources only. AWS would otherwise add to a policy of its own, for whoever sets up
 * the delivery and may change policies, and would leave it behind. An account has room for ten such
 * policies in each Region.
 */
export function logDeliveryPolicy(delivery: LogDelivery): string {
  return policyDocument([logDeliveryStatement(delivery)]);
}

function logDeliveryStatement({ logGroupArns, accountId, region }: LogDelivery): PolicyStatement {
  return {
    Sid: "LogDelivery",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: logGroupArns.map((arn) => `${arn}:log-stream:*`),
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
    },
  };
}
