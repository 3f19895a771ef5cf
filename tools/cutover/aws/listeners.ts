import type { Known } from "../../../lambdas/common/ports";
import { readBeside, readerSettings } from "./calls";

/** How many hear what the controller tells; whoever has not confirmed does not. The first hundred count. */
export function countListeners(topicArn: string): Promise<Known<number>> {
  const call = { permission: "sns:ListSubscriptionsByTopic", subject: `topic ${topicArn}` };
  return readBeside(call, async () => {
    const sns: typeof import("@aws-sdk/client-sns") = require("@aws-sdk/client-sns");
    const client = new sns.SNSClient(readerSettings());
    const command = new sns.ListSubscriptionsByTopicCommand({ TopicArn: topicArn });
    const { Subscriptions = [] } = await client.send(command);
    return Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith("arn:"))
      .length;
  });
}
