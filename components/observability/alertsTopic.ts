import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type CommonArgs, policyDocument, resourceName, topicStatements } from "../common";

export interface AlertsTopicArgs extends CommonArgs {
  messagingKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** Service principals that publish with credentials of their own; the key must admit them, too. */
  publishers: readonly string[];
}

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
        policyDocument(topicStatements(topicArn, accountId, publishers)),
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
