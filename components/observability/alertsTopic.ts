import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type CommonArgs,
  type PolicyStatement,
  policyDocument,
  resourceName,
  topicStatements,
} from "../common";

export interface AlertsTopicArgs extends CommonArgs {
  messagingKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** Service principals that publish with credentials of their own; the key must admit them, too. */
  publishers: readonly string[];
}

/** Does not say for which account it publishes: with a condition on that, nothing would get through. */
const EVENT_BRIDGE = "events.amazonaws.com";

/** Where AWS services tell people of what they should know: failed backups, failovers, failed stacks. */
export class AlertsTopic extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlertsTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:observability:AlertsTopic", name, {}, opts);
    const { environment, tags, publishers } = args;
    const topic = new aws.sns.Topic(
      resourceName("alerts-topic", environment),
      { kmsMasterKeyId: args.messagingKeyArn, tags },
      { parent: this },
    );
    const policy = pulumi
      .all([topic.arn, args.accountId])
      .apply(([topicArn, accountId]) =>
        policyDocument(alertsStatements(topicArn, accountId, publishers)),
      );
    new aws.sns.TopicPolicy(
      resourceName("alerts-topic-policy", environment),
      { arn: topic.arn, policy },
      { parent: this },
    );
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/**
 * As every topic's, but EventBridge is admitted without a condition (EventBridge user guide, on topic
 * policies). What that leaves open is that another account's rule may send a message here.
 */
function alertsStatements(
  topicArn: string,
  accountId: string,
  publishers: readonly string[],
): PolicyStatement[] {
  const named = publishers.filter((publisher) => publisher !== EVENT_BRIDGE);
  const statements = topicStatements(topicArn, accountId, named);
  if (named.length === publishers.length) return statements;
  const events: PolicyStatement = {
    Sid: "Events",
    Effect: "Allow",
    Principal: { Service: EVENT_BRIDGE },
    Action: "sns:Publish",
    Resource: topicArn,
  };
  return [...statements, events];
}
